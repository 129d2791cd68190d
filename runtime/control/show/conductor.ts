import { asVistterError } from '../../contract/errors.ts'
import type { Applied, DesiredState } from '../../contract/generated/engine.v1.ts'
import type { Log } from '../../lib/log.ts'
import type { Recorder } from '../ports.ts'

const RETRY_MS = 1_000

interface Deps {
  /** What the engine should be doing by now. */
  desired(): DesiredState
  engine: { readonly connected: boolean; apply(desired: DesiredState): Promise<Applied> }
  log: Log
  record: Recorder
}

/**
 * Keeps the engine at what is wanted: each change of the facts makes a new plan, and a plan that differs from the one
 * in force is applied. Changes that come together are one plan; plans are applied one after another.
 */
export class Conductor {
  private inForce: string | undefined
  /** Why the engine refused the last plan, if it did. */
  private refused: string | undefined
  private running: Promise<void> = Promise.resolve()
  private queued: Promise<void> | undefined
  private retry: NodeJS.Timeout | undefined
  private stopped = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /**
   * Facts have changed. Resolves once a plan with them is in force, or could not be applied: then it is tried again,
   * because what was asked is kept and is the engine's to catch up with.
   */
  changed(): Promise<void> {
    this.queued ??= this.running.then(() => {
      this.queued = undefined
      this.running = this.round()
      return this.running
    })
    return this.queued
  }

  /** A new engine, or a new connection to the old one: what is in force there is unknown. */
  async reconnected(): Promise<void> {
    this.inForce = undefined
    await this.changed()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.retry)
  }

  private async round(): Promise<void> {
    const { engine, log } = this.deps
    if (this.stopped || !engine.connected) return
    clearTimeout(this.retry)
    try {
      const desired = this.deps.desired()
      const text = JSON.stringify(desired)
      if (text === this.inForce) return
      this.inForce = undefined
      const { changes } = await engine.apply(desired)
      this.inForce = text
      this.refused = undefined
      for (const change of changes) log.info(change, 'engine changed')
    } catch (error) {
      log.error({ err: error }, 'the plan could not be applied; it is tried again')
      this.tell(error)
      this.retry = setTimeout(() => void this.changed(), RETRY_MS)
    }
  }

  /** Until its plan is one that the engine takes, the appliance obeys nobody: people must learn why, yet not each second. */
  private tell(error: unknown): void {
    const { code, message: why } = asVistterError(error)
    if (code === 'ENGINE_DOWN' || why === this.refused) return
    this.refused = why
    const message = `Nothing changes on air, because the picture engine cannot do what is wanted: ${why}`
    this.deps.record({ type: 'plan.refused', severity: 'error', message, data: { cause: code } })
  }
}
