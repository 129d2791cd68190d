import type { ChildProcess } from 'node:child_process'
import { Backoff, type BackoffOptions, childBackoff } from './backoff.ts'
import { exitReason } from './child.ts'
import { type Clock, sleep, systemClock } from './clock.ts'

export interface SupervisedEvents {
  /** A generation began; `n` counts from 1 and never repeats for this supervisor. */
  started?(child: ChildProcess, n: number): void
  /** A generation ended. `intended` is true when stop() or restart() asked for it: a planned end is never a failure. */
  ended?(why: { reason: string; intended: boolean; ranForMs: number; retryInMs?: number }): void
}

export interface SuperviseOptions {
  /** Makes one generation of the child; a throw counts as an immediate end. */
  spawn: () => ChildProcess
  /** Looks before each generation whether it can live; a reason counts as its end. Aborted by stop(). */
  ready?: (signal: AbortSignal) => Promise<string | undefined>
  /** Asks the child to end in its own way; after `graceMs` it is killed. Default: SIGTERM. */
  askToEnd?: (child: ChildProcess) => void
  graceMs?: number
  backoff?: BackoffOptions
  events?: SupervisedEvents
  clock?: Clock
}

/**
 * One owner for one child: starts it, starts it again with backoff when it ends without being asked,
 * and ends it for good on stop(). At most one generation lives at any time.
 */
export class Supervised {
  private child: ChildProcess | undefined
  private generation = 0
  private wanted = false
  private planned = false
  private loop: Promise<void> | undefined
  private wake = new AbortController()
  private readonly backoff: Backoff
  private readonly options: SuperviseOptions
  private readonly clock: Clock

  constructor(options: SuperviseOptions) {
    this.options = options
    this.clock = options.clock ?? systemClock
    this.backoff = new Backoff(options.backoff ?? childBackoff)
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  get restarts(): number {
    return Math.max(0, this.generation - 1)
  }

  start(): void {
    if (this.wanted) return
    this.wanted = true
    this.wake = new AbortController()
    this.loop = this.run()
  }

  /** Ends this generation; the next one begins at once. */
  restart(): void {
    this.planned = true
    this.end()
  }

  /** Kills this generation as a failure (it hangs): the next one begins after backoff. */
  kill(): void {
    this.child?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    this.wanted = false
    this.planned = true
    this.wake.abort()
    this.end()
    await this.loop
  }

  private async run(): Promise<void> {
    while (this.wanted) {
      const began = this.clock.mono()
      const refused = await this.options.ready?.(this.wake.signal)
      if (!this.wanted) return
      this.planned = false
      const reason = refused ?? (await this.live())
      const ranForMs = this.clock.mono() - began
      const intended = this.planned
      if (intended) this.backoff.reset()
      const retryInMs = !this.wanted ? undefined : intended ? 0 : this.backoff.next(ranForMs)
      this.options.events?.ended?.({ reason, intended, ranForMs, retryInMs })
      if (retryInMs) await sleep(retryInMs, this.wake.signal)
    }
  }

  /** One generation, from spawn to exit; answers why it ended. */
  private live(): Promise<string> {
    return new Promise(resolve => {
      try {
        const child = this.options.spawn()
        this.child = child
        this.generation++
        child.once('error', error => {
          if (child.pid === undefined) {
            this.child = undefined
            resolve(`could not start: ${error.message}`)
          }
        })
        child.once('exit', (code, signal) => {
          this.child = undefined
          resolve(exitReason(code, signal))
        })
        this.options.events?.started?.(child, this.generation)
      } catch (error) {
        resolve(`could not start: ${error instanceof Error ? error.message : String(error)}`)
      }
    })
  }

  private end(): void {
    const child = this.child
    if (!child) return
    if (this.options.askToEnd) this.options.askToEnd(child)
    else child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), this.options.graceMs ?? 3_000)
    child.once('exit', () => clearTimeout(timer))
  }
}
