import { VistterError } from '../../contract/errors.ts'
import type { FlowRequests, FlowState } from '../../contract/flow.ts'
import type { EngineEvent, Profile } from '../../contract/generated/engine.v1.ts'
import type { Camera, Destination, Recording } from '../../contract/generated/openapi.v1.ts'
import type { WiredDriver, Wiring } from '../../contract/generated/wiring.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { NamedPreset, Operations, PlannedDestination, Recorder, Shelf, Turning } from '../ports.ts'
import { decodedBy, fitting, holds } from './admission.ts'
import { Alarm } from './alarm.ts'
import { Conductor } from './conductor.ts'
import { type DataBody, LiveData } from './data.ts'
import { EngineLink } from './engine-link.ts'
import { flowRequests } from './flow-requests.ts'
import { FlowNews } from './flow-state.ts'
import { GotoRequests } from './goto-requests.ts'
import { Live } from './live.ts'
import { OverlayPictures } from './overlay-picture.ts'
import { nextWords } from './overlay-words.ts'
import { type OverlayBody, Overlays } from './overlays.ts'
import { Overrides } from './overrides.ts'
import { type PlanFacts, plan } from './plan.ts'
import { Program } from './program.ts'
import { Shots } from './shots.ts'
import { chosenSound, type KeptSound, ProgramSounds } from './sound.ts'
import { destinationWire, overlayReached, recorderWire } from './wires.ts'

interface Deps {
  engineSocket: string
  shelves: { live: Shelf<object>; overlays: Shelf<OverlayBody>; data: Shelf<DataBody> }
  /** `look`: what they are needed for has changed. */
  assets: ConstructorParameters<typeof Overlays>[0]['assets'] & { look(): void }
  settings: {
    readonly current: PlanFacts['settings'] & { locale: string; timezone: string }
    readonly proxy: PlanFacts['proxy']
  }
  cameras: { list(): Camera[]; planned(): PlanFacts['cameras'] }
  presets: { names(): NamedPreset[] }
  turning: Turning
  /** Who shows a camera, and whether anybody still does. */
  viewers: { seenIn(camera: string): string[]; seen(camera: string): boolean }
  destinations: { list(): Destination[]; planned(): PlanFacts['destinations'] }
  recordings: { list(): Recording[]; planned(): PlanFacts['recordings'] }
  sounds: { kept(): KeptSound[] }
  clock: Clock
  log: Log
  record: Recorder
  heard(event: EngineEvent): void
  /** Something that people see may have changed. */
  touched(): void
  publish(state: FlowState): void
}

