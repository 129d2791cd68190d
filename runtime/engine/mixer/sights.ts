import { type Airing, Airings } from './airings.ts'
import type { FrameTimes } from './clock.ts'

/** Whose picture was on air, from which frame to which: of a source what of an overlay its cues are. */
export class Sights {
  private source: string | undefined
  private cast: Parameters<Airings['saw']>[0] = new Map()
  private readonly airings: Airings

  constructor(times: Pick<FrameTimes, 'msOf'>) {
    this.airings = new Airings(times)
  }

  /** Frame `n` (UTC ms `wall`) shows this source. */
  saw(source: string, n: number, wall: number): void {
    if (source !== this.source) this.cast = new Map([['', { id: '', seen: [{ cue: source }] }]])
    this.source = source
    this.airings.saw(this.cast, n, wall)
  }

  /** Frame `n` shows the one before again. */
  again(n: number): void {
    this.airings.again(n)
  }

  cut(): void {
    this.airings.cut()
  }

  /** As airings, told once; `cue` is the source. */
  take(): Airing[] {
    return this.airings.take()
  }
}
