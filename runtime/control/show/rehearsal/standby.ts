import type { Readiness } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import type { Recorder } from '../../ports.ts'
import type { Reason } from './house.ts'

/** A timeline that is to start. `at`: UTC ms. */
export interface Upcoming {
  timeline: string
  name: string
  at: number
}

interface Deps {
  /** Those that start after `from`, and not after `to`. */
  upcoming(from: number, to: number): Upcoming[]
  /** What stands in its way; `left`: ms until it starts. */
  check(timeline: string, at: number, left: number): Reason[]
  /** Fetches what is missing, and turns what nobody sees. */
  prepare(timeline: string): void
  /** So long before its start each is checked (ms); 0: never. */
  readinessMs(): number
  clock: Clock
  record: Recorder
  touched(): void
}

interface Call extends Upcoming {
  reasons: Reason[]
}

/** What has changed since is seen within this time (ms). */
const EVERY = 1_000
/** What begins sooner is not called any more (ms). */
const SOON = 1_500
/** So long after its start it is still told how ready it was (ms). */
const KEPT = 60_000

/** Stand by! Before a timeline starts, what it needs is made ready; whether that succeeded is told while it can still be mended. */
export class Standby {
  private readonly calls = new Map<string, Call>()
  private timer: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => this.look(), EVERY)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  of(timeline: string): Readiness | undefined {
    const call = this.calls.get(timeline)
    return call && { at: rfc3339(call.at), ready: isReady(call), reasons: call.reasons }
  }

  look(): void {
    const { upcoming, readinessMs, clock } = this.deps
    const now = clock.now()
    const coming = readinessMs() > 0 ? upcoming(now, now + readinessMs()) : []
    for (const one of coming) this.call(one, one.at - now)
    const expected = new Set(coming.map(({ timeline }) => timeline))
    for (const [timeline, { at }] of this.calls)
      if (!expected.has(timeline) && (now < at || now > at + KEPT)) this.forget(timeline)
  }

  private call(one: Upcoming, left: number): void {
    const { check, prepare, touched } = this.deps
    const { timeline, at } = one
    const before = this.calls.get(timeline)
    const isNew = before?.at !== at
    // One that is started at once is no call.
    if (isNew && left < SOON) return
    if (isNew) prepare(timeline)
    const reasons = check(timeline, at, left)
    const call = { ...one, reasons }
    this.calls.set(timeline, call)
    if (isNew || signature(errorsOf(before)) !== signature(errorsOf(call))) this.tell(call)
    if (isNew || signature(before.reasons) !== signature(reasons)) touched()
  }

  /** Studio takes `timeline.ready` as the answer to its start. */
  private tell(call: Call): void {
    const { record } = this.deps
    const { timeline, name, at, reasons } = call
    const data = { timeline, at: rfc3339(at), reasons }
    const [worst] = errorsOf(call)
    if (!worst) {
      const message = `The timeline ${name} is ready to start at ${rfc3339(at)}.`
      record({ type: 'timeline.ready', severity: 'info', message, data })
      return
    }
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''
    const message = `The timeline ${name} is not ready to start at ${rfc3339(at)}: ${worst.detail}${more}`
    record({ type: 'timeline.not-ready', severity: 'warning', message, data })
  }

  /** It is over, or was called off. */
  private forget(timeline: string): void {
    this.calls.delete(timeline)
    this.deps.touched()
  }
}

const errorsOf = ({ reasons }: Call): Reason[] => reasons.filter(({ severity }) => severity === 'error')

const isReady = (call: Call): boolean => errorsOf(call).length === 0

const signature = (reasons: readonly Reason[]): string => JSON.stringify(reasons.map(({ code, path }) => [code, path]))
