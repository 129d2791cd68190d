import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'
import { SILENCE } from './loudness.ts'

/** What is looked at: the last quarter of a second. */
const PAIRS = SAMPLE_RATE / 4

type SoundOf = Pick<Ring, 'samples' | 'audioHead'> & { layout: { audioFrames: number } }

/** How loud a source was just now (dBFS, peak), whether it is on air or not. It costs some ten microseconds. */
export function peakOf({ samples, audioHead, layout }: SoundOf): number {
  let top = 0
  for (let n = Math.max(0, audioHead - PAIRS); n < audioHead; n++) {
    const at = 2 * (n % layout.audioFrames)
    top = Math.max(top, Math.abs(samples[at]), Math.abs(samples[at + 1]))
  }
  return top > 0 ? Math.max(SILENCE, Math.round(200 * Math.log10(top / 32_768)) / 10) : SILENCE
}
