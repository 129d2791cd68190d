import type { ChildProcess } from 'node:child_process'
import { Backoff, type BackoffOptions, childBackoff } from './backoff.ts'
import { exitReason } from './child.ts'
import { type Children, children, type Life, wish } from './children.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import { newId } from './ids.ts'

export interface SupervisedEvents {
  /** A generation began; `n` counts from 1 and never repeats for this supervisor. */
  started?(child: ChildProcess, n: number): void
  /** A generation ended. `intended` is true when stop() or restart() asked for it: a planned end is never a failure. */
  ended?(why: { reason: string; intended: boolean; ranForMs: number; retryInMs?: number }): void
}

export interface SuperviseOptions {
  /** Who it is, in the book of children; unique in this process. */
  child: { id: string; kind: string }
  /** Makes one generation of the child; a throw counts as an immediate end. `word` tells a child of ours why it runs. */
  spawn: (word: () => { VISTTER_CAUSE: string }) => ChildProcess
  /** Looks before each generation whether it can live; a reason counts as its end. Aborted by stop(). */
  ready?: (signal: AbortSignal) => Promise<string | undefined>
  /** Why the child is done, where an end by itself is no failure: then no other follows. */
  finished?: (reason: string) => string | undefined
  /** Asks the child to end in its own way; after `graceMs` it is killed. Default: SIGTERM. */
  askToEnd?: (child: ChildProcess) => void
  graceMs?: number
  backoff?: BackoffOptions
  events?: SupervisedEvents
  clock?: Clock
  book?: Children
}

/** Nothing restarts twice within this time (ms), planned or not: a loop of restarts must never become a load. */
const RESTARTS_APART_MS = 1_000

/**
 * One owner for one child: starts it, starts it again with backoff when it ends without being asked,
 * and ends it for good on stop(). At most one generation lives at any time.
 */
export class Supervised {
  private child: ChildProcess | undefined
  private generation = 0
  private wanted = false
  private planned = false
  /** Why it was started; and who asked for the present end. */
  private wish: ReturnType<typeof wish>
  private ending: ReturnType<typeof wish>
  private killedFor: string | undefined
  private tries = 0
  private lastRestart = Number.NEGATIVE_INFINITY
  private loop: Promise<void> | undefined
  private wake = new AbortController()
  private readonly backoff: Backoff
  private readonly options: SuperviseOptions
  private readonly clock: Clock
  private readonly book: Children

  constructor(options: SuperviseOptions) {
    this.options = options
    this.clock = options.clock ?? systemClock
    this.book = options.book ?? children
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
    this.wish = wish()
    this.wake = new AbortController()
    this.loop = this.run()
  }

  /** Ends this generation; the next one begins at once, but not twice within a second. */
  restart(): void {
    this.planned = true
    this.ending = wish()
    this.end()
  }

  /** Kills this generation as a failure (`why`: it hangs): the next one begins after backoff. */
  kill(why?: string): void {
    this.killedFor = why
    this.child?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    this.wanted = false
    this.planned = true
    this.ending = wish()
    this.wake.abort()
    this.end()
    await this.loop
  }

  private async run(): Promise<void> {
    /** The last process, while another one is to follow it. */
    let last: Life | undefined
    while (this.wanted) {
      const began = this.clock.mono()
      const refused = await this.options.ready?.(this.wake.signal)
      if (!this.wanted) break
      this.planned = false
      this.killedFor = undefined
      const life = refused === undefined ? this.next() : undefined
      const reason = life ? await this.live(life) : String(refused)
      const ranForMs = this.clock.mono() - began
      const intended = this.planned
      if (intended) this.backoff.reset()
      else if (life) this.finish(this.options.finished?.(reason))
      const retryInMs = this.wanted ? this.pause(intended ? 0 : this.backoff.next(ranForMs)) : undefined
      if (life) this.tellEnd(life, reason, intended, retryInMs)
      last = retryInMs === undefined ? undefined : (life ?? last)
      this.options.events?.ended?.({ reason, intended, ranForMs, retryInMs })
      if (retryInMs) await this.rest(retryInMs)
    }
    last?.ended('it was not running', { action: 'stop' }, this.ending)
  }

  private finish(why: string | undefined): void {
    if (why === undefined) return
    this.wanted = false
    this.ending = { cause: newId(), command: 'child.done', why }
  }

  private next(): Life {
    if (this.tries++ > 0) this.lastRestart = this.clock.mono()
    const { id, kind } = this.options.child
    return this.book.next(id, kind, this.wish)
  }

  private pause(wantedMs: number): number {
    return Math.max(wantedMs, Math.ceil(this.lastRestart + RESTARTS_APART_MS - this.clock.mono()))
  }

  /** Timers may fire a millisecond early; a restart may not. */
  private async rest(ms: number): Promise<void> {
    const until = this.clock.mono() + ms
    for (let left = ms; left > 0 && this.wanted; left = until - this.clock.mono())
      await sleep(Math.ceil(left), this.wake.signal)
  }

  private tellEnd(life: Life, reason: string, intended: boolean, retryInMs: number | undefined): void {
    const happened = this.killedFor && !intended ? `${this.killedFor}: ${reason}` : reason
    const action = retryInMs === undefined ? 'stop' : intended ? 'restart' : 'retry'
    life.ended(happened, { action, ...(retryInMs !== undefined && { inMs: retryInMs }) }, this.ending)
    if (action === 'restart') this.wish = this.ending ?? this.wish
    this.ending = undefined
  }

  /** One generation, from spawn to exit; answers why it ended. */
  private live(life: Life): Promise<string> {
    return new Promise(resolve => {
      try {
        const child = this.options.spawn(() => ({ VISTTER_CAUSE: JSON.stringify(life.news) }))
        this.child = child
        this.generation++
        life.started(child.pid)
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
