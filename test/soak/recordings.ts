import { packets } from '../peers/media.ts'

const FRAME_MS = 1_000 / 30
/** A hole of at least this (ms) is the death of an encoder, not a lost frame. */
const HOLE_MS = 250
const LONGEST_HOLE_MS = 5_000

export interface Reel {
  frames: number
  missing: number
  holes: number
  faults: string[]
}

/** What a platform's recording says: every timestamp above the one before, and how many frames are not there. */
export async function judge(file: string): Promise<Reel> {
  const [video, audio] = await Promise.all([packets(file, 'v'), packets(file, 'a')])
  const gaps = video.slice(1).map(({ dts }, n) => dts - video[n].dts)
  const holes = gaps.filter(gap => gap >= HOLE_MS)
  const missing = gaps.filter(gap => gap < HOLE_MS).reduce((sum, gap) => sum + Math.round(gap / FRAME_MS) - 1, 0)
  const falls = (times: { dts: number }[]) => times.slice(1).filter(({ dts }, n) => dts <= times[n].dts).length
  const faults = [
    ...(falls(video) > 0 ? [`${file}: ${falls(video)} video timestamps do not rise`] : []),
    ...(falls(audio) > 0 ? [`${file}: ${falls(audio)} audio timestamps do not rise`] : []),
    ...holes.filter(ms => ms > LONGEST_HOLE_MS).map(ms => `${file}: a hole of ${Math.round(ms)} ms`),
  ]
  return { frames: video.length, missing, holes: holes.length, faults }
}
