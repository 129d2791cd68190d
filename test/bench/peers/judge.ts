import { statSync } from 'node:fs'
import { tagsOf } from '../../peers/flv-tags.ts'
import { counters } from '../../peers/media.ts'
import { PROFILE } from './profile.ts'

/** What a part of a recording shows, whoever made it. */
export interface Verdict {
  /** Pictures that should be there. */
  due: number
  /** Pictures that are not there, by the timestamps, or because the tool fell behind real time. */
  missing: number
  /** Pictures that show the camera's one before again. */
  repeated: number
  /** Pictures of the camera that were never shown. */
  skipped: number
}

/** Where the recording ended at some moment: nginx writes each tag as it comes. */
export interface Moment {
  at: number
  bytes: number
}

export const momentOf = (file: string): Moment => ({ at: performance.now(), bytes: statSync(file).size })

/** Tags arrive in bursts: being so far (ms) behind is not falling behind. */
const BURST = 300

/** Pictures in a loop of the camera, which begins with number 0 again. */
const LOOP = 16 * PROFILE.fps

export async function judge(file: string, from: Moment, to: Moment): Promise<Verdict> {
  const numbers = await counters(file)
  const shown = picturesBetween(file, from, to).flatMap(({ time, n }) =>
    numbers[n] === undefined ? [] : [{ time, number: numbers[n] }],
  )
  return verdict(shown, to.at - from.at)
}

/** The pictures that came into a recording between two moments: their times (ms), and which of all its pictures they are. */
export function picturesBetween(file: string, from: Moment, to: Moment): { time: number; n: number }[] {
  let end = 13
  let n = 0
  const found: { time: number; n: number }[] = []
  for (const { kind, header, timestamp, data } of tagsOf(file)) {
    end += 15 + data.length
    if (kind !== 'video' || header) continue
    if (end > from.bytes && end <= to.bytes) found.push({ time: timestamp, n })
    n++
  }
  return found
}

export function verdict(shown: { time: number; number: number }[], wallMs: number): Verdict {
  const due = Math.round((wallMs * PROFILE.fps) / 1_000)
  if (shown.length < 2) return { due, missing: due, repeated: 0, skipped: 0 }
  const frames = (ms: number) => Math.round((ms * PROFILE.fps) / 1_000)
  const result = { due, missing: 0, repeated: 0, skipped: 0 }
  for (const [n, { time, number }] of shown.entries()) {
    if (n === 0) continue
    const before = shown[n - 1]
    result.missing += Math.max(0, frames(time - before.time) - 1)
    const step = (number - before.number + LOOP) % LOOP
    if (step === 0) result.repeated++
    // A step of more than half a loop is a step back, or a picture without a number.
    else if (step < LOOP / 2) result.skipped += step - 1
  }
  const behind = wallMs - (shown[shown.length - 1].time - shown[0].time)
  if (behind > BURST) result.missing += frames(behind)
  return result
}
