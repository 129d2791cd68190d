import { packets } from '../peers/media.ts'

const FRAME_MS = 1_000 / 30

/** A stretch of a recording without pictures: ms into it, how long, and how many frames are not there. */
export interface Hole {
  at: number
  ms: number
  missing: number
}

export interface Reel {
  frames: number
  holes: Hole[]
  faults: string[]
}

/** What a platform's recording says: every timestamp above the one before, and where frames are not there. */
export async function judge(file: string): Promise<Reel> {
  const [video, audio] = await Promise.all([packets(file, 'v'), packets(file, 'a')])
  const holes = video.slice(1).map(({ dts }, n) => {
    const ms = dts - video[n].dts
    return { at: video[n].dts - video[0].dts, ms, missing: Math.max(0, Math.round(ms / FRAME_MS) - 1) }
  })
  const fall = (kind: string, times: { dts: number }[]) => {
    const at = times.slice(1).filter(({ dts }, n) => dts <= times[n].dts)
    return at.length > 0
      ? [`${file}: ${at.length} ${kind} timestamps do not rise, the first at ${Math.round(at[0].dts)} ms`]
      : []
  }
  return {
    frames: video.length,
    holes: holes.filter(({ missing }) => missing > 0),
    faults: [...fall('video', video), ...fall('audio', audio)],
  }
}
