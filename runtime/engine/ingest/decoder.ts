import type { HardwareDecoder } from '../ffmpeg/decoders.ts'

interface Failed {
  /** What FFmpeg said. */
  said: string
  /** The stream was found, so nothing before the decoder is to blame. */
  opened: boolean
  hadFrames: boolean
}

/** A session that worked and then lost the card says so; one whose camera went away does not. */
const OF_HARDWARE = /hwaccel|hwdownload|\bdevice (?:type|creation)|vaapi|cuda|cuvid|\bqsv\b|\bMFX\b/i

/**
 * Which decoder the next session of a camera uses: the best hardware that works on this machine, and software from its
 * first failure on, for as long as this camera lives: what one card cannot do today, it cannot do in a minute.
 */
export class DecoderChoice {
  private refused = false
  private working: readonly HardwareDecoder[] = []

  /** What the trials found, best first. */
  found(working: readonly HardwareDecoder[]): void {
    this.working = working
  }

  /** Undefined means software. */
  get hardware(): HardwareDecoder | undefined {
    return this.refused ? undefined : this.working[0]
  }

  /** After a session ended: answers the hardware that is given up by it. */
  ended({ said, opened, hadFrames }: Failed): HardwareDecoder | undefined {
    const { hardware } = this
    if (!hardware || (hadFrames ? !OF_HARDWARE.test(said) : !opened)) return undefined
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
