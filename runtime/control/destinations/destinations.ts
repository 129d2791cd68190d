import { VistterError } from '../../contract/errors.ts'
import type { EncoderState, OutputState } from '../../contract/generated/engine.v1.ts'
import type {
  Destination,
  DestinationPatch,
  DestinationState,
  DestinationTarget,
  DestinationTest,
  NewDestination,
  StartRequest,
} from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import {
  type Actor,
  type Operations,
  operation,
  type PlannedDestination,
  type Recorder,
  type Shelf,
  type Stored,
} from '../ports.ts'
import {
  DEFAULT_PROFILE,
  type DestinationBody,
  isWaiting,
  keptShowing,
  type Mover,
  plannedFrom,
} from './destination.ts'
import { effectiveEncoder } from './effective-encoder.ts'
import { type Aim, Feeds } from './feeds.ts'
import { checkFileAddress } from './file-address.ts'
import { warningsFor } from './limits.ts'
import { addressOf } from './platforms.ts'

type Live = Pick<OutputState, 'videoBitrate' | 'queueSeconds'>

interface Deps {
  shelf: Shelf<DestinationBody>
  clock: Clock
  stateOf(id: string): OutputState | undefined
  encoderOf(id: string): EncoderState | undefined
  /** Tries an address out without going public; throws ENGINE_DOWN when nobody can. */
  preflight(target: { url: string; streamKey?: string; live?: Live }): Promise<DestinationTest>
  wired(destination: { id: string; name: string }): boolean
  /** Why somebody keeps it from running with an override of the program; undefined when nobody does. */
  heldBy(destination: { id: string; name: string }): string | undefined
  /** What a destination of platform `file` may not, and may, write into. */
  folders: { data: string; recordings: string }
  programFps(): number
  aim: Aim
  /** Throws ENCODER_TOO_HEAVY for what this machine cannot encode besides what runs (or alone, for one that is off). */
  admit(destination: PlannedDestination): void
  changed(): Promise<void>
  record: Recorder
}

