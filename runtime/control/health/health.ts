import { cpus, freemem, loadavg, totalmem } from 'node:os'
import type { EngineState } from '../../contract/generated/engine.v1.ts'
import type { Health as HealthBody } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { type Operations, operation } from '../ports.ts'
import { metrics } from './metrics.ts'

/** Without a first word of the flow for this long (ms), the appliance is as ready as it will be. */
const WAIT_FOR_FLOW = 20_000

interface Deps {
  clock: Clock
  build: string
  engine: { readonly connected: boolean; readonly state: EngineState | undefined }
  flowHost(): HealthBody['flowHost']
  /** Control's own. */
  children(): HealthBody['children']
}

/** How the appliance is, for people, for probes and for monitoring. */
export class Health {
  private readonly startedAt: number
  private readonly begun: number
  private wired = false
  private wasReady = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.startedAt = deps.clock.now()
    this.begun = deps.clock.mono()
  }

  /** The flow has spoken. */
  sawWiring(): void {
    this.wired = true
  }

  /**
   * Ready once the engine is there and the flow has spoken (or has had its time). After that always: a load balancer or
   * supervisor must not take control away because the engine restarts.
   */
  get ready(): boolean {
    const waited = this.deps.clock.mono() - this.begun > WAIT_FOR_FLOW
    this.wasReady ||= waited || (this.deps.engine.connected && this.wired)
    return this.wasReady
  }

  now(): HealthBody {
    const { connected, state } = this.deps.engine
    const { status, restarts } = this.deps.flowHost()
    return {
      status: connected && status === 'running' ? 'ok' : 'degraded',
      build: this.deps.build,
      startedAt: rfc3339(this.startedAt),
      engine: {
        connected,
        ...(state && {
          pid: state.pid,
          startedAt: rfc3339(state.startedAt),
          encoders: state.encoders.map(e => ({ ...e })),
          ...(state.hardware && { hardware: { ...state.hardware } }),
          ...(state.speed && { speed: { ...state.speed } }),
        }),
      },
      flowHost: { status, restarts },
      children: [...this.deps.children(), ...(state?.children ?? [])],
      system: {
        cpus: cpus().length,
        load: loadavg(),
        memory: { total: totalmem(), free: freemem() },
        uptime: (this.deps.clock.mono() - this.begun) / 1_000,
      },
    }
  }

  /** The same for Prometheus. */
  metrics(): string {
    const { build, engine, flowHost } = this.deps
    const { children } = this.now()
    return metrics({ build, engine: engine.state, flowHostRestarts: flowHost().restarts, children })
  }

  operations(): Operations {
    return { getHealth: operation(() => this.now()) }
  }
}
