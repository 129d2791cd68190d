import { setTimeout as pause } from 'node:timers/promises'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { pathsFor } from '../../runtime/lib/paths.ts'
import { Stage } from '../peers/stage.ts'
import type { Figures } from './figure.ts'
import { type Seen, Witness } from './witness.ts'

const FPS = 30
const FULL = { width: 1920, height: 1080, fps: FPS, videoBitrate: 4500, audioBitrate: 128, keyframeInterval: 2 }
const TAKES = 100
const TIMED = 24
const AHEAD = 800
/** Mean difference of two thumbnails: the encoder's noise on the slate stays below, the camera does not. */
const ALIKE = 4

export interface Taken {
  slate: boolean
  /** When it was to happen: as soon as it was sent, or at its `at` (performance.now()). */
  from: number
  /** UTC ms. */
  at?: number
}

/**
 * A camera and the slate in turns, at 1080p30 with the encoder that the appliance chooses itself: from the API's request on
 * its way until the encoder has given the whole first picture that shows it, and whether timed ones begin on their very frame.
 */
export async function take(): Promise<Figures> {
  const stage = new Stage()
  try {
    await stage.start({ width: 1920, height: 1080, fps: FPS })
    await stage.onAir(FULL)
    await stage.api.post('/program/take', { source: 'slate' })
    await stage.sourceIs('slate')
    const witness = await Witness.of(pathsFor(stage.appliance.data).engineMediaSocket)
    await pause(2_000)
    const asked = await takes(stage)
    const timed = await timedTakes(stage)
    const seen = await witness.testimony()

    const first = firstPictures([...asked, ...timed], seen)
    const delays = asked.map(({ from }, n) => (first[n]?.arrived ?? [...asked, ...timed][n + 1].from) - from)
    delays.sort((a, b) => a - b)
    const unseen = asked.filter((_, n) => !first[n]).length
    const off = framesOff(timed.map(({ at }, n) => Number(at) - (first[TAKES + n]?.timestamp ?? Number.NaN)))
    const rank = (share: number) => Math.round(delays[Math.ceil(share * delays.length) - 1])
    return {
      'take.p99_ms': {
        value: rank(0.99),
        unit: 'ms',
        note: `p50 ${rank(0.5)}, longest ${rank(1)}, of ${TAKES} takes: API request to picture out of the encoder; ${unseen} never seen`,
      },
      'take.frames_off': { value: off, unit: 'takes', note: `of ${TIMED} timed ones not on the frame of their \`at\`` },
    }
  } finally {
    await stage.end()
  }
}

/** Takes at moments that have nothing to do with the frame clock, further apart than any should need. */
async function takes(stage: Stage): Promise<Taken[]> {
  const done: Taken[] = []
  for (let n = 0; n < TAKES; n++) {
    const slate = n % 2 === 1
    done.push({ slate, from: performance.now() })
    await stage.api.post('/program/take', { source: slate ? 'slate' : stage.cameraId })
    await pause(300 + ((n * 37) % 100))
  }
  return done
}

/** Told a while ahead, each for another part of a frame. */
async function timedTakes(stage: Stage): Promise<Taken[]> {
  await pause(500)
  const done: Taken[] = []
  for (let n = 0; n < TIMED; n++) {
    const slate = n % 2 === 1
    const at = Date.now() + AHEAD
    done.push({ slate, from: performance.now() + AHEAD, at })
    await stage.api.post('/program/take', { source: slate ? 'slate' : stage.cameraId, at: rfc3339(at) })
    await pause(600 + ((n * 7) % 34))
  }
  await pause(AHEAD + 500)
  return done
}

/** The first picture of each take; none for one that the next but one came before. */
export function firstPictures(taken: Taken[], seen: Seen[]): (Seen | undefined)[] {
  const still = seen.findLast(({ arrived }) => arrived < taken[0].from)
  if (!still) throw new Error('nothing was seen before the first take')
  const isSlate = seen.map(({ thumbnail }) => apart(thumbnail, still.thumbnail) < ALIKE)
  const changed = seen.filter(({ arrived }, k) => k > 0 && arrived > taken[0].from && isSlate[k] !== isSlate[k - 1])
  // As many changes as takes: one for each in their order, however late they came.
  if (changed.length === taken.length) return changed
  let last = 0
  return taken.map(({ slate, from }, n) => {
    const until = taken[n + 2]?.from ?? Number.POSITIVE_INFINITY
    const begins = ({ arrived }: Seen, k: number) =>
      k > last && arrived > from && arrived < until && isSlate[k] === slate && isSlate[k - 1] !== slate
    const found = seen.findIndex(begins)
    if (found > 0) last = found
    return seen[found]
  })
}

/**
 * A timed take begins on the first frame at or after its `at`. So for every one of them the difference of both time lines,
 * UTC minus program time, lies between `at - timestamp` and a frame more; how many disagree with the others?
 */
export function framesOff(differences: number[]): number {
  // FLV times are whole ms: half a ms either way is rounding.
  const agree = (zero: number) => differences.filter(least => zero >= least - 0.6 && zero < least + 1_000 / FPS + 0.6)
  return differences.length - Math.max(...differences.map(zero => agree(zero).length))
}

const apart = (a: Buffer, b: Buffer): number => a.reduce((sum, value, n) => sum + Math.abs(value - b[n]), 0) / a.length
