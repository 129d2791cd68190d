import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { Command } from '../../contract/generated/studio.v1.ts'
import { sleep, within } from '../../lib/clock.ts'
import { isFull } from '../../lib/disk.ts'
import type { Log } from '../../lib/log.ts'
import { taken } from '../../lib/taken.ts'
import type { Inbox, Kept, Word } from './inbox.ts'
import { type Refusal, refusal } from './intake.ts'

export interface Order {
  id: string
  command: Command
  /** UTC ms by this box's clock: it was begun before control ended, so see first whether it took effect. */
  begunAt?: number
  /** Says how far it is. */
  progress(word: Word & { status: 'ready' | 'running' }): Promise<unknown>
}

interface Deps {
  inbox: Pick<Inbox, 'say'>
  clock: { now(): number }
  log: Log
  /** Carries a command out, once. What it answers goes into the ack; what it throws makes the command fail. */
  carryOut(order: Order): Promise<{ metrics?: Record<string, number>; result?: Record<string, unknown> } | undefined>
  /** Its last word is on the disk. */
  finished?(kept: Kept, word: Word): void
  /** The longest that one may take (ms). */
  longest?: number
}

const LONGEST = 15 * 60_000
/** How often it is looked whether something has waited for too long. */
const LOOK = 500
/** How long an end waits (ms). */
const PATIENCE = 2_000
/** How soon a disk without room is tried again (ms). */
const TRY_AGAIN = 1_000

/** Carries commands out: those of one lane one after another, lanes side by side. One that waited for too long ends as `expired`. */
export class Runner {
  private readonly lanes = new Map<string, Kept[]>()
  private readonly busy = new Map<string, Promise<void>>()
  private timer: NodeJS.Timeout | undefined
  private readonly ending = new AbortController()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(left: Kept[]): void {
    for (const kept of left) this.add(kept)
  }

  add(kept: Kept): void {
    if (this.stopped) return
    this.lanes.set(kept.lane, [...(this.lanes.get(kept.lane) ?? []), kept])
    this.go(kept.lane)
    this.watch()
  }

  /** What is under way is waited for, but not for long; what was not begun stays on the disk for the next life. */
  async stop(): Promise<void> {
    this.ending.abort()
    clearTimeout(this.timer)
    this.lanes.clear()
    const patience = new AbortController()
    await Promise.race([Promise.all(this.busy.values()), sleep(PATIENCE, patience.signal)])
    patience.abort()
  }

  /** What was not begun is not wanted any more. */
  drop(): void {
    this.lanes.clear()
  }

  private go(lane: string): void {
    if (this.busy.has(lane) || !this.lanes.has(lane)) return
    const work = this.work(lane)
      .catch(error => this.deps.log.error({ err: error, lane }, 'a command of Studio was not carried out'))
      .finally(() => {
        taken(this.busy, lane)
        this.go(lane)
      })
    this.busy.set(lane, work)
  }

  private async work(lane: string): Promise<void> {
    const [kept, ...rest] = this.lanes.get(lane) ?? []
    if (rest.length > 0) this.lanes.set(lane, rest)
    else this.lanes.delete(lane)
    if (!kept || this.stopped) return
    if (this.isLate(kept)) await this.expire(kept)
    else await this.finish(kept)
  }

  private async finish(kept: Kept): Promise<void> {
    const word = await this.carriedOut(kept)
    if (await this.say(kept.id, word)) this.deps.finished?.(kept, word)
  }

  private async carriedOut({ id, command, begunAt }: Kept): Promise<Word> {
    const started = performance.now()
    await this.say(id, { status: 'running' })
    try {
      const order = {
        ...{ id, command, ...(begunAt !== undefined && { begunAt }) },
        progress: (word: Word) => this.say(id, word),
      }
      const answer = await this.bounded(this.deps.carryOut(order))
      const metrics = { ms: Math.round(performance.now() - started), ...answer?.metrics }
      return { status: 'done', metrics, ...(answer?.result && { result: answer.result }) }
    } catch (thrown) {
      const error = asVistterError(thrown)
      if (!(thrown instanceof VistterError)) this.deps.log.error({ err: thrown, id }, 'a command of Studio failed')
      return {
        status: isMalformed(error) ? 'rejected' : 'failed',
        ...refusal(error.code, error.message, pointsOf(error)),
      }
    }
  }

  private bounded<T>(work: Promise<T>): Promise<T> {
    const { longest = LONGEST } = this.deps
    const late = new VistterError('COMMAND_TIMEOUT', `It was not carried out within ${Math.round(longest / 1_000)} s.`)
    return within(longest, late.message, work).catch(thrown => {
      throw thrown instanceof Error && thrown.message === late.message ? late : thrown
    })
  }

  /** What was begun may have taken effect: that it is too late would not be true. */
  private isLate({ expiresAt, begunAt }: Kept): boolean {
    return begunAt === undefined && expiresAt <= this.deps.clock.now()
  }

  private async expire({ id }: Kept): Promise<void> {
    const why = refusal('COMMAND_EXPIRED', 'It was too late before its turn came.')
    await this.say(id, { status: 'expired', ...why })
  }

  private watch(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.sweep().catch(error => this.deps.log.error({ err: error }, 'late commands of Studio were not ended'))
      if (this.lanes.size > 0) this.watch()
    }, LOOK)
  }

  private async sweep(): Promise<void> {
    for (const [lane, waiting] of this.lanes) {
      const late = waiting.filter(kept => this.isLate(kept))
      if (late.length === 0) continue
      const left = waiting.filter(kept => !late.includes(kept))
      if (left.length > 0) this.lanes.set(lane, left)
      else this.lanes.delete(lane)
      for (const kept of late) await this.expire(kept)
    }
  }

  /** Every command has its last word: one for which the disk has no room waits for it. */
  private async say(id: string, word: Word): Promise<boolean> {
    for (;;)
      try {
        return await this.deps.inbox.say(id, word)
      } catch (error) {
        if (this.stopped || !isFull(error)) throw error
        this.deps.log.warn({ id, status: word.status }, 'the disk has no room for what Studio is to hear')
        await sleep(TRY_AGAIN, this.ending.signal)
      }
  }

  private get stopped(): boolean {
    return this.ending.signal.aborted
  }
}

/** What is wrong with the command itself is found late where only its executor can tell. */
const isMalformed = ({ code, status, extra }: VistterError): boolean =>
  status === 400 || code === 'COMMAND_REFUSED' || Array.isArray(extra.errors)

/** Where in the command it is wrong, as far as that is known. */
function pointsOf({ extra: { path, errors } }: VistterError): Partial<Refusal> {
  const problems = (Array.isArray(errors) ? errors : []).filter(isPoint).map(({ path, message }) => ({ path, message }))
  const first = typeof path === 'string' ? path : problems[0]?.path
  return {
    ...(first !== undefined && { path: first }),
    ...(problems.length > 1 && { problems: problems.slice(0, 50) }),
  }
}

const isPoint = (found: unknown): found is { path: string; message: string } =>
  typeof found === 'object' && found !== null && 'path' in found && 'message' in found
