import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reservedBytes } from '../../contract/disk-order.ts'
import { VistterError } from '../../contract/errors.ts'
import type { Recording as PlannedRecording, RecordingState } from '../../contract/generated/engine.v1.ts'
import type { Recording, RecordingStart, RecordingStop, RecordingUpload } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { Turns } from '../../lib/turns.ts'
import { type Operations, operation, type Recorder, type Shelf, type Stored } from '../ports.ts'
import { evict, grown, type Limits } from './evict.ts'
import { weigh } from './pieces.ts'
import { nameOf, type RecordingBody } from './recording.ts'
import type { Finished } from './upload/finished.ts'

type Kept = Stored<RecordingBody>

interface Deps {
  shelf: Shelf<RecordingBody>
  clock: Clock
  /** Each recording has a folder of its own in it. */
  folder: string
  stateOf(id: string): RecordingState | undefined
  /** Whether a wire leads from this program to a recorder. */
  wired(program: string): boolean
  /** Throws ENCODER_TOO_HEAVY where a recording would need an encoder of its own that this machine cannot hold. */
  admit(program: string): void
  settings(): { quotaGb: number; keepDays: number }
  /** Where recordings are brought to. */
  uploads: {
    of(recording: { id: string; pieces: number }): RecordingUpload | undefined
    isUploaded(id: string): boolean
    forget(id: string): Promise<void>
  }
  changed(): Promise<void>
  record: Recorder
}

/** The most (bytes) that a recording leaves free for the show: its database, logs and overlays. */
const RESERVE = reservedBytes(Number.POSITIVE_INFINITY)

const MAIN = 'main'
const SYSTEM = 'the appliance'
const DAY = 86_400_000

/** What is recorded, and what was. The engine writes the pieces; here stands what they belong to. */
export class Recordings {
  /** Of each program: what starts, stops or goes on decides by what runs, so it is done one after another. */
  private readonly turns = new Turns()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Newest first. */
  list(): Recording[] {
    return this.deps.shelf
      .list()
      .map(recording => this.shown(recording))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
  }

  /** What the engine should be recording. */
  planned(): Omit<PlannedRecording, 'encoder'>[] {
    return this.running().map(({ id, body }) => {
      return { id, name: nameOf(body), program: body.program, folder: this.folderOf(id), reserveBytes: RESERVE }
    })
  }