/** Where the program goes: kept and switched here, fed by the engine. */
export class Destinations {
  private readonly feeds: Feeds
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.feeds = new Feeds(deps)
  }

  /** Cameras that were on their way to a preset go on. */
  start(): void {
    this.feeds.follow()
  }

  stop(): void {
    this.feeds.stop()
  }

  list(): Destination[] {
    return this.deps.shelf.list().map(destination => this.shown(destination))
  }

  /** With keys in clear: for the engine only. */
  planned(): PlannedDestination[] {
    return this.deps.shelf.list().map(({ id, body, secrets: { streamKey } }) => ({
      ...plannedFrom(id, body),
      ...(this.feeds.turns(body) && { turns: true }),
      ...(streamKey && { streamKey }),
    }))
  }

  /** The names of those whose viewers see this camera. */
  showing(camera: string): string[] {
    const all = this.planned().filter(({ started, waiting }) => started && !waiting)
    return all.flatMap(({ name, source }) => (source?.camera === camera ? [name] : []))
  }

  /** A camera that moves is there, for the first time or again. */
  returned(camera: string): void {
    this.feeds.returned(camera)
  }

  operations(): Operations {
    return {
      listDestinations: operation(() => this.list()),
      addDestination: operation<NewDestination>(({ body, actor }) => this.add(body, actor.name)),
      getDestination: operation(({ params }) => this.get(params.id)),
      changeDestination: operation<DestinationPatch>(({ params, body, actor }) => this.change(params.id, body, actor)),
      removeDestination: operation(({ params, actor }) => this.remove(params.id, actor.name)),
      tryDestination: operation<DestinationTarget>(({ body }) => this.tryOut(body)),
      testDestination: operation(({ params }) => this.test(params.id)),
      startDestination: operation<StartRequest | undefined>(({ params, body, actor }) =>
        this.switch(params.id, true, { ...actor, insists: body?.override ?? false }),
      ),
      stopDestination: operation(({ params, actor }) => this.switch(params.id, false, { ...actor, insists: false })),
    }
  }

  private async add({ streamKey, ...given }: NewDestination, actor: string): Promise<Destination> {
    const body = this.bodyFrom(given, false, this.deps.clock.now())
    this.feeds.check(body.source)
    const id = newId()
    this.deps.admit(plannedFrom(id, body))
    await this.deps.shelf.write(id, () => ({ body, secrets: { streamKey } }))
    this.note('destination.added', id, `Destination ${body.name} was added.`, actor)
    await this.deps.changed()
    return this.get(id)
  }

  private async change(id: string | undefined, patch: DestinationPatch, actor: Actor): Promise<Destination> {
    const { id: known } = this.stored(id)
    await this.deps.shelf.write(known, present => {
      if (!present) throw missing(known)
      const { started, since, showing, mover, ...before } = present.body
      const given: NewDestination = { ...before, ...present.secrets }
      const { streamKey, ...after } = mergePatch(given, patch)
      const feed = { ...keptShowing(present.body, after.source), mover: patch.source ? moverOf(actor) : mover }
      const body = { ...this.bodyFrom(after, started, since), ...feed }
      if (patch.source) this.feeds.check(body.source)
      if (patch.source && started) this.feeds.admit(known, body)
      // A bitrate that follows its uplink needs an encoder of its own.
      if (patch.profile !== undefined || patch.source !== undefined || patch.autoBitrate)
        this.deps.admit(plannedFrom(known, { ...body, showing: body.source }))
      return { body, secrets: { streamKey } }
    })
    this.feeds.follow()
    const { name } = this.stored(known).body
    const message = `Destination ${name} was changed: ${Object.keys(patch).join(', ')}.`
    this.note('destination.changed', known, message, actor.name)
    await this.deps.changed()
    return this.get(known)
  }

  private tryOut({ platform, url, streamKey }: DestinationTarget): Promise<DestinationTest> {
    const address = addressOf(platform, url)
    if (platform === 'file') checkFileAddress(address, this.deps.folders)
    return this.deps.preflight({ url: address, ...(streamKey && { streamKey }) })
  }

  /** What is switched on is tried as far as that cannot disturb it. */
  private test(id: string | undefined): Promise<DestinationTest> {
    const { id: known, body, secrets } = this.stored(id)
    const { streamKey } = secrets
    const output = body.started ? this.deps.stateOf(known) : undefined
    const live = output?.status === 'live' && {
      videoBitrate: output.videoBitrate,
      queueSeconds: output.queueSeconds,
    }
    const url = addressOf(body.platform, body.url)
    return this.deps.preflight({ url, ...(streamKey && { streamKey }), ...(live && { live }) })
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    await this.deps.shelf.remove(known)
    this.feeds.follow()
    this.note('destination.removed', known, `Destination ${body.name} was deleted.`, actor)
    await this.deps.changed()
  }

  /**
   * Idempotent: starting what is started changes nothing. Throws NOT_WIRED for a start that no wire could carry, and
   * PRESET_CONFLICT or PTZ_ON_AIR where its camera cannot be moved to its preset.
   */
  private async switch(id: string | undefined, started: boolean, mover: Mover): Promise<Destination> {
    const destination = this.stored(id)
    if (started && !this.wired(destination)) throw notWired(destination)
    if (destination.body.started !== started) {
      const since = this.deps.clock.now()
      await this.deps.shelf.write(destination.id, present => {
        if (!present) throw missing(id)
        const { showing: _, ...rest } = present.body
        const body = { ...rest, started, since, mover: moverOf(mover) }
        if (started) this.feeds.admit(destination.id, body)
        if (started) this.deps.admit(plannedFrom(destination.id, body))
        return { body }
      })
      const [type, word] = started ? ['destination.started', 'on'] : ['destination.stopped', 'off']
      this.note(type, destination.id, `Destination ${destination.body.name} was switched ${word}.`, mover.name)
      this.feeds.follow()
    }
    await this.deps.changed()
    return this.get(id)
  }

  private bodyFrom(given: Omit<NewDestination, 'streamKey'>, started: boolean, since: number): DestinationBody {
    const { name, platform, url, autoBitrate = false, autoBitrateFloor } = given
    const address = addressOf(platform, url)
    if (platform === 'file') checkFileAddress(address, this.deps.folders)
    const profile = { ...DEFAULT_PROFILE, fps: this.deps.programFps(), ...given.profile }
    const { source } = given
    const auto = { autoBitrate, ...(autoBitrateFloor !== undefined && { autoBitrateFloor }) }
    const more = { ...(url !== undefined && { url }), ...(source && { source }), ...auto }
    return { name, platform, profile, ...more, started, since }
  }

  private get(id: string | undefined): Destination {
    return this.shown(this.stored(id))
  }

  private shown(destination: Stored<DestinationBody>): Destination {
    const { id, body } = destination
    const { name, platform, profile, source, autoBitrate = false, autoBitrateFloor } = body
    const url = addressOf(platform, body.url)
    const auto = { autoBitrate, ...(autoBitrateFloor !== undefined && { autoBitrateFloor }) }
    const state = this.stateOf(destination)
    const warnings = warningsFor(platform, profile)
    const { started } = body
    return { id, name, platform, url, profile, ...(source && { source }), ...auto, warnings, started, state }
  }

  private stateOf(destination: Stored<DestinationBody>): DestinationState {
    const { id, body } = destination
    const idle: DestinationState = { status: 'idle', since: rfc3339(body.since), videoBitrate: 0, queueSeconds: 0 }
    if (!body.started) return idle
    if (!this.wired(destination)) return { ...idle, error: notWired(destination).fault }
    const why = this.deps.heldBy({ id, name: body.name })
    if (why !== undefined) return { ...idle, error: held(body.name, why).fault }
    const journey = this.feeds.journey(body)
    if (isWaiting(body)) return { ...idle, status: 'connecting', ...journey }
    const output = this.deps.stateOf(id)
    if (!output) return { ...idle, status: 'connecting' }
    const { status, videoBitrate, queueSeconds, error } = output
    const encoder = output.encoder === undefined ? undefined : this.deps.encoderOf(output.encoder)
    return {
      ...{ status, since: rfc3339(output.since), videoBitrate, queueSeconds },
      ...effectiveEncoder(encoder),
      ...journey,
      ...(error && { error }),
    }
  }

  private wired({ id, body }: Stored<DestinationBody>): boolean {
    return this.deps.wired({ id, name: body.name })
  }

  private stored(id: string | undefined): Stored<DestinationBody> {
    const destination = this.deps.shelf.find(id ?? '')
    if (!destination) throw missing(id)
    return destination
  }

  private note(type: string, destination: string, message: string, actor: string): void {
    this.deps.record({ type, severity: 'info', message, actor, data: { destination } })
  }
}

const moverOf = ({ kind, name, insists = false }: Pick<Actor, 'kind' | 'name'> & Partial<Mover>): Mover => ({
  kind,
  name,
  insists,
})

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no destination ${id}.`)

const held = (name: string, why: string) =>
  new VistterError('DESTINATION_HELD', `An override keeps ${name} from running: ${why}`)

const notWired = ({ body }: Stored<DestinationBody>) =>
  new VistterError('NOT_WIRED', `In the flow, no wire reaches the destination ${body.name}.`)
