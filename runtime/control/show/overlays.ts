import { VistterError } from '../../contract/errors.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import type {
  AssetReadiness,
  OclAccepted,
  OverlaySummary,
  PlayRequest,
  StopRequest,
} from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import { validateOcl } from '../../ocl/index.ts'
import { type Operations, operation, type Recorder, type Shelf, type ShowTime, type Stored } from '../ports.ts'
import { Alarm } from './alarm.ts'
import { inStep } from './drift.ts'
import { accepted, refusal } from './overlay-answer.ts'
import { overlayFacts } from './overlay-facts.ts'
import type { Beginning, Ending, OverlayBody, Play } from './overlay-play.ts'
import { countedBy, ending, lasts, playOf, playsOn, shownCourse, withCourse, withPlay } from './overlay-play.ts'
import { Waits } from './waits.ts'

interface Deps {
  shelf: Shelf<OverlayBody>
  clock: ShowTime
  assets: {
    /** Local file of each asset that is here. */
    here(document: OclDocument): Record<string, string>
    /** Resolves once all that can be had is here; a failure is an event, not an error. Bounded. */
    fetch(document: OclDocument): Promise<void>
    /** Whether a file of it is on its way. */
    coming(document: OclDocument): boolean
    /** How far each asset is. */
    readiness(document: OclDocument): AssetReadiness[]
  }
  wired(overlay: string): boolean
  /** Of the program. */
  fps(): number
  changed(): Promise<void>
  record: Recorder
}

/** `strict`: refuse what this release does not know instead of leaving it out. */
interface Strictness {
  strict: boolean
}

