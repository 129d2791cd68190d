import type { HardwareDecoder } from '../ffmpeg/decoders.ts'

interface Failed {
  /** What FFmpeg said. */
  said: string
  /** The stream was found, so nothing before the decoder is to blame. */
  opened: boolean
  hadFrames: boolean
  /** It was given up because nothing came. */
  silent: boolean
}

/** A session that worked and then lost the card says so; one whose camera went away does not. */
const OF_HARDWARE = /hwaccel|hwdownload|\bdevice (?:type|creation)|vaapi|cuda|cuvid|\bqsv\b|\bMFX\b/i

/**
 * Which decoder the next session of a camera uses: the best hardware that works on this machine, and software from its
 * first failure on, for as long as this camera lives: what one card cannot do today, it cannot do in a minute. A session
 * in which nothing came may be the camera's silence or a card that hangs: the next one is software's, then both may again.
 */
export class DecoderChoice {
  private refused = false
  /** The next session is software's. */
  private spared = false
  private working: readonly HardwareDecoder[] = []

  /** What the trials found, best first. */
  found(working: readonly HardwareDecoder[]): void {
    this.working = working
  }

  /** Undefined means software. */
  get hardware(): HardwareDecoder | undefined {
    return this.refused || this.spared ? undefined : this.working[0]
  }

  /** After a session of this choice ended: answers the hardware that is given up by it. */
  ended({ said, opened, hadFrames, silent }: Failed): HardwareDecoder | undefined {
    const { hardware } = this
    if (opened) this.spared = false
    const named = OF_HARDWARE.test(said)
    if (!hardware || (hadFrames ? !named : !opened)) return undefined
    if (silent && !named) {
      this.spared = true
      return undefined
    }
    this.refused = true
    return hardware
  }
}

/** That a camera's hardware was given up, as an event. */
export function softwareNews(name: string, from: HardwareDecoder, said: string) {
  const reason = said.split('\n').find(line => OF_HARDWARE.test(line)) ?? said.split('\n').at(-1)
  const message = `${name} cannot be decoded by ${from} (${reason}): software decodes it.`
  const data = { from, to: 'software', reason }
  return { type: 'source.decoder-fallback', severity: 'warning', message, data } as const
}
