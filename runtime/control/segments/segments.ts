import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { PreviewStart, Segment } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import { roomOf } from '../../lib/disk.ts'
import { Turns } from '../../lib/turns.ts'
import {
  type Actor,
  type Operations,
  operation,
  type Recorder,
  type Shelf,
  type ShowTime,
  type Stored,
} from '../ports.ts'
import { Installation } from './installation.ts'
import { type Intake, intake } from './intake.ts'
import { RemovableMedia } from './media.ts'
import type { AddressedCamera } from './older/camera-at.ts'
import { LIMITS } from './package/limits.ts'
import type { Trust } from './package/signature.ts'
import { type FileKeeper, keepFiles, restoreFile } from './packed-files.ts'
import type { QueueBody } from './queue/entry.ts'
import type { Material } from './queue/layout.ts'
import { SegmentsInTurn } from './queue/queue.ts'
import { isNewer, type SegmentBody, shownSegment } from './segment.ts'
import { type Origin, SegmentLog } from './segment-log.ts'
import { Stage } from './stage.ts'

interface Deps {
  shelf: Shelf<SegmentBody>
  queue: Shelf<QueueBody>
  /** Where packages are kept, and where those that arrive are put first. */
  folder: string
  clock: Clock
  /** By which shows are counted. */
  time: ShowTime
  /** Of all parts: segments are installed by the same operations, with the same checks, as by people. */
  operations(): Operations
  settings(): Trust & { mediaFolder: string }
  cameras: { list(): readonly AddressedCamera[] }
  assets: FileKeeper
  record: Recorder
  /** What people see of the queue may have changed. */
  touched(): void
}

/** As many as anyone needs, and no flood. */
const MOST = 500
/** So much of the disk is left to everything else (bytes). */
const SPARE = 1_000_000_000
/** Whoever has put the medium in. */
const MEDIA: Actor = { kind: 'system', name: 'removable media', role: 'operator' }