/** The overlays: stored, played and stopped here; drawn by the engine. */
export class Overlays {
  private readonly checked = new WeakMap<object, ReturnType<typeof validateOcl>>()
  readonly waits: Waits
  private readonly turn: Alarm
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.turn = new Alarm(deps.clock, () => void this.follow())
    const documentOf = (document: Record<string, unknown>) => {
      const check = this.check(document)
      return check.ok ? check.document : undefined
    }
    this.waits = new Waits({ ...deps, documentOf })
  }

  start(): void {
    this.awaitTurn()
  }

  stop(): void {
    this.turn.stop()
  }

  list(): OverlaySummary[] {
    return this.kept().map(overlay => this.shown(overlay))
  }

  has(id: string): boolean {
    return this.deps.shelf.find(id) !== undefined
  }

  isPlaying(id: string): boolean {
    return this.kept().some(overlay => overlay.id === id && overlay.body.playing)
  }

  /** Whether it plays that scene at a moment (UTC ms), and has something to show after it. */
  playsOn(id: string, scene: string | undefined, at: number): boolean {
    return playsOn(this.deps.shelf.find(id)?.body ?? {}, scene, at, ms => this.lasts(id, ms))
  }

  /** Whether it has something to show when it has been playing for so long (ms). */
  lasts(id: string, ms: number): boolean {
    const check = this.check(this.deps.shelf.find(id)?.body.document ?? {})
    return check.ok && lasts(check.document, ms)
  }

  /** For the engine: documents without what this release does not know. */
  planned() {
    return this.kept().flatMap(({ id, body: { document, playing, following } }) => {
      const check = this.check(document)
      // One that does not play yet can wait for its files: the engine would only say that they are missing.
      if (!check.ok || (!playing && this.deps.assets.coming(check.document))) return []
      const assets = this.deps.assets.here(check.document)
      const course = { ...(playing && { playing }), ...(following && { following }) }
      return [{ id, document: { ...check.document }, assets, ...course }]
    })
  }

  /** Those that can be shown, as documents. */
  documents() {
    return this.kept().flatMap(({ id, body: { document, playing } }) => {
      const check = this.check(document)
      return check.ok ? [{ id, document: check.document, ...(playing && { playing }) }] : []
    })
  }

  /** One of them with what of its files is here. Throws NOT_FOUND, or as a PUT of it would. */
  drawable(id: string) {
    const check = this.check(this.stored(id).body.document)
    if (!check.ok) throw refusal(check.errors)
    return { id, document: check.document, assets: this.deps.assets.here(check.document) }
  }

  operations(): Operations {
    return {
      listOverlays: operation(() => this.list()),
      getOverlay: operation(({ params }) => this.stored(params.id).body.document),
      putOverlay: operation<Record<string, unknown>, Strictness>(({ params, body, query, actor }) =>
        this.put(params.id ?? '', body, query.strict, actor.name),
      ),
      removeOverlay: operation(({ params, actor }) => this.remove(params.id, actor.name)),
      playOverlay: operation<PlayRequest | undefined>(({ params, body, actor }) =>
        this.play(params.id, countedBy(this.deps.clock, body ?? {}), actor.name),
      ),
      stopOverlay: operation<StopRequest | undefined>(({ params, body, actor }) =>
        this.halt(params.id, actor.name, countedBy(this.deps.clock, body ?? {})),
      ),
      validateOcl: operation<unknown, Strictness>(({ body, query }) => accepted(validateOcl(body, query))),
    }
  }

  private async put(
    id: string,
    document: Record<string, unknown>,
    strict: boolean,
    actor: string,
  ): Promise<OclAccepted> {
    const check = strict ? validateOcl(document, { strict }) : this.check(document)
    const answer = accepted(check)
    const { clock } = this.deps
    const updatedAt = clock.told(clock.now())
    // One on air is replaced only when its pictures are here: a hole on air is worse than a moment's delay.
    if (check.ok) {
      const fetched = this.deps.assets.fetch(check.document)
      if (this.deps.shelf.find(id)?.body.playing) await fetched
    }
    await this.deps.shelf.write(id, present => ({ body: { ...present?.body, document, updatedAt } }))
    this.note('overlay.stored', id, `Overlay ${id} was stored.`, actor)
    await this.deps.changed()
    return answer
  }

  async play(id: string | undefined, request: PlayRequest & Beginning, actor: string): Promise<OverlaySummary> {
    const { scene, position, endsAt } = request
    const overlay = this.stored(id)
    const check = this.check(overlay.body.document)
    if (!check.ok) throw refusal(check.errors)
    if (scene !== undefined && !check.document.scenes.some(({ id }) => id === scene))
      throw new VistterError('UNKNOWN_REFERENCE', `Overlay ${overlay.id} has no scene ${scene}.`)
    if (!this.deps.wired(overlay.id))
      throw new VistterError('NOT_WIRED', `In the flow, overlay ${overlay.id} is on no wire to a destination.`)
    await this.deps.assets.fetch(check.document)
    // One of now begins once the engine has drawn it: the first drawing after a start takes longer than any fair lead.
    if (request.at === undefined && position === undefined) await this.deps.changed()
    if (request.leg?.aborted) return this.shown(this.stored(id))
    const told = playOf(request, this.deps.clock.now())
    const { playing } = this.stored(id).body
    const play = position === undefined ? told : inStep(playing, told, 1_000 / this.deps.fps())
    if (play === playing) {
      if (endsAt !== playing.endsAt && request.cued) await this.prolong(overlay.id, endsAt)
      return this.shown(this.stored(id))
    }
    const reached = this.waits.known(check.document)
    await this.setPlay(overlay.id, { ...play, ...(reached && { reached }) }, request)
    this.note('overlay.played', overlay.id, `Overlay ${overlay.id} was put on air.`, actor)
    await this.deps.changed()
    return this.shown(this.stored(id))
  }

  /** `at` (RFC 3339) in the future: it plays until then. */
  async halt(id: string | undefined, actor: string, when: Ending = {}): Promise<OverlaySummary> {
    const overlay = this.stored(id)
    if (overlay.body.playing) {
      await this.setPlay(overlay.id, undefined, when)
      this.note('overlay.stopped', overlay.id, `Overlay ${overlay.id} was taken off the air.`, actor)
      await this.deps.changed()
    }
    return this.shown(this.stored(id))
  }

  /** The play that ends then (UTC ms) is over, and called on air no more. What was begun in its place, or follows it, stays. */
  async end(id: string, endsAt: number, actor: string): Promise<void> {
    const now = this.deps.clock.now()
    let isOver = false
    await this.deps.shelf.write(id, present => {
      if (!present) throw missing(id)
      const { playing, following, ...body } = withCourse(present.body, now)
      isOver = playing?.endsAt === endsAt && !following
      return { body: isOver ? body : present.body }
    })
    if (!isOver) return
    this.note('overlay.stopped', id, `Overlay ${id} was taken off the air.`, actor)
    await this.deps.changed()
  }

  /** `endsAt` (UTC ms): when one that plays is over; without it when it is stopped. */
  async prolong(id: string, endsAt: number | undefined): Promise<void> {
    if (!this.isPlaying(id)) return
    await this.deps.shelf.write(id, present => ({ body: ending((present ?? this.stored(id)).body, endsAt) }))
    await this.deps.changed()
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const overlay = this.stored(id)
    await this.deps.shelf.remove(overlay.id)
    this.note('overlay.removed', overlay.id, `Overlay ${overlay.id} was deleted.`, actor)
    await this.deps.changed()
  }

  private async setPlay(id: string, play: Play | undefined, request: PlayRequest & Beginning) {
    const now = this.deps.clock.now()
    await this.deps.shelf.write(id, present => {
      if (!present) throw missing(id)
      return { body: withPlay(present.body, play, request, now) }
    })
    this.awaitTurn()
  }

  private awaitTurn(): void {
    const turns = this.deps.shelf.list().map(({ body }) => body.following?.at ?? Number.POSITIVE_INFINITY)
    this.turn.set(Math.min(...turns))
  }

  /** What was to follow has followed: on air by itself, and now for the store and for what waits. */
  private async follow(): Promise<void> {
    const now = this.deps.clock.now()
    const due = this.deps.shelf.list().filter(({ body: { following } }) => following && following.at <= now)
    for (const { id } of due) await this.turned(id, now).catch(() => {}) // deleted meanwhile
    this.awaitTurn()
    if (due.length > 0) await this.deps.changed()
  }

  private turned(id: string, now: number): Promise<void> {
    return this.deps.shelf.write(id, present => {
      if (!present) throw missing(id)
      const { playing, ...body } = withCourse(present.body, now)
      const check = this.check(body.document)
      const reached = playing && check.ok ? this.waits.known(check.document) : undefined
      return { body: { ...body, ...(playing && { playing: { ...playing, ...(reached && { reached }) } }) } }
    })
  }

  private kept(): Stored<OverlayBody>[] {
    const now = this.deps.clock.now()
    return this.deps.shelf.list().map(overlay => ({ ...overlay, body: withCourse(overlay.body, now) }))
  }

  /** A document is checked once: plans are made often. */
  private check(document: Record<string, unknown>) {
    const known = this.checked.get(document) ?? validateOcl(document)
    this.checked.set(document, known)
    return known
  }

  private shown({ id, body: { document, playing, following, updatedAt } }: Stored<OverlayBody>): OverlaySummary {
    const check = this.check(document)
    return {
      id,
      ...shownCourse({ playing, following }, this.deps.clock),
      updatedAt: rfc3339(updatedAt),
      ...(check.ok && overlayFacts(check.document)),
      warnings: check.ok ? check.warnings : check.errors,
      assets: check.ok ? this.deps.assets.readiness(check.document) : [],
    }
  }

  private stored(id: string | undefined): Stored<OverlayBody> {
    const overlay = this.deps.shelf.find(id ?? '')
    if (!overlay) throw missing(id)
    return { ...overlay, body: withCourse(overlay.body, this.deps.clock.now()) }
  }

  private note(type: string, overlay: string, message: string, actor: string): void {
    this.deps.record({ type, severity: 'info', message, actor, data: { overlay } })
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no overlay ${id}.`)
