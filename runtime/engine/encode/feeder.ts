import type { Fraction } from '../../contract/generated/engine.v1.ts'
import { elapsed } from '../media/time.ts'
import { type Ring, SAMPLE_RATE } from '../memory/ring.ts'
import { Cadence } from './cadence.ts'
import { AUDIO_TRACK, blockHeader, matroskaHeader, VIDEO_TRACK } from './matroska.ts'

/** Added to program time on the wire, so that an AAC encoder's head start does not fall before zero. */
const WIRE_OFFSET_US = 1_000_000
const BYTES_A_PAIR = 4
/** How long to wait for a frame before looking whether the end is wanted. */
const PATIENCE_MS = 50
const START_LOOK_MS = 5
/** Sound this close to being overwritten counts as lost: writing it takes its time, too. */
const AUDIO_MARGIN = SAMPLE_RATE / 4
const LONGEST_SOUND = SAMPLE_RATE / 2
/** Frames this close to being overwritten are not begun with: reading them takes its time, and so does catching up. */
const FRAME_MARGIN = 4
/** Timestamps are whole milliseconds, frames are not (ms). */
const ROUNDING = 2
/** Pairs in one packet of AAC. */
const PACKET = 1_024

const silence = new Uint8Array(LONGEST_SOUND * BYTES_A_PAIR)

export interface Sink {
  /** Writes all of `length` bytes from `offset` on; blocks. Throws when the reader is gone. */
  write(source: Uint8Array, offset: number, length: number): void
  /** The same for a picture, which may be read where it stands: it does so for some frames more. */
  lend(source: Uint8Array, offset: number, length: number): void
  /** Bytes written that the reader has not taken yet. */
  unread(): number
}

/**
 * Feeds one generation of an encoder from a program's ring: every frame of the cadence and every sample, straight from the
 * shared memory; from the newest frame on, or, after a generation that died, from the first one that it has not given.
 * An encoder that is too slow loses frames, never sound.
 */
export class Feeder {
  private readonly ring: Ring
  private readonly rate: Fraction
  private readonly sink: Sink
  private readonly cadence: Cadence
  /** Next frame (u32) and next pair of sound, as the ring counts them. */
  private frame = 0
  private pair = 0
  /** Program time (µs) of the first pair, and pairs written since. */
  private soundStartUs = 0
  private soundWritten = 0
  private readonly after: number | undefined

  /** `after`: time of the last picture that the generation before has given, in whole ms of 31 bits. */
  constructor(ring: Ring, rate: Fraction, sink: Sink, after?: number) {
    this.ring = ring
    this.rate = rate
    this.sink = sink
    this.after = after
    this.cadence = new Cadence(rate)
  }

  /** Feeds until `ended` says so; `dropped` is told of frames that were overwritten before they could be taken. */
  run(ended: () => boolean, dropped: (frames: number) => void): void {
    const { ring } = this
    const { width, height, slots } = ring.layout
    const header = matroskaHeader(width, height, this.rate)
    this.sink.write(header, 0, header.length)
    // An encoder takes a while to start, and frames given to it meanwhile would be followed by a gap.
    while (ring.head === 0 || this.sink.unread() > 0) {
      if (ended()) return
      ring.waitBeyond(ring.head, START_LOOK_MS)
    }
    while (!this.isNew((ring.head - 1) >>> 0)) {
      if (ended()) return
      ring.waitBeyond(ring.head, PATIENCE_MS)
    }
    this.begin()
    while (!ended()) {
      const lag = (ring.head - this.frame) >>> 0
      if (lag === 0) {
        ring.waitBeyond(this.frame, PATIENCE_MS)
        continue
      }
      if (lag > slots - 2) {
        // The newer half is kept: who was held up for a moment loses no more than that, and catches up.
        const kept = slots >> 1
        dropped(lag - kept)
        this.frame = (this.frame + lag - kept) >>> 0
      }
      this.sound()
      this.picture()
    }
  }

  private begin(): void {
    const { ring } = this
    this.frame = this.first()
    // Packets of sound stand on one grid of program time in every encoder, so one can take over from another between two.
    const first = Math.round((ring.ptsOf(this.frame) * SAMPLE_RATE) / 1e6)
    const origin = Math.round((ring.audioStart * SAMPLE_RATE) / 1e6)
    const start = Math.max(origin, Math.ceil(first / PACKET) * PACKET)
    this.soundStartUs = (start * 1e6) / SAMPLE_RATE
    this.pair = start - origin
  }

  /** So the death of an encoder costs no frame as long as the ring still has them when its successor is ready. */
  private first(): number {
    const { head, layout } = this.ring
    let frame = (head - 1) >>> 0
    if (this.after === undefined) return frame
    const oldest = Math.max(0, head - layout.slots + FRAME_MARGIN)
    while (frame > oldest && this.isNew(frame - 1)) frame--
    return frame
  }

  private isNew(frame: number): boolean {
    if (this.after === undefined) return true
    const timeMs = Math.round((this.cadence.gridTime(this.ring.ptsOf(frame)) + WIRE_OFFSET_US) / 1_000)
    return elapsed(this.after, timeMs) > ROUNDING
  }

  private picture(): void {
    const { ring, frame } = this
    this.frame = (frame + 1) >>> 0
    const timeUs = this.cadence.take(ring.ptsOf(frame))
    if (timeUs === undefined) return
    this.head(VIDEO_TRACK, timeUs, ring.slotBytes)
    this.sink.lend(ring.bytes, ring.addressOf(frame), ring.slotBytes)
  }

  /** Writes what sound there is; what the circle has lost is replaced by as much silence. */
  private sound(): void {
    const { ring } = this
    const { audioFrames, audio } = ring.layout
    const lost = ring.audioHead - this.pair - (audioFrames - AUDIO_MARGIN)
    for (let left = lost; left > 0; left -= LONGEST_SOUND) this.pairs(silence, 0, Math.min(left, LONGEST_SOUND))
    for (let left = ring.audioHead - this.pair; left > 0; left = ring.audioHead - this.pair) {
      const at = this.pair % audioFrames
      this.pairs(ring.bytes, audio + at * BYTES_A_PAIR, Math.min(left, audioFrames - at, LONGEST_SOUND))
    }
  }

  private pairs(source: Uint8Array, offset: number, pairs: number): void {
    const timeUs = this.soundStartUs + (this.soundWritten * 1e6) / SAMPLE_RATE
    this.head(AUDIO_TRACK, timeUs, pairs * BYTES_A_PAIR)
    this.sink.write(source, offset, pairs * BYTES_A_PAIR)
    this.pair += pairs
    this.soundWritten += pairs
  }

  private head(track: number, timeUs: number, payload: number): void {
    const header = blockHeader(track, timeUs + WIRE_OFFSET_US, payload)
    this.sink.write(header, 0, header.length)
  }
}
