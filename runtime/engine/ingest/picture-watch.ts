import { type Fault, fault } from '../../contract/errors.ts'

/** Looks at what is in the picture: frames that keep arriving prove that the connection lives, not that the camera sees. */

/** Samples of one look, spread over the picture. */
const SAMPLES = 8_000
const LOOK_EVERY_MS = 500
/** A picture counts as frozen or black after this long; clearing takes two looks that say otherwise. */
const AFTER_MS = 6_000
const LOOKS_TO_CLEAR = 2
/**
 * An encoder that is given one still again and again changes a sample in a hundred by a level or two. The least noise of
 * a living sensor, after compression, changes more of them; a clock in the corner changes few, but by a lot.
 */
const SHARE_CHANGED = 0.02
const STEP_CHANGED = 8
/** Limited range: black is 16. A dark place with lamps in it has a spread, a covered lens has none. */
const BLACK_MEAN = 26
const BLACK_SPREAD = 5

export type Trouble = 'frozen' | 'black'

export const TROUBLES: Record<Trouble, Fault> = {
  frozen: fault('CAMERA_FROZEN', 'The camera goes on sending, but always the same picture.'),
  black: fault('CAMERA_BLACK', 'The camera goes on sending, but its picture is black.'),
}

/** A change of trouble as an event. */
export function newsOf(name: string, before: Trouble | undefined, now: Trouble | undefined) {
  if (!now) {
    const message = `${name} shows a living picture again.`
    return { type: `source.${before}-cleared`, severity: 'info', message, data: {} } as const
  }
  const { code, detail } = TROUBLES[now]
  return { type: `source.${now}`, severity: 'warning', message: `${name}: ${detail}`, data: { code } } as const
}

/** Where luma lies in memory: `height` rows of `width` bytes from `at` on. */
export interface Luma {
  bytes: Uint8Array
  at: number
  width: number
  height: number
}

/** Finds a picture that stands still or is black although frames arrive. Times are monotonic ms. */
export class PictureWatch {
  trouble: Trouble | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  private now: Uint8Array = new Uint8Array(0)
  private reference: Uint8Array | undefined
  private stillSince = 0
  private blackSince: number | undefined
  private contrary = 0

  /** Whether the next look is due. */
  due(now: number): boolean {
    return now - this.lookedAt >= LOOK_EVERY_MS
  }

  /** Takes a picture in; answers whether `trouble` changed by it. */
  look(now: number, luma: Luma): boolean {
    this.lookedAt = now
    this.sample(luma)
    const black = this.isBlack()
    if (!black) this.blackSince = undefined
    else this.blackSince ??= now
    if (!this.reference || this.changed(this.reference)) {
      const spare = this.reference ?? new Uint8Array(this.now.length)
      this.reference = this.now
      this.now = spare
      this.stillSince = now
    }
    return this.turn(this.seen(now))
  }

  /** A pause or a new connection: what was seen before says nothing about what comes. */
  forget(): void {
    this.reference = undefined
    this.blackSince = undefined
  }

  private seen(now: number): Trouble | undefined {
    if (this.blackSince !== undefined && now - this.blackSince >= AFTER_MS) return 'black'
    return now - this.stillSince >= AFTER_MS ? 'frozen' : undefined
  }

  private turn(seen: Trouble | undefined): boolean {
    if (seen === this.trouble) this.contrary = 0
    // One odd picture, as a keyframe that was coded anew, is no life.
    else if (seen !== undefined || ++this.contrary >= LOOKS_TO_CLEAR) {
      this.trouble = seen
      this.contrary = 0
      return true
    }
    return false
  }

  private sample({ bytes, at, width, height }: Luma): void {
    const count = Math.min(SAMPLES, width * height)
    if (this.now.length !== count) {
      this.now = new Uint8Array(count)
      this.reference = undefined
    }
    const step = (width * height) / count
    for (let n = 0; n < count; n++) this.now[n] = bytes[at + Math.floor(n * step)]
  }

  private changed(reference: Uint8Array): boolean {
    let changed = 0
    for (let n = 0; n < this.now.length; n++) {
      const step = Math.abs(this.now[n] - reference[n])
      if (step > STEP_CHANGED) return true
      if (step > 0) changed++
    }
    return changed > this.now.length * SHARE_CHANGED
  }

  private isBlack(): boolean {
    let sum = 0
    let squares = 0
    for (const value of this.now) {
      sum += value
      squares += value * value
    }
    const mean = sum / this.now.length
    return mean <= BLACK_MEAN && squares / this.now.length - mean * mean <= BLACK_SPREAD ** 2
  }
}
