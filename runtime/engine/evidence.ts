import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep, within } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Graphics } from './graphics/graphics.ts'
import type { Ring } from './memory/ring.ts'

/** Wide enough to know an advertisement again, small enough to be kept for months (some 20 KB each). */
const WIDTH = 480
/** So many pictures in so long (ms): what changes faster has some of them, and costs no more. */
const MOST = 20
const SPAN = 10_000
/** A picture that takes longer than this (ms) is not waited for. */
const PATIENCE = 10_000
/** A frame is published a moment after its time (ms). */
const PUBLISHED = 60
/** A frame's time is a sum of fractions (ms). */
const HAIR = 0.5

interface Deps {
  /** Undefined: nothing is kept. */
  folder: string | undefined
  /** What viewers see of the program; undefined where there is nothing now. */
  ring(): Ring | undefined
  /** When its frame 0 was (UTC ms). */
  zero(): number | undefined
  /** UTC ms on the clock that frames go by. */
  now(): number
  graphics: Pick<Graphics, 'jpeg'>
  log: Pick<Log, 'warn'>
}

/** Small pictures of a program at given frames, as files that are called by their content. Taken from what the mixer has published: it knows nothing of it. */
export class Evidence {
  private readonly shots = new Map<number, Promise<string | undefined>>()
  private readonly ending = new AbortController()
  private taken: number[] = []
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  stop(): void {
    this.ending.abort()
  }

  /** The frame at `at` (UTC ms), or the first after it that is there; answers its sha256. Never rejects. */
  at(at: number): Promise<string | undefined> {
    const known = this.shots.get(at)
    if (known || !this.admit()) return known ?? Promise.resolve(undefined)
    const shot = this.shoot(at)
      .catch(error => {
        this.deps.log.warn({ err: error }, 'a picture for proof of play is missing')
        return undefined
      })
      .finally(() => this.shots.delete(at))
    this.shots.set(at, shot)
    return shot
  }

  private admit(): boolean {
    const now = this.deps.now()
    this.taken = this.taken.filter(each => now - each < SPAN)
    if (this.deps.folder === undefined || this.taken.length >= MOST) return false
    this.taken.push(now)
    return true
  }

  private async shoot(at: number): Promise<string | undefined> {
    const { now, graphics, folder } = this.deps
    await sleep(at + PUBLISHED - now(), this.ending.signal)
    const ring = this.ending.signal.aborted ? undefined : this.deps.ring()
    const n = ring && this.frameAt(ring, at)
    if (!ring || n === undefined || folder === undefined) return undefined
    const { width, height } = ring.layout
    // It is copied before this returns; the mixer may have come round meanwhile.
    const drawing = graphics.jpeg(ring.addressOf(n), width, height, WIDTH)
    const whole = ring.intact(n)
    const jpeg = await within(PATIENCE, 'It took too long to draw.', drawing)
    return whole ? keep(folder, jpeg) : undefined
  }

  /** The oldest frame that is still there and not before `at`. */
  private frameAt(ring: Ring, at: number): number | undefined {
    const zero = this.deps.zero()
    const { head } = ring
    if (zero === undefined || head === 0) return undefined
    let found: number | undefined
    for (let n = head - 1; n >= 0 && ring.intact(n) && zero + ring.ptsOf(n) / 1_000 >= at - HAIR; n--) found = n
    return found
  }
}

async function keep(folder: string, jpeg: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(jpeg).digest('hex')
  const file = join(folder, `${sha256}.jpg`)
  await mkdir(folder, { recursive: true, mode: 0o750 })
  await writeFile(`${file}.part`, jpeg, { mode: 0o640 })
  await rename(`${file}.part`, file)
  return sha256
}
