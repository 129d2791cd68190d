import type { WiredDriver, Wiring } from '../../contract/generated/wiring.v1.ts'
import type { Operations } from '../ports.ts'
import { showAds } from './ads/show-ads.ts'
import { Alarm } from './alarm.ts'
import { Conductor } from './conductor.ts'
import { Control } from './control.ts'
import { LiveData } from './data.ts'
import { EngineLink } from './engine-link.ts'
import { FirstFrames } from './first-frames.ts'
import { flowRequests, type ShowRequests } from './flow-requests.ts'
import { FlowNews } from './flow-state.ts'
import { GotoRequests } from './goto-requests.ts'
import { Live } from './live.ts'
import { MomentPictures } from './moment-picture.ts'
import { type Drawing, OverlayPictures } from './overlay-picture.ts'
import { Overlays } from './overlays.ts'
import { Overrides } from './overrides.ts'
import type { PlanFacts } from './plan.ts'
import { factsOf } from './plan-facts.ts'
import { presentOf } from './present.ts'
import { isOfPreview } from './preview/preview-plan.ts'
import { showPreview } from './preview/show-preview.ts'
import { Program } from './program.ts'
import { Reach } from './reach.ts'
import { showRehearsal } from './rehearsal/show-rehearsal.ts'
import { Shots } from './shots.ts'
import type { ShowDeps } from './show-deps.ts'
import { ProgramSounds } from './sound.ts'
import { standing } from './standing.ts'
import { startClock } from './start-clock.ts'
import type { CueLog } from './timeline/cue-log.ts'
import type { CueWay } from './timeline/cue-way.ts'
import { showTimelines } from './timeline/show-timelines.ts'
import type { Timelines } from './timeline/timelines.ts'
import { toldOf } from './told-event.ts'
import { overlayReached } from './wires.ts'

/** What is on air and what should be: program, overlays and data make, with what is stored and wired, the engine's plan. */
export class Show {
  readonly engine: EngineLink
  readonly program: Program
  readonly reach: Reach
  readonly live: Live
  private readonly shots: Shots
  private readonly sound: ProgramSounds
  private readonly control: Control
  private readonly overrides: Overrides
  readonly overlays: Overlays
  private readonly pictures: Operations
  readonly data: LiveData
  readonly timelines: Timelines
  /** Cues on their way through the flow. */
  readonly cues: CueWay
  private readonly cueLog: CueLog
  private readonly firstFrames = new FirstFrames()
  private readonly rehearsal: ReturnType<typeof showRehearsal>
  private readonly preview: ReturnType<typeof showPreview>
  private readonly ads: ReturnType<typeof showAds>
  private readonly conductor: Conductor
  /** Clocks turn, and values grow stale. */
  private readonly words: Alarm
  private readonly news: FlowNews
  private readonly deps: ShowDeps