  /** What may be uploaded, oldest first. */
  finished(): Finished[] {
    return this.deps.shelf
      .list()
      .flatMap(({ id, body }) => {
        const { program, startedAt, endedAt, pieces } = body
        return endedAt !== undefined && pieces > 0
          ? [{ id, name: nameOf(body), program, startedAt, endedAt, pieces, folder: this.folderOf(id) }]
          : []
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  operations(): Operations {
    return {
      listRecordings: operation<undefined, { limit: number; before?: string }>(({ query: { limit, before } }) =>
        this.list()
          .filter(({ id }) => before === undefined || id < before)
          .slice(0, limit),
      ),
      getRecording: operation(({ params }) => this.get(params.id)),
      startRecording: operation<RecordingStart | undefined>(({ body, actor }) => this.start(body ?? {}, actor.name)),
      stopRecording: operation<RecordingStop | undefined>(({ body, actor }) => this.stop(body ?? {}, actor.name)),
      removeRecording: operation(({ params, actor }) => this.remove(params.id, actor.name)),
    }
  }

  /** Keeps quota and age: the oldest go first, and what grows for ever goes on as a new one. */
  async tidy(): Promise<void> {
    await this.settle()
    const limits = this.limits()
    for (const id of grown(this.weighed(), limits)) {
      const { program } = this.stored(id).body
      await this.turns.run(program, () => this.renew(id))
    }
    for (const id of evict(this.weighed(), limits, this.deps.clock.now())) {
      const { body } = this.stored(id)
      const { pieces } = body
      const upload = this.deps.uploads.of({ id, pieces })
      const lost = upload !== undefined && upload.status !== 'uploaded'
      await this.discard(id)
      const message = `Recording ${nameOf(body)} was deleted${lost ? ' before it was uploaded' : ''}: the oldest make room within the quota and the days kept.`
      this.deps.record({
        type: 'recording.evicted',
        severity: lost ? 'warning' : 'info',
        message,
        data: { recording: id },
      })
    }
  }

  /** Idempotent: a program that is being recorded goes on being recorded. */
  private start({ program = MAIN, name }: RecordingStart, actor: string): Promise<Recording> {
    return this.turns.run(program, async () => {
      if (!this.deps.wired(program)) throw notWired(program)
      const [present] = this.running(program)
      if (present) return this.get(present.id)
      this.deps.admit(program)
      const id = await this.begin(program, name, this.deps.clock.now(), actor)
      await this.deps.changed()
      return this.get(id)
    })
  }

  private stop({ program = MAIN }: RecordingStop, actor: string): Promise<Recording> {
    return this.turns.run(program, async () => {
      // Two, when control was killed while one went on as the other.
      const present = this.running(program)
      const [last] = present.slice(-1)
      if (!last) throw new VistterError('CONFLICT', `The program ${program} is not being recorded.`)
      for (const { id } of present) await this.end(id, this.deps.clock.now(), 'It was stopped', actor)
      for (const { id } of present) await this.follow(id)
      return this.get(last.id)
    })
  }

  /** The new one is there before the old one ends, and the engine hears of both at once: no hole, and the same encoder. */
  private async renew(id: string): Promise<void> {
    const { program, name, endedAt } = this.stored(id).body
    if (endedAt !== undefined) return
    const now = this.deps.clock.now()
    await this.begin(program, name, now, SYSTEM)
    await this.end(id, now, 'It goes on as a new one, so that old ones can make room', SYSTEM)
    await this.follow(id)
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    if (body.endedAt === undefined)
      throw new VistterError('CONFLICT', `${nameOf(body)} is still being recorded: stop it first.`)
    await this.discard(known)
    this.note('recording.removed', known, `Recording ${nameOf(body)} was deleted.`, actor)
  }

  private async begin(program: string, name: string | undefined, startedAt: number, actor: string): Promise<string> {
    const id = newId()
    const body = { program, ...(name !== undefined && { name }), startedAt, bytes: 0, pieces: 0 }
    await this.deps.shelf.write(id, () => ({ body }))
    this.note('recording.started', id, `Recording ${nameOf(body)} was started.`, actor)
    return id
  }

  private async end(id: string, endedAt: number, why: string, actor: string): Promise<void> {
    const name = nameOf(this.stored(id).body)
    await this.amend(id, { endedAt })
    this.note('recording.ended', id, `Recording ${name} ended. ${why}.`, actor)
  }

  /** Once the engine has followed its end, the last piece is closed and its size is final. */
  private async follow(id: string): Promise<void> {
    await this.deps.changed()
    await this.amend(id, await weigh(this.folderOf(id)))
    await this.deps.changed()
  }

  /** Weighs what had no time to be weighed: control was killed in the moment of its end. */
  private async settle(): Promise<void> {
    for (const { id, body } of this.deps.shelf.list()) {
      if (body.endedAt === undefined || body.pieces > 0) continue
      const weight = await weigh(this.folderOf(id))
      if (weight.pieces > 0) await this.amend(id, weight)
    }
  }

  /** What was deleted meanwhile stays deleted. */
  private async amend(id: string, more: Partial<RecordingBody>): Promise<void> {
    const gone = missing(id)
    const change = (present: Kept | undefined) => {
      if (!present) throw gone
      return { body: { ...present.body, ...more } }
    }
    await this.deps.shelf.write(id, change).catch(error => {
      if (error !== gone) throw error
    })
  }

  /** Deletes it with its files. */
  async discard(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true })
    await this.deps.shelf.remove(id)
    await this.deps.uploads.forget(id)
    await this.deps.changed()
  }

  private weighed() {
    return this.deps.shelf.list().map(({ id, body }) => {
      return { ...body, id, bytes: this.sizeOf({ id, body }).bytes, uploaded: this.deps.uploads.isUploaded(id) }
    })
  }

  private limits(): Limits {
    const { quotaGb, keepDays } = this.deps.settings()
    return { quotaBytes: quotaGb * 1e9, keepMs: keepDays === 0 ? Number.POSITIVE_INFINITY : keepDays * DAY }
  }

  /** While it runs, as the engine says. */
  private sizeOf({ id, body }: Pick<Kept, 'id' | 'body'>): { bytes: number; pieces: number } {
    return (body.endedAt === undefined ? this.deps.stateOf(id) : undefined) ?? body
  }

  private running(program?: string): Kept[] {
    const all = this.deps.shelf.list().filter(({ body }) => body.endedAt === undefined)
    return program === undefined ? all : all.filter(({ body }) => body.program === program)
  }

  private shown({ id, body }: Kept): Recording {
    const { program, startedAt, endedAt } = body
    const live = endedAt === undefined ? this.deps.stateOf(id) : undefined
    const { bytes, pieces } = this.sizeOf({ id, body })
    const ended = endedAt === undefined ? null : rfc3339(endedAt)
    const upload = endedAt === undefined ? undefined : this.deps.uploads.of({ id, pieces })
    return {
      id,
      program,
      name: nameOf(body),
      startedAt: rfc3339(startedAt),
      endedAt: ended,
      bytes,
      pieces,
      state: this.state(body, live),
      ...(upload && { upload }),
    }
  }

  private state({ endedAt, program }: RecordingBody, live: RecordingState | undefined): Recording['state'] {
    if (endedAt !== undefined) return { status: 'done' }
    if (!this.deps.wired(program)) return { status: 'waiting', error: notWired(program).fault }
    if (!live) return { status: 'starting' }
    const { status, error } = live
    return { status, ...(error && { error }) }
  }

  private get(id: string | undefined): Recording {
    return this.shown(this.stored(id))
  }

  private stored(id: string | undefined): Kept {
    const recording = this.deps.shelf.find(id ?? '')
    if (!recording) throw missing(id)
    return recording
  }

  private folderOf(id: string): string {
    return join(this.deps.folder, id)
  }

  private note(type: string, recording: string, message: string, actor: string): void {
    this.deps.record({ type, severity: 'info', message, actor, data: { recording } })
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no recording ${id}.`)

const notWired = (program: string) =>
  new VistterError('NOT_WIRED', `In the flow, no wire leads from the program ${program} to a recorder.`)