/** Segments that are kept here. Each is a timeline and overlays like any others, so whatever runs those runs segments. */
export class Segments {
  private readonly turns = new Turns()
  private readonly stage: Stage
  private readonly log: SegmentLog
  private readonly media: RemovableMedia
  readonly queue: SegmentsInTurn
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.stage = new Stage(() => deps.operations(), deps.time)
    const { time, record } = deps
    this.log = new SegmentLog(record)
    this.queue = new SegmentsInTurn({
      ...{ shelf: deps.queue, stage: this.stage, clock: time, record },
      nameOf: segment => this.stored(segment).body.name,
      material: (segment, actor) => this.material(segment, actor),
      touched: () => deps.touched(),
    })
    this.media = new RemovableMedia({
      folder: () => deps.settings().mediaFolder,
      incoming: this.incoming,
      take: (file, name) => this.take(file, { source: 'media', name, actor: MEDIA }),
      record,
    })
  }

  /** Where files that arrive are put; they are gone with the next start. */
  get incoming(): string {
    return join(this.deps.folder, 'incoming')
  }

  start(): void {
    rmSync(this.incoming, { recursive: true, force: true })
    mkdirSync(this.incoming, { recursive: true, mode: 0o750 })
    const kept = new Set(this.deps.shelf.list().map(({ body }) => `${body.sha256}.vseg`))
    for (const name of readdirSync(this.deps.folder))
      if (name.endsWith('.vseg') && !kept.has(name)) rmSync(join(this.deps.folder, name), { force: true })
    this.media.start()
    this.queue.start()
  }

  stop(): void {
    this.queue.stop()
    this.media.stop()
  }

  operations(): Operations {
    return {
      listSegments: operation(() => this.list()),
      getSegment: operation(({ params }) => shownSegment(this.stored(params.id))),
      addSegment: operation<{ package: string }>(({ body, actor }) =>
        this.take(body.package, { source: 'upload', name: 'that was uploaded', actor }),
      ),
      removeSegment: operation(({ params, actor }) => this.turn(() => this.remove(params.id, actor))),
      previewSegment: operation<PreviewStart | undefined>(async ({ params, body, actor }) => {
        const { timeline } = await this.material(params.id ?? '', actor)
        return this.stage.previewTimeline(timeline.id, body ?? {}, actor)
      }),
      ...this.queue.operations(),
    }
  }

  list(): Segment[] {
    return this.deps.shelf
      .list()
      .toSorted((a, b) => b.body.addedAt - a.body.addedAt)
      .map(shownSegment)
  }

  /** What people may follow of it. */
  followed() {
    return { segment: () => this.list(), queue: () => [this.queue.shown()] }
  }

  /** Files that must stay, because the network may not bring them again. */
  needed(): (SegmentBody['files'][number] & { version: string | number })[] {
    return this.deps.shelf.list().flatMap(({ body }) => body.files.map(file => ({ ...file, version: body.version })))
  }

  holds(sha256: string): boolean {
    return this.deps.shelf.list().some(({ body }) => body.files.some(file => file.sha256 === sha256))
  }

  /** Keeps a file that came with a segment once more, from its package. Throws where that is spoilt, too. */
  async restore(sha256: string): Promise<void> {
    for (const { body } of this.deps.shelf.list()) {
      const file = body.files.find(each => each.sha256 === sha256)
      if (file) return restoreFile(this.fileOf(body.sha256), file, this.deps.assets)
    }
  }

  /** The segment that an overlay came with. */
  ofOverlay(overlay: string): { id: string; version: string } | null {
    const found = this.deps.shelf.list().find(({ body }) => body.overlays.includes(overlay))
    return found ? { id: found.id, version: String(found.body.version) } : null
  }

  /** Takes what is in `file`, as a whole or not at all; the file is moved, or left to whoever brought it. */
  take(file: string, origin: Origin): Promise<Segment> {
    return this.turn(async () => {
      try {
        return shownSegment(await this.import(file, origin))
      } catch (error) {
        this.log.rejected(asVistterError(error), origin)
        throw error
      }
    })
  }

  private async import(file: string, origin: Origin): Promise<Stored<SegmentBody>> {
    const { clock, settings, cameras, folder } = this.deps
    const { size: bytes } = await stat(file)
    if ((await roomOf(folder)).free < bytes + SPARE)
      throw new VistterError('STORAGE_LOW', 'There is no room on the disk for this segment.')
    const sha256 = await checksumOf(file)
    const known = this.deps.shelf.list().find(({ body }) => body.sha256 === sha256)
    if (known) return known
    const opened = await intake(file, { trust: settings(), limits: LIMITS, cameras: cameras.list() })
    try {
      const { segment, timeline, overlays, signed, notes } = opened.contents
      const present = this.deps.shelf.find(segment.id)
      if (present && origin.source === 'media' && !isNewer(segment.version, present.body.version)) return present
      await this.admit(segment.name, present, origin.actor)
      const files = await keepFiles(opened, this.deps.assets)
      const { id, version, name, duration } = segment
      const body = {
        ...{ version, name, duration, sha256, bytes, source: origin.source, signed, notes, files },
        ...{ addedAt: clock.now(), addedBy: origin.actor.name, score: timeline },
        overlays: overlays.map(overlay => overlay.id),
      }
      await rename(file, this.fileOf(sha256))
      const kept = await this.install(id, body, overlays, present, origin.actor)
      this.log.taken(kept, present, origin)
      return kept
    } finally {
      opened.close()
    }
  }

  private async admit(name: string, present: Stored<SegmentBody> | undefined, actor: Actor): Promise<void> {
    if (present) return this.notRunning(present, actor)
    if (this.deps.shelf.list().length >= MOST)
      throw new VistterError('CONFLICT', `There are ${MOST} segments: delete some before ${name} is added.`)
  }

  private async notRunning({ id, body: { timeline, name } }: Stored<SegmentBody>, actor: Actor): Promise<void> {
    const status = (await this.stage.timeline(timeline, actor))?.state.status ?? 'idle'
    if (status !== 'idle' || this.queue.isPlaying(id))
      throw new VistterError('CONFLICT', `${name} is running: stop it first.`)
  }

  private async install(
    id: string,
    body: Omit<SegmentBody, 'timeline'>,
    overlays: Intake['contents']['overlays'],
    present: Stored<SegmentBody> | undefined,
    actor: Actor,
  ): Promise<Stored<SegmentBody>> {
    const { deps } = this
    const installation = new Installation(this.stage, actor)
    try {
      const timeline = await installation.timeline(body.score, present?.body)
      for (const { id: overlay, source } of overlays) await installation.overlay(overlay, source)
      await deps.shelf.write(id, () => ({ body: { ...body, timeline } }))
    } catch (error) {
      await installation.undo()
      if (present?.body.sha256 !== body.sha256) await rm(this.fileOf(body.sha256), { force: true })
      throw error
    }
    const gone = present?.body.overlays.filter(overlay => !body.overlays.includes(overlay)) ?? []
    await this.uninstall({ overlays: gone }, actor)
    if (present && present.body.sha256 !== body.sha256) await rm(this.fileOf(present.body.sha256), { force: true })
    return this.stored(id)
  }

  private async uninstall({ timeline, overlays }: { timeline?: string; overlays: readonly string[] }, actor: Actor) {
    if (timeline !== undefined) await this.stage.removeTimeline(timeline, actor)
    for (const overlay of overlays) await this.stage.removeOverlay(overlay, actor)
  }

  private async remove(id: string | undefined, actor: Actor): Promise<void> {
    const segment = this.stored(id)
    await this.notRunning(segment, actor)
    await this.uninstall(segment.body, actor)
    await this.deps.shelf.remove(segment.id)
    await rm(this.fileOf(segment.body.sha256), { force: true })
    this.log.note('segment.removed', segment, `The segment ${segment.body.name} was deleted.`, actor.name)
  }

  private async material(id: string, actor: Actor): Promise<Material> {
    const { stage } = this
    const segment = this.stored(id)
    const { body } = segment
    const there = await stage.timeline(body.timeline, actor)
    if (there) return { duration: body.duration, timeline: there }
    // Somebody has deleted its timeline.
    return this.turn(async () => {
      const timeline = await stage.putTimeline(undefined, body.score, actor)
      await this.deps.shelf.write(segment.id, present => ({ body: { ...(present?.body ?? body), timeline } }))
      const put = await stage.timeline(timeline, actor)
      if (!put) throw new VistterError('NOT_FOUND', `The timeline of ${body.name} was deleted.`)
      return { duration: body.duration, timeline: put }
    })
  }

  private turn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run('segments', work)
  }

  private fileOf(sha256: string): string {
    return join(this.deps.folder, `${sha256}.vseg`)
  }

  private stored(id: string | undefined): Stored<SegmentBody> {
    const segment = this.deps.shelf.find(id ?? '')
    if (!segment) throw new VistterError('NOT_FOUND', `There is no segment ${id}.`)
    return segment
  }
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