  constructor(deps: ShowDeps) {
    const { shelves, assets, clock, log, record, turning, viewers } = deps
    const { time } = deps.house
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
      event: event => {
        if (isOfPreview(event)) return
        this.firstFrames.see(event)
        deps.heard(toldOf(event, time))
      },
    })
    this.control = new Control({ live: this.live, timelines: () => this.timelines.kept() })
    this.overrides = new Overrides({ live: this.live, clock, changed, record })
    this.program = new Program({
      live: this.live,
      overrides: this.overrides,
      control: this.control,
      clock: time,
      cameras: () => deps.cameras.list(),
      states: () => this.engine.state?.programs,
      refresh: () => this.engine.refresh(),
      standsAt: camera => deps.turning.standsAt(camera),
      changed,
      record,
    })
    this.shots = new Shots({
      live: this.live,
      control: this.control,
      program: this.program,
      turning,
      ...viewers,
      clock: time,
      record,
    })
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
    this.overlays = new Overlays({ shelf: shelves.overlays, clock: time, assets, wired, fps, changed, record })
    const drawing: Drawing<PlanFacts> = {
      overlay: id => this.overlays.drawable(id),
      facts: () => this.facts(),
      draw: request => this.engine.picture(request),
    }
    const moments = new MomentPictures({
      ...drawing,
      cameras: () => deps.cameras.list(),
      preset: (camera, wanted) => turning.preset(camera, wanted),
      kept: preset => deps.stills.kept(preset),
      now: source => deps.stills.now(source),
    })
    this.pictures = { ...new OverlayPictures(drawing).operations(), ...moments.operations() }
    this.data = new LiveData({ shelf: shelves.data, clock, changed })
    const { live, control, program, shots, overlays, sound, firstFrames } = this
    this.ads = showAds({ ...deps, live, overlays, time, slots: () => this.rehearsal.schedules.slots() })
    const made = showTimelines({
      ...{ ads: this.ads.breaks, sql: deps.sql, reads: deps.reads, log },
      ...{ live, control, program, shots, overlays, sound, turning, firstFrames, clock: time, record },
      offer: offer => deps.offer(offer),
      planned: cue => deps.proof().planned({ ...cue, at: time.told(cue.at) }),
      missed: cue => deps.makeGoods.add({ ...cue, at: time.told(cue.at) }),
      removed: actor => this.rehearsal.schedules.tidy(actor),
      scheduled: (id, body) => this.rehearsal.bookings.admitTimeline(id, body),
      readiness: id => this.rehearsal.standby.of(id),
      shelf: shelves.timelines,
      cameras: () => deps.cameras.list(),
      touched: () => this.touch(),
    })
    const { timelines } = made
    this.timelines = timelines
    this.cues = made.way
    this.cueLog = made.log
    const checked = { live, program, overlays, timelines, shots, deps, clock, time, touched: () => this.touch() }
    this.rehearsal = showRehearsal(checked)
    this.preview = showPreview({
      ...{ live, program, overlays, turning, clock: time, timelines: () => timelines },
      ...{ facts: () => this.facts(), changed: () => this.follow() },
    })
    const desired = () => ({ ahead: time.ahead, ...this.preview.desired() })
    this.conductor = new Conductor({ desired, engine: this.engine, log, record })
    this.reach = new Reach({ live, program, engine: this.engine, facts: () => this.facts() })
    this.words = new Alarm(time, () => void this.follow())
    this.news = new FlowNews(() => this.views(), deps.publish)
  }

  start(): void {
    const { overrides, data, overlays, engine, shots, timelines, rehearsal, deps, live, preview } = this
    const byWall = [overrides, data]
    for (const part of [...byWall, engine, rehearsal.standby]) part.start()
    const settled = startClock({ ...deps, live, timelines, preview, byWall, changed: () => this.changed() })
    rehearsal.schedules.start(() => {
      settled()
      for (const part of [overlays, shots, timelines]) part.start()
    })
  }

  stop(): void {
    const { rehearsal, timelines, shots, engine, conductor } = this
    for (const part of [rehearsal.standby, rehearsal.schedules, timelines, shots, engine, conductor]) part.stop()
    for (const part of [this.preview.bus, this.words, this.news, this.data, this.overlays, this.overrides]) part.stop()
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
    this.words.set(this.preview.words())
  }

  async setWiring(wiring: Wiring): Promise<void> {
    await this.live.setWiring(wiring)
    await this.timelines.followWires()
    await this.changed()
  }

  /** The cameras that the flow moves. */
  get drivers(): WiredDriver[] {
    return this.live.wiring?.drivers ?? []
  }

  /** What people may follow of it. */
  followed() {
    return {
      program: () => this.program.list(),
      flow: () => [{ engine: this.engine.state !== undefined, programs: this.program.ids() }],
      overlay: () => this.overlays.list(),
      value: () => this.data.followed(),
      timeline: () => this.timelines.glimpses(),
    }
  }

  /** The overlays that there are, and since when they play. */
  documents() {
    return this.overlays.documents()
  }

  /** For proof of play; `heard`: the engine is there to say so. */
  scene() {
    const { live, timelines, deps, engine } = this
    const present = presentOf({ live, destinations: deps.destinations.list(), timelines: timelines.glimpses() })
    return { documents: this.documents(), present, heard: engine.state !== undefined }
  }

  operations(): Operations {
    return {
      ...this.program.operations(),
      ...this.shots.operations(),
      ...this.sound.operations(),
      ...this.overlays.operations(),
      ...this.overlays.waits.operations(),
      ...this.pictures,
      ...this.data.operations(),
      ...this.timelines.operations(),
      ...this.cueLog.operations(),
      ...this.preview.bus.operations(),
      ...this.rehearsal.schedules.operations(),
      ...this.rehearsal.rehearsals.operations(),
      ...this.ads.operations(),
    }
  }

  /** What the flow's messages may ask. */
  requests(operations: Operations): ShowRequests {
    const presets = new GotoRequests({ ...this.deps, program: this.program, shots: this.shots })
    return flowRequests({
      operations,
      destinations: () => this.deps.destinations.list(),
      timelines: () => this.timelines.glimpses(),
      presets,
      cues: this.cues,
    })
  }

  private facts(): PlanFacts {
    return factsOf(this.deps, this)
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
      control: this.control,
      program: this.program,
      cameras: cameras.list(),
      presets: presets.names(),
      destinations: destinations.list(),
      overlays: this.overlays.list(),
      data: this.data.glimpses(),
      recordings: recordings.list(),
      timelines: this.timelines.glimpses(),
      schedules: this.rehearsal.schedules.glimpses(),
      aired: this.deps.proof().latest,
      studio: this.deps.studio(),
      queue: this.deps.queue(),
    }
  }

  /** Something that people and nodes see may have changed. */
  touch(): void {
    this.deps.touched()
    this.news.touch()
    const reached = standing(this.deps.cameras.list(), this.deps.turning)
    this.overlays.waits.standing(reached).catch(error => this.deps.log.error({ err: error }, 'presets'))
  }
}
