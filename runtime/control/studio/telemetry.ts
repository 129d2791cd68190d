import type { Camera, Destination, Health, Program } from '../../contract/generated/openapi.v1.ts'
import { Coalesced } from '../../lib/coalesced.ts'
import type { Log } from '../../lib/log.ts'
import type { Desk } from './acts/desk.ts'
import type { Telling } from './outbox.ts'
import { Tally } from './tally.ts'

interface Deps {
  desk: Desk
  clock: { now(): number }
  log: Log
  /** Whether there is a Studio. */
  wanted(): boolean
  sample(telling: Telling): Promise<void>
  /** How the channel itself is. */
  channel(): Record<string, unknown>
  everyMs?: number
}

const EVERY = 10_000
/** So many make a summary: five minutes. */
const SUMMARY = 30

/** How the box is, told every ten seconds, and summed up every five minutes. */
export class Teller {
  private timer: NodeJS.Timeout | undefined
  private count = 0
  private readonly tally: Tally
  private readonly soon = new Coalesced(1_000, () => this.round(false))
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.tally = new Tally(deps.clock.now())
  }

  start(): void {
    this.timer = setInterval(() => this.round(true), this.deps.everyMs ?? EVERY)
  }

  stop(): void {
    clearInterval(this.timer)
    this.soon.stop()
  }

  /** Studio has come back: it is told at once how things are. */
  now(): void {
    this.soon.touch()
  }

  /** Tells Studio the sum since the last one, and answers it. */
  async summary(): Promise<Record<string, unknown>> {
    const telemetry = await this.look()
    this.tally.see(telemetry)
    const { clock, sample } = this.deps
    const data = { ...this.tally.take(clock.now()), health: { ...telemetry.health, ...this.tally.last } }
    this.count = 0
    await sample({ type: 'vistter.summary', time: clock.now(), data })
    return data
  }

  private round(counts: boolean): void {
    if (!this.deps.wanted()) return
    this.tell(counts).catch(error => this.deps.log.warn({ err: error }, 'Studio was not told how this box is'))
  }

  private async tell(counts: boolean): Promise<void> {
    if (counts && ++this.count >= SUMMARY) await this.summary()
    const data = await this.look()
    this.tally.see(data)
    await this.deps.sample({ type: 'vistter.telemetry', time: this.deps.clock.now(), data })
  }

  private async look() {
    const { desk, channel } = this.deps
    const [program, cameras, outputs, health] = await Promise.all([
      desk.ask<Program>('getProgramById', { id: 'main' }).catch(() => undefined),
      desk.ask<Camera[]>('listCameras'),
      desk.ask<Destination[]>('listDestinations'),
      desk.ask<Health>('getHealth'),
    ])
    return {
      ...(program && { program: programOf(program) }),
      outputs: outputs.map(outputOf),
      cameras: cameras.map(cameraOf),
      health: { ...healthOf(health), studio: channel() },
    }
  }
}

const programOf = ({ id, source, sourceName, preset, overlays, override, fallback, frames }: Program) => ({
  ...{ id, source, sourceName, ...(preset !== undefined && { preset }) },
  ...{ overlays: overlays.map(overlay => overlay.id), override, fallback, frames },
})

/** Without its address: Studio knows destinations by their ids. */
const outputOf = ({
  id,
  name,
  platform,
  state: { status, since, videoBitrate, queueSeconds, error },
}: Destination) => ({
  ...{ id, name, platform, status, since, videoBitrate, queueSeconds, ...(error && { error }) },
})

const cameraOf = ({ id, name, state: { status, lastFrameAt, currentPreset, moving, error } }: Camera) => ({
  ...{ id, name, status, lastFrameAt, currentPreset, moving, ...(error && { error }) },
})

const healthOf = ({ status, build, engine, flowHost, system }: Health) => ({
  ...{ status, build, engine: engine.connected, flowHost: flowHost.status },
  ...{ load: system.load, memory: system.memory, uptime: system.uptime, cpus: system.cpus },
})
