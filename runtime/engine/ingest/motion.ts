import { type Grey, greyOf, shrink } from './grey.ts'
import type { Luma } from './picture-watch.ts'

const [COLUMNS, ROWS] = [160, 90]
/** Cells of a block's side. */
const BLOCK = 10
const BLOCKS = (COLUMNS / BLOCK) * (ROWS / BLOCK)
/** A block without this much of an edge in it (levels a cell, squared) looks the same wherever the camera looks. */
const TEXTURE = 9
/** Of that many blocks at least it takes to judge a picture. */
const LEAST_BLOCKS = BLOCKS / 16
/** A shift of this share of a cell is one (half a pixel at 1080p), where it is so many times what chance makes of noise. */
const SHIFT = 0.04
const SURE = 9
/** A block that differs by more than a shift of one cell can explain has moved further. */
const FAR = 1
/** What moves in the picture is no motion of the camera: that moves most of it. */
const SHARE = 0.5

/** Since when a picture stands, in the time of its arrivals (ms). */
export interface Standing {
  /** Between the first picture that shows what the newest one shows, and the newest. */
  stillMs: number
  /** Arrival of the last picture that was elsewhere than the one before; undefined: none was. */
  movedAt: number | undefined
}

/**
 * Tells whether a camera moves, by its picture alone. Each block of a small grey picture is asked by how much its edges
 * have shifted since the reference, which is the last picture that had moved: so a slow pan adds up until it is seen, and
 * noise does not. People, waves and a clock in the corner move some blocks, the camera moves most of them.
 */
export class Motion {
  private now: Grey = greyOf(COLUMNS, ROWS)
  private reference: Grey = greyOf(COLUMNS, ROWS)
  /** Arrival of the reference, and of the newest picture. */
  private since: number | undefined
  private newest = 0
  private movedAt: number | undefined
  private judged = false

  /** Takes in a picture that arrived at `at` (ms). */
  look(at: number, luma: Luma): void {
    shrink(luma, this.now)
    this.newest = at
    const moved = this.since === undefined ? undefined : this.share()
    this.judged = moved !== undefined
    // A wall without anything on it shows nothing; what comes after it is compared with what was before.
    if (this.since !== undefined && (moved === undefined || moved < SHARE)) return
    if (moved !== undefined) this.movedAt = at
    this.since = at
    const spare = this.reference
    this.reference = this.now
    this.now = spare
  }

  /** What was seen before says nothing about what comes. */
  forget(): void {
    this.since = undefined
    this.movedAt = undefined
    this.judged = false
  }

  /** Undefined: the picture shows nothing that would tell. */
  get standing(): Standing | undefined {
    if (this.since === undefined || !this.judged) return undefined
    return { stillMs: this.newest - this.since, movedAt: this.movedAt }
  }

  /** Which share of the blocks that have edges has moved; undefined where too few have any. */
  private share(): number | undefined {
    let seen = 0
    let moved = 0
    for (let top = 0; top < ROWS; top += BLOCK)
      for (let left = 0; left < COLUMNS; left += BLOCK) {
        const is = this.moved(left, top)
        if (is === undefined) continue
        seen++
        if (is) moved++
      }
    return seen < LEAST_BLOCKS ? undefined : moved / seen
  }

  /**
   * Least squares of the change against the slope (Lucas and Kanade), for each direction alone: a shift by d changes a cell
   * by d times its slope. Undefined: the block has no edges.
   */
  private moved(left: number, top: number): boolean | undefined {
    const [a, b] = [this.reference.cells, this.now.cells]
    const [right, bottom] = [Math.min(left + BLOCK, COLUMNS - 1), Math.min(top + BLOCK, ROWS - 1)]
    let [count, change, change2, across, across2, acrossBy, down, down2, downBy] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let row = Math.max(1, top); row < bottom; row++)
      for (let cell = row * COLUMNS + Math.max(1, left); cell < row * COLUMNS + right; cell++) {
        const t = b[cell] - a[cell]
        const x = (a[cell + 1] - a[cell - 1] + b[cell + 1] - b[cell - 1]) / 4
        const y = (a[cell + COLUMNS] - a[cell - COLUMNS] + b[cell + COLUMNS] - b[cell - COLUMNS]) / 4
        count++
        change += t
        change2 += t * t
        across += x
        across2 += x * x
        acrossBy += x * t
        down += y
        down2 += y * y
        downBy += y * t
      }
    if (across2 + down2 < TEXTURE * count) return undefined
    // The light may change as it likes: only what differs within the block counts.
    const mean = change / count
    const rest = change2 - change * mean
    const sure = (SURE * rest) / count
    return (
      rest > FAR * (across2 + down2) ||
      shifted(acrossBy - across * mean, across2, sure) ||
      shifted(downBy - down * mean, down2, sure)
    )
  }
}

const shifted = (by: number, slope2: number, sure: number): boolean =>
  Math.abs(by) > SHIFT * slope2 && by * by > sure * slope2
