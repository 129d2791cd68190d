import { type OclDocument, parseDuration, parseFrameRate } from '../ocl/index.ts'
import type { Report } from './events.ts'
import type { Evidence } from './evidence.ts'
import type { Airing } from './mixer/airings.ts'
import type { MixerReport } from './mixer/mixer.ts'

/** No way in is waited for longer than this (ms). */
const LONGEST_WAY_IN = 5_000
/** A frame's time is a sum of fractions (ms). */
const HAIR = 0.5

interface Deps {
  program: string
  event: Report
  evidence: Pick<Evidence, 'at'>
  documentOf(overlay: string): OclDocument | undefined
}

interface Shot {
  last: Airing
  picture?: string
  done: boolean
}

/** Tells what was on air, for proof of play; of what has an asset with a picture of it. Control keeps it apart from what people read. */
export class Telling {
  private readonly shots = new Map<string, Shot>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  tell({ airings, pictures }: Pick<MixerReport, 'airings' | 'pictures'>): void {
    for (const airing of airings) this.aired(airing)
    for (const airing of pictures) this.shown(airing)
  }

  private aired(airing: Airing): void {
    const { overlay, cue, asset, sha256, firstAt, ended } = airing
    const key = JSON.stringify([overlay, cue, asset, sha256, firstAt])
    const shot = asset === undefined ? undefined : (this.shots.get(key) ?? this.begin(key, airing))
    if (shot) shot.last = airing
    if (shot?.done && ended) this.shots.delete(key)
    this.say(airing, shot?.picture)
  }

  private begin(key: string, airing: Airing): Shot {
    const shot: Shot = { last: airing, done: false }
    this.shots.set(key, shot)
    const { evidence, documentOf } = this.deps
    // What comes in slowly is not to be recognised in its first frame.
    const at = airing.firstAt + wayInOf(documentOf(airing.overlay), airing.cue)
    void evidence.at(at).then(picture => {
      const { ended, lastAt } = shot.last
      shot.done = true
      // What has left before is not in it.
      if (picture !== undefined && !(ended && lastAt < at - HAIR)) shot.picture = picture
      if (!ended) return
      this.shots.delete(key)
      if (shot.picture !== undefined) this.say(shot.last, shot.picture)
    })
    return shot
  }

  private say(airing: Airing, picture: string | undefined): void {
    const { overlay, cue, frames, ended } = airing
    this.deps.event({
      type: 'overlay.aired',
      severity: 'info',
      message: `${cue} of overlay ${overlay} ${ended ? 'was' : 'has been'} on air for ${frames} frames.`,
      data: { program: this.deps.program, ...airing, ...(picture !== undefined && { picture }) },
    })
  }

  private shown({ cue: source, firstAt, lastAt, frames, ended }: Airing): void {
    this.deps.event({
      type: 'program.shown',
      severity: 'info',
      message: `${source} ${ended ? 'was' : 'has been'} on air for ${frames} frames.`,
      data: { program: this.deps.program, source, firstAt, lastAt, frames, ended },
    })
  }
}

/** How long (ms) the transition takes by which a cue comes in. Pure. */
export function wayInOf(document: OclDocument | undefined, cue: string): number {
  const cues = document?.scenes.flatMap(({ tracks }) => tracks.flatMap(track => track.cues)) ?? []
  const { type, duration = 0 } = cues.find(({ id }) => id === cue)?.transition?.in ?? {}
  if (type === undefined || type === 'cut') return 0
  const rate = parseFrameRate(document?.timeline.frameRate)
  return Math.min(LONGEST_WAY_IN, parseDuration(duration, rate) ?? 0)
}
