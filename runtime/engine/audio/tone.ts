import type { Clock } from '../../lib/clock.ts'
import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'

/** Line-up tone: 1 kHz at -18 dBFS (EBU R 68). */
const PERIOD = SAMPLE_RATE / 1_000
const AMPLITUDE = 32_767 * 10 ** (-18 / 20)
const FILL_EVERY_MS = 250
const AHEAD_MS = 1_000

/** Seconds of sound that a ring for a tone holds: whole periods, so the circle closes without a seam. */
export const TONE_FRAMES = 4 * SAMPLE_RATE

/** An endless tone in a ring whose circle holds it once and for all: only its counter moves on. */
export class Tone {
  private readonly timer: NodeJS.Timeout

  /** Begins at the ring's time 0, which is now. */
  constructor(ring: Ring, clock: Clock) {
    const begun = clock.mono()
    for (let n = 0; n < ring.layout.audioFrames; n++) {
      const value = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * n) / PERIOD))
      ring.samples[2 * n] = value
      ring.samples[2 * n + 1] = value
    }
    const fill = () => {
      const wanted = Math.round(((clock.mono() - begun + AHEAD_MS) * SAMPLE_RATE) / 1_000)
      ring.publishAudio(wanted - ring.audioHead)
    }
    fill()
    this.timer = setInterval(fill, FILL_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