/** What is on air and what should be: program, overlays and data make, with what is stored and wired, the engine's plan. */
export class Show {
  readonly engine: EngineLink
  readonly program: Program
  private readonly live: Live
  private readonly shots: Shots
  private readonly sound: ProgramSounds
  private readonly overrides: Overrides
  private readonly overlays: Overlays
  private readonly pictures: OverlayPictures
  private readonly data: LiveData
  private readonly conductor: Conductor
  /** Clocks turn, and values grow stale. */
  private readonly words: Alarm
  private readonly news: FlowNews
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { shelves, assets, clock, log, record } = deps
    const changed = () => this.changed()
    this.deps = deps
    this.live = new Live(shelves.live)
    this.engine = new EngineLink(deps.engineSocket, {
      connected: () =>
        void this.conductor.reconnected().then(() => {
          this.awaitWords()
          this.touch()
        }),
      disconnected: () => this.touch(),
      state: () => this.heardState(),
      event: event => deps.heard(event),
    })
    this.overrides = new Overrides({ live: this.live, clock, changed, record })
    this.program = new Program({
      live: this.live,
      overrides: this.overrides,
      clock,
      cameras: () => deps.cameras.list(),
      states: () => this.engine.state?.programs,
      refresh: () => this.engine.refresh(),
      standsAt: camera => deps.turning.standsAt(camera),
      changed,
      record,
    })
    const { turning, viewers } = deps
    this.shots = new Shots({ live: this.live, program: this.program, turning, ...viewers, clock, record })
    this.sound = new ProgramSounds({
      live: this.live,
      sounds: () => deps.sounds.kept(),
      states: () => this.engine.state?.programs,
      wired: program => this.program.wired(program),
      changed,
      record,
    })
    const wired = (overlay: string) => overlayReached(this.live.wiring, overlay)
    const fps = () => deps.settings.current.program.fps
    this.overlays = new Overlays({ shelf: shelves.overlays, clock, assets, wired, fps, changed, record })
    this.pictures = new OverlayPictures({
      overlay: id => this.overlays.drawable(id),
      facts: () => this.facts(),
      draw: request => this.engine.picture(request),
    })
    this.data = new LiveData({ shelf: shelves.data, clock, changed })
    this.conductor = new Conductor({ facts: () => this.facts(), engine: this.engine, log, record })
    this.words = new Alarm(clock, () => void this.follow())
    this.news = new FlowNews(() => this.views(), deps.publish)
  }

  start(): void {
    this.overrides.start()
    this.data.start()
    this.engine.start()
    this.shots.start()
  }

  stop(): void {
    this.shots.stop()
    this.engine.stop()
    this.conductor.stop()
    this.words.stop()
    this.news.stop()
    this.data.stop()
    this.overrides.stop()
  }

  /** Facts have changed. Resolves once the engine follows them, or is known to be away. */
  async changed(): Promise<void> {
    this.deps.assets.look()
    await this.follow()
    this.touch()
  }

  private async follow(): Promise<void> {
    await this.conductor.changed()
    this.awaitWords()
  }

  /** The engine knows what is to be seen now, and has to hear when that changes by itself. */
  private awaitWords(): void {
    this.words.set(nextWords(this.facts()))
  }

  async setWiring(wiring: Wiring): Promise<void> {
    await this.live.setWiring(wiring)
    await this.changed()
  }

  /** The cameras that the flow moves. */
  get drivers(): WiredDriver[] {
    return this.live.wiring?.drivers ?? []
  }

  reaches(destination: { id: string; name: string }): boolean {
    return destinationWire(this.live.wiring, destination) !== undefined
  }

  /** Why an override keeps it from running; undefined when none does. */
  heldBy(destination: { id: string; name: string }): string | undefined {
    const wire = destinationWire(this.live.wiring, destination)
    const override = wire && this.live.overrides[wire.program]
    return override?.kind === 'stop' ? override.reason : undefined
  }

  /** Whether a program is to play this sound. */
  plays(asset: { id: string; name: string }): boolean {
    const programs = this.live.wiring?.programs ?? [this.program.wired()]
    const beds = programs.map(wired => chosenSound(wired, this.live.sounds[wired.id]).bed?.asset)
    return beds.some(bed => bed === asset.id || bed === asset.name)
  }

  /** What people may follow of it. */
  followed() {
    return {
      program: () => this.program.list(),
      flow: () => [{ engine: this.engine.state !== undefined, programs: this.program.ids() }],
      overlay: () => this.overlays.list(),
      value: () => this.data.followed(),
    }
  }

  /** The overlays that there are, and since when they play. */
  documents() {
    return this.overlays.documents()
  }

  records(program: string): boolean {
    return recorderWire(this.live.wiring, program) !== undefined
  }

  /**
   * Whether the machine can encode one more: besides what runs for a destination that is to run, alone for one that is
   * only kept. What runs is never stopped for it.
   */
  admit(destination: PlannedDestination): void {
    const facts = this.facts()
    const others = facts.destinations
      .filter(({ id }) => id !== destination.id)
      .map(other => ({ ...other, started: other.started && destination.started, waiting: false }))
    const destinations = [...others, { ...destination, started: true, waiting: false }]
    this.weigh(destination.name, { ...facts, destinations: others }, { ...facts, destinations })
  }

  /** Likewise for a recording that finds no encoder to share. */
  admitRecording(program: string): void {
    const facts = this.facts()
    const recording = { id: 'new', name: program, program, folder: '', reserveBytes: 0 }
    this.weigh(`A recording of ${program}`, facts, { ...facts, recordings: [...facts.recordings, recording] })
  }

  /** Before the machine was measured nothing is refused. */
  private weigh(name: string, before: PlanFacts, after: PlanFacts): void {
    const { state } = this.engine
    const { speed } = state ?? {}
    if (!state || !speed || state.hardware?.encoders.some(({ works }) => works)) return
    const running = plan(before).encoders
    const [added] = plan(after).encoders.filter(({ id }) => !running.some(encoder => encoder.id === id))
    const load = { speed, decoded: decodedBy(state), running: running.map(({ profile }) => profile) }
    if (added && !holds(load, added.profile)) throw tooHeavy(name, added.profile, fitting(load, added.profile))
  }

  operations(): Operations {
    return {
      ...this.program.operations(),
      ...this.shots.operations(),
      ...this.sound.operations(),
      ...this.overlays.operations(),
      ...this.overlays.waits.operations(),
      ...this.pictures.operations(),
      ...this.data.operations(),
    }
  }

  /** What the flow's messages may ask. */
  requests(operations: Operations): FlowRequests {
    const presets = new GotoRequests({ ...this.deps, program: this.program, shots: this.shots })
    return flowRequests({ operations, destinations: () => this.deps.destinations.list(), presets })
  }

  private facts(): PlanFacts {
    const { settings, cameras, destinations, recordings, sounds, clock } = this.deps
    const { locale, timezone } = settings.current
    return {
      proxy: settings.proxy,
      settings: { ...settings.current, tokens: { ...settings.current.tokens, ...this.data.tokens() } },
      cameras: cameras.planned(),
      destinations: destinations.planned(),
      overlays: this.overlays.planned(),
      live: { data: this.data.values(), now: clock.now(), locale, timezone },
      recordings: recordings.planned(),
      wiring: this.live.wiring,
      takes: this.live.takes,
      sounds: sounds.kept(),
      sound: this.live.sounds,
      overrides: this.live.overrides,
    }
  }

  private heardState(): void {
    this.overlays.waits.see(this.engine.state).catch(error => this.deps.log.error({ err: error }, 'milestones'))
    this.touch()
  }

  private views() {
    const { cameras, presets, destinations, recordings } = this.deps
    return {
      engine: this.engine.state,
      overrides: this.overrides,
      program: this.program,
      cameras: cameras.list(),
      presets: presets.names(),
      destinations: destinations.list(),
      overlays: this.overlays.list(),
      data: this.data.glimpses(),
      recordings: recordings.list(),
    }
  }

  /** Something that people and nodes see may have changed. */
  touch(): void {
    this.deps.touched()
    this.news.touch()
  }
}

function tooHeavy(name: string, { width, height, fps }: Profile, fits: Profile | undefined): VistterError {
  const asked = `${name} asks for ${width}×${height} at ${fps} frames per second, which this machine cannot encode`
  const instead = fits
    ? `${fits.width}×${fits.height} at ${fits.fps} fits`
    : 'not even a small picture fits besides what runs'
  return new VistterError('ENCODER_TOO_HEAVY', `${asked}; ${instead}.`, fits ? { fits } : {})
}
