import { arch } from 'node:os'
import type { FlowRequests, FlowState, StudioCommand } from '../../contract/flow.ts'
import type { EngineState } from '../../contract/generated/engine.v1.ts'
import type { Camera, Settings } from '../../contract/generated/openapi.v1.ts'
import type { Device } from '../../contract/generated/studio.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import { Coalesced } from '../../lib/coalesced.ts'
import { newId } from '../../lib/ids.ts'
import type { Log } from '../../lib/log.ts'
import type { NamedPreset, Operations, Recorder, Shelf, Sql } from '../ports.ts'
import { announced, boxActs } from './acts/box.ts'
import { type Acts, Desk, type Done } from './acts/desk.ts'
import { showActs } from './acts/show.ts'
import type { Surroundings } from './ask.ts'
import { Capabilities } from './capabilities.ts'
import { Config } from './config.ts'
import { driftOf } from './drift.ts'
import { followedOf, type Journals } from './followed.ts'
import { historyOperations } from './history.ts'
import { Offers } from './offers.ts'
import type { PairingBody } from './pairing.ts'
import type { Order } from './runner.ts'
import { Studio } from './studio.ts'
import { Teller } from './telemetry.ts'
import { tellings } from './tellings.ts'

interface Deps {
  sql: Sql
  shelf: Shelf<PairingBody>
  clock: Clock
  log: Log
  record: Recorder
  build: string
  surroundings(): Surroundings
  operations(): Operations
  journals: Journals
  /** What Studio wants to know, and people see. */
  look: {
    settings(): Settings
    engine(): EngineState | undefined
    cameras(): Camera[]
    presets(): NamedPreset[]
    preset(camera: string | undefined, wanted: string): NamedPreset | undefined
    cache(): { quotaBytes: number; usedBytes: number }
    timelines(): Parameters<typeof driftOf>[0]
  }
  announce(assets: ReturnType<typeof announced>[]): Promise<void>
  /** Where packages of segments arrive, and how they come there. */
  packages: {
    folder: string
    fetch(wanted: { url: string; sha256: string; path: string; most: number }): Promise<void>
  }
  /** Hands a command to the flow. */
  hand(command: StudioCommand): Promise<boolean>
  /** What people see of the channel may have changed. */
  touched(): void
}

const SERIAL = 'serial'
/** Proof of play leaves within this time (ms). */
const SOON = 1_000

/** All that this box has to do with Studio: the channel, what commands do, what Studio is told, and the flow between. */
export class StudioWork {
  private readonly studio: Studio
  private readonly acts: Acts
  private readonly offers: Offers
  private readonly teller: Teller
  private readonly capabilities: Capabilities
  private readonly soon = new Coalesced(SOON, () => this.news())
  private serial = ''
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    const { sql, shelf, clock, log, record, build, surroundings, look, journals, announce, packages, hand } = deps
    this.offers = new Offers({ hand, record })
    this.studio = new Studio({
      ...{ sql, shelf, clock, log, surroundings, software: build, followed: followedOf(journals) },
      record: event => {
        record(event)
        deps.touched()
      },
      device: async () => this.device(),
      carryOut: order => this.perform(order),
      offer: (order, perform) => this.offers.carryOut(order, perform),
      drift: beat => driftOf(look.timelines(), beat, { here: clock.now(), studio: this.studio.clock.now() }),
      paired: () => this.capabilities.touch(),
      connected: () => this.teller.now(),
      unpaired: () => this.capabilities.forget(),
      changed: deps.touched,
    })
    const desk = new Desk({ operations: deps.operations, clock: this.studio.clock })
    const wanted = () => this.studio.isPaired
    this.teller = new Teller({
      ...{ desk, log, wanted, clock: this.studio.clock },
      sample: telling => this.studio.sample(telling),
      channel: () => this.studio.measured(),
    })
    this.capabilities = new Capabilities({
      ...{ sql, log, wanted, clock: this.studio.clock },
      facts: () => ({
        ...{ program: look.settings().program, cameras: look.cameras(), presets: look.presets(), cache: look.cache() },
        ...{ hardware: look.engine()?.hardware, speed: look.engine()?.speed },
      }),
      tell: telling => this.studio.tell('event', telling),
    })
    const config = new Config(desk)
    this.acts = {
      ...showActs({
        desk,
        preset: look.preset,
        announce: assets => announce((assets as Parameters<typeof announced>[0][]).map(announced)),
      }),
      ...boxActs({ desk, config, packages, summary: () => this.teller.summary() }),
    }
  }

  async start(): Promise<void> {
    const { sql } = this.deps
    await sql.run('INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', SERIAL, newId())
    this.serial = (await sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', SERIAL))?.value ?? ''
    await this.studio.start()
    await this.capabilities.start()
    this.teller.start()
  }

  async stop(): Promise<void> {
    this.soon.stop()
    this.teller.stop()
    this.capabilities.stop()
    await this.studio.stop()
  }

  operations(): Operations {
    return { ...this.studio.operations(), ...historyOperations(this.deps.sql) }
  }

  requests(): Pick<FlowRequests, 'studio.carryOut' | 'studio.answer' | 'studio.tell'> {
    return {
      ...this.offers.requests(),
      'studio.tell': async told => {
        this.deps.record(tellings(told))
        return {}
      },
    }
  }

  flowLeft(): void {
    this.offers.flowLeft()
  }

  /** The activity log has another row. */
  news(): void {
    this.studio.news()
  }

  /** What this box can do may have changed, or proof of play have another row. */
  touch(): void {
    this.capabilities.touch()
    this.soon.touch()
  }

  state() {
    return this.studio.state()
  }

  /** For nodes; undefined: no Studio. */
  glimpse(): FlowState['studio'] {
    const { paired, connected, since, queue } = this.studio.state()
    return paired ? { connected, since, waiting: queue.out } : undefined
  }

  private device(): Device {
    const { build } = this.deps
    return {
      ...{ serial: this.serial, model: `VistterStream ${arch()}`, software: build },
      capabilities: this.capabilities.now(),
    }
  }

  private perform({ command, ...how }: Order): Promise<Done | undefined> {
    const act = (this.acts as Record<string, Acts[keyof Acts] | undefined>)[command.type]
    if (!act) throw new Error(`nobody carries out ${command.type}`)
    return (act as (data: object, how: object) => Promise<Done | undefined>)(command.data, how)
  }
}
