import type { Fault } from '../../contract/errors.ts'
import type { ProgramState, ProgramSound as Wanted } from '../../contract/generated/engine.v1.ts'
import { Backoff, childBackoff } from '../../lib/backoff.ts'
import { type Clock, sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Report } from '../events.ts'
import type { Arena } from '../memory/arena.ts'
import { BED_FADE_MS } from './bed.ts'
import { factor } from './decibel.ts'
import { decodeSound, unreadable } from './decode.ts'
import { Loop } from './loop.ts'
import type { Mix } from './sound.ts'

interface Deps {
  arena: Arena
  clock: Clock
  /** Where decoded sound is kept. */
  folder: string
  event: Report
  log: Pick<Log, 'error'>
  changed: () => void
  /** Gives the mixer what it shall play; resolves when it touches no bed any more that is not named there. */
  publish(mix: Mix): Promise<void>
}

/** A program's sound besides its sources: what its mixer is told at once, and its bed, which takes a moment to be read. */
export class ProgramSound {
  private wanted: Wanted = {}
  private playing: { file: string; loop: Loop } | undefined
  /** The one before, while it fades out. */
  private leaving: Loop | undefined
  private failed: { file: string; error: Fault } | undefined
  private readonly backoff = new Backoff(childBackoff)
  /** Until the failed one is tried again. */
  private resting = false
  private again: NodeJS.Timeout | undefined
  private changing: Promise<void> | undefined
  private stopped = false
  private readonly program: string
  private readonly deps: Deps

  constructor(program: string, deps: Deps) {
    this.program = program
    this.deps = deps
  }

  /** Levels change with the next frame; another bed when it has been read. */
  set(wanted: Wanted = {}): void {
    if (wanted.bed?.file !== this.wanted.bed?.file) {
      this.failed = undefined
      this.backoff.reset()
    }
    this.wanted = wanted
    this.bring()
    void this.publish()
  }

  get state(): ProgramState['bed'] {
    const { bed } = this.wanted
    if (!bed) return undefined
    const playing = this.playing?.file === bed.file
    return { playing, ...(!playing && this.failed && { error: this.failed.error }) }
  }

  /** After the mixer has ended. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.again)
    this.playing?.loop.stop()
    this.leaving?.stop()
  }

  private bring(): void {
    const { log } = this.deps
    this.changing ??= this.change()
      .catch(err => log.error({ err, program: this.program }, 'bed not changed'))
      .finally(() => {
        this.changing = undefined
      })
  }

  /** Goes from bed to bed until the one is there that is wanted by then. */
  private async change(): Promise<void> {
    while (!this.stopped && this.file !== this.playing?.file) {
      const next = await this.read(this.file)
      if (this.stopped) return next?.loop.stop()
      this.leaving = this.playing?.loop
      this.playing = next
      if (next) this.failed = undefined
      this.deps.changed()
      await this.publish()
      await this.leave()
    }
  }

  /** Lets the old bed fade out, then the mixer forgets it, then it goes. */
  private async leave(): Promise<void> {
    const { leaving } = this
    if (!leaving) return
    await sleep(2 * BED_FADE_MS)
    if (this.stopped) return
    this.leaving = undefined
    await this.publish()
    leaving.stop()
  }

  /** What is wanted and can be had. */
  private get file(): string | undefined {
    const file = this.wanted.bed?.file
    return this.resting && file === this.failed?.file ? undefined : file
  }

  private async read(file: string | undefined): Promise<{ file: string; loop: Loop } | undefined> {
    if (file === undefined) return undefined
    const { arena, clock, folder } = this.deps
    const read = await decodeSound(file, folder)
    try {
      if ('fd' in read) return { file, loop: await Loop.begin(read, arena, clock, error => this.broke(file, error)) }
      this.fail(file, read)
    } catch (error) {
      this.fail(file, unreadable(file, error))
    }
    return undefined
  }

  /** It fades out with what has been read of it. */
  private broke(file: string, error: Error): void {
    if (file !== this.playing?.file) return
    this.fail(file, unreadable(file, error))
    this.bring()
  }

  /** Told once; tried again and again, since a disk comes back, and so does memory. */
  private fail(file: string, error: Fault): void {
    const told = this.failed?.file === file && this.failed.error.code === error.code
    this.failed = { file, error }
    this.resting = true
    clearTimeout(this.again)
    this.again = setTimeout(() => this.retry(), this.backoff.next(0))
    if (told) return
    const data = { program: this.program, code: error.code }
    this.deps.event({ type: 'bed.failed', severity: 'warning', message: error.detail, data })
  }

  private retry(): void {
    this.resting = false
    this.bring()
  }

  private publish(): Promise<void> {
    const { bed, mute = false, loudness } = this.wanted
    const { leaving } = this
    // While another bed is read the old one plays on, as loud as is wanted now: a change is one crossfade, not two.
    const loop = this.playing?.loop
    const layouts = [leaving, bed ? undefined : loop].flatMap(each => (each ? [each.layout] : []))
    return this.deps.publish({
      mute,
      leaving: layouts,
      ...(bed &&
        loop && { bed: { ring: loop.layout, gain: bed.mute ? 0 : factor(bed.gain), duck: factor(-bed.duck) } }),
      ...(loudness !== undefined && { loudness }),
    })
  }
}
