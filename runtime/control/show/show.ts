import type { FlowRequests, FlowState } from '../../contract/flow.ts'
import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { Camera, Destination, Recording } from '../../contract/generated/openapi.v1.ts'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Operations, Recorder, Shelf } from '../ports.ts'
import { Conductor } from './conductor.ts'
import { type DataBody, LiveData } from './data.ts'
import { EngineLink } from './engine-link.ts'
import { flowRequests } from './flow-requests.ts'
import { FlowNews } from './flow-state.ts'
import { Live } from './live.ts'
import { type OverlayBody, Overlays } from './overlays.ts'
import { Overrides } from './overrides.ts'
import type { PlanFacts } from './plan.ts'
import { Program } from './program.ts'
import { destinationWire, overlayReached, recorderWire } from './wires.ts'

interface Deps {
  engineSocket: string
  shelves: { live: Shelf<object>; overlays: Shelf<OverlayBody>; data: Shelf<DataBody> }
  assets: ConstructorParameters<typeof Overlays>[0]['assets']
  settings: { readonly current: PlanFacts['settings']; readonly proxy: PlanFacts['proxy'] }
  cameras: { list(): Camera[]; planned(): PlanFacts['cameras'] }
  destinations: { list(): Destination[]; planned(): PlanFacts['destinations'] }
  recordings: { list(): Recording[]; planned(): PlanFacts['recordings'] }
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
  private readonly overrides: Overrides
  private readonly overlays: Overlays
  private readonly data: LiveData
  private readonly conductor: Conductor
  private readonly news: FlowNews
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { shelves, assets, clock, log, record } = deps
    const changed = () => this.changed()
    this.deps = deps
    this.live = new Live(shelves.live)
    this.engine = new EngineLink(deps.engineSocket, {
      connected: () => void this.conductor.reconnected().then(() => this.touch()),
      disconnected: () => this.touch(),
      state: () => this.touch(),
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
      changed,
      record,
    })
    const wired = (overlay: string) => overlayReached(this.live.wiring, overlay)
    this.overlays = new Overlays({ shelf: shelves.overlays, clock, assets, wired, changed, record })
    this.data = new LiveData({ shelf: shelves.data, clock, changed })
    this.conductor = new Conductor({ facts: () => this.facts(), engine: this.engine, log })
    this.news = new FlowNews(() => this.views(), deps.publish)
  }

  start(): void {
    this.overrides.start()
    this.overlays.start()
    this.data.start()
    this.engine.start()
  }

  stop(): void {
    this.engine.stop()
    this.conductor.stop()
    this.news.stop()
    this.data.stop()
    this.overlays.stop()
    this.overrides.stop()
  }

  /** Facts have changed. Resolves once the engine follows them, or is known to be away. */
  async changed(): Promise<void> {
    await this.conductor.changed()
    this.touch()
  }

  async setWiring(wiring: Wiring): Promise<void> {
    await this.live.setWiring(wiring)
    await this.changed()
  }

  reaches(destination: { id: string; name: string }): boolean {
    return destinationWire(this.live.wiring, destination) !== undefined
  }

  /** Whether an override keeps it from running. */
  stopped(destination: { id: string; name: string }): boolean {
    const wire = destinationWire(this.live.wiring, destination)
    return wire !== undefined && this.live.overrides[wire.program]?.kind === 'stop'
  }

  records(program: string): boolean {
    return recorderWire(this.live.wiring, program) !== undefined
  }

  operations(): Operations {
    return { ...this.program.operations(), ...this.overlays.operations(), ...this.data.operations() }
  }

  /** What the flow's messages may ask. */
  requests(operations: Operations): FlowRequests {
    const { cameras, destinations } = this.deps
    return flowRequests({ operations, cameras: () => cameras.list(), destinations: () => destinations.list() })
  }

  private facts(): PlanFacts {
    const { settings, cameras, destinations, recordings } = this.deps
    return {
      proxy: settings.proxy,
      settings: { ...settings.current, tokens: { ...settings.current.tokens, ...this.data.tokens() } },
      cameras: cameras.planned(),
      destinations: destinations.planned(),
      overlays: this.overlays.planned(),
      recordings: recordings.planned(),
      wiring: this.live.wiring,
      takes: this.live.takes,
      overrides: this.live.overrides,
    }
  }

  private views() {
    const { cameras, destinations, recordings } = this.deps
    return {
      engine: this.engine.state,
      cameras: cameras.list(),
      destinations: destinations.list(),
      overlays: this.overlays.list(),
      recordings: recordings.list(),
    }
  }

  private touch(): void {
    this.deps.touched()
    this.news.touch()
  }
}
