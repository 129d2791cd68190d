import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'
import type { ReadSome } from './byte-reader.ts'
import { NutReader } from './nut.ts'
import { SoundWriter } from './sound.ts'

const BYTES_A_PAIR = 4

/** Discarded sound goes here: more than any packet of FFmpeg's holds. */
const scratch = new Uint8Array(SAMPLE_RATE * BYTES_A_PAIR)

/**
 * Carries pictures and sound of one source from NUT streams into its ring, generation after generation of its FFmpeg.
 * Each generation's own times are moved so that its first packet is at its arrival: the source keeps one time line across
 * reconnections, and its clock stays comparable to ours.
 */
export class Receiver {
  private readonly ring: Ring
  private readonly sound: SoundWriter
  private readonly mono: () => number

  /** `mono`: monotonic ms. */
  constructor(ring: Ring, mono: () => number) {
    this.ring = ring
    this.sound = new SoundWriter(ring)
    this.mono = mono
  }

  /** Reads one NUT stream to its end; blocks. Throws when it is not what FFmpeg was told to write. */
  receive(readSome: ReadSome): void {
    const nut = new NutReader(readSome)
    let baseUs: number | undefined
    for (let packet = nut.next(); packet; packet = nut.next()) {
      baseUs ??= this.mono() * 1_000 - packet.ptsUs
      const ptsUs = packet.ptsUs + baseUs
      const complete =
        nut.streams[packet.stream].kind === 'video'
          ? this.picture(nut, packet.size, ptsUs)
          : this.pairs(nut, packet.size, ptsUs)
      if (!complete) return
    }
  }

  private picture(nut: NutReader, size: number, ptsUs: number): boolean {
    const { ring } = this
    if (size !== ring.slotBytes) throw new Error(`a picture of ${size} bytes where ${ring.slotBytes} were asked for`)
    if (!nut.payload(ring.bytes, ring.writeAddress, size)) return false
    ring.publish(ptsUs, this.mono())
    return true
  }

  private pairs(nut: NutReader, size: number, ptsUs: number): boolean {
    const { ring, sound } = this
    let left = Math.floor(size / BYTES_A_PAIR)
    const skip = Math.min(left, sound.align(ptsUs))
    if (skip > 0 && !nut.payload(scratch, 0, skip * BYTES_A_PAIR)) return false
    left -= skip
    while (left > 0) {
      const { at, pairs } = sound.room
      const some = Math.min(left, pairs)
      if (!nut.payload(ring.bytes, ring.layout.audio + at * BYTES_A_PAIR, some * BYTES_A_PAIR)) return false
      sound.publish(some)
      left -= some
    }
    return true
  }
}
