import type { FrameTimes } from './clock.ts'

/** An element of an overlay that is to be seen. */
export interface Shown {
  cue: string
  /** Id and content of the asset that it shows; of words and shapes there is none. */
  asset?: string
  sha256?: string
}

/** One unbroken time on air, as the mixer counted it: what proof of play rests on. */
export interface Airing extends Shown {
  overlay: string
  /** UTC ms of the first and of the last frame that showed it. */
  firstAt: number
  lastAt: number
  frames: number
  /** It has left the air; otherwise it goes on, and is told again. */
  ended: boolean
}

interface Open {
  airing: Shown & { overlay: string }
  firstAt: number
  /** Frames published before its first one. */
  before: number
  toldAt: number
}

interface Cast {
  id: string
  seen: readonly Shown[]
}

/** One that lasts is told when it begins and so often (ms), so that a power cut costs no more of it. */
const TELL_EVERY = 5_000

/** Counts what of the overlays was on air, frame by frame; frames that were left out do not count. */
export class Airings {
  private readonly open = new Map<string, Open>()
  private readonly casts = new Map<string, readonly Shown[]>()
  private done: Airing[] = []
  private frames = 0
  private last = 0
  /** UTC ms of frame 0. */
  private zero = 0
  private readonly times: Pick<FrameTimes, 'msOf'>

  constructor(times: Pick<FrameTimes, 'msOf'>) {
    this.times = times
  }

  /** Frame `n` (UTC ms `wall`) shows these overlays. */
  saw(players: ReadonlyMap<string, Cast>, n: number, wall: number): void {
    this.zero = wall - this.times.msOf(n)
    for (const id of this.casts.keys()) if (!players.has(id)) this.change(id, [], wall)
    for (const { id, seen } of players.values()) if (this.casts.get(id) !== seen) this.change(id, seen, wall)
    this.again(n)
  }

  /** Frame `n` shows the one before again. */
  again(n: number): void {
    this.frames++
    this.last = n
  }

  /** What has left the air since the last call, what is new, and what lasts and was not told for a while. */
  take(): Airing[] {
    const now = this.zero + this.times.msOf(this.last)
    const { done } = this
    this.done = []
    for (const open of this.open.values())
      if (now - open.toldAt >= TELL_EVERY) {
        open.toldAt = now
        done.push(this.told(open, false))
      }
    return done
  }

  /** All of it ends with the last frame; what goes on begins anew with the next one. */
  cut(): void {
    for (const open of this.open.values()) this.done.push(this.told(open, true))
    this.open.clear()
    this.casts.clear()
  }

  private change(overlay: string, shown: readonly Shown[], wall: number): void {
    const now = new Map(shown.map(each => [keyOf(overlay, each), each]))
    for (const [key, open] of this.open) {
      if (open.airing.overlay !== overlay || now.has(key)) continue
      this.open.delete(key)
      this.done.push(this.told(open, true))
    }
    for (const [key, each] of now)
      if (!this.open.has(key))
        this.open.set(key, { airing: { overlay, ...each }, firstAt: wall, before: this.frames, toldAt: -Infinity })
    if (shown.length > 0) this.casts.set(overlay, shown)
    else this.casts.delete(overlay)
  }

  private told({ airing, firstAt, before }: Open, ended: boolean): Airing {
    return { ...airing, firstAt, lastAt: this.zero + this.times.msOf(this.last), frames: this.frames - before, ended }
  }
}

const keyOf = (overlay: string, { cue, asset = '', sha256 = '' }: Shown): string =>
  JSON.stringify([overlay, cue, asset, sha256])
