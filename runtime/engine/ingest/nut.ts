import { ByteReader, EndOfStream, type ReadSome } from './byte-reader.ts'
import { type FrameCode, FrameFlag, readFrameCodes } from './nut-codes.ts'

/**
 * A demuxer for NUT as FFmpeg writes it (ffmpeg.org, "NUT Open Container Format", version 3). NUT because it is the one
 * container FFmpeg writes raw pictures into without delay and with exact timestamps. Checksums are skipped: the pipe is
 * local, and a broken one shows as an impossible structure.
 */
const FILE_ID = 'nut/multimedia container\0'
const MAIN = 0x4e4d7a561f5f04adn
const STREAM = 0x4e5311405bf2f9dbn
const SYNCPOINT = 0x4e4be4adeeca4569n
const STARTCODE_FIRST = 0x4e // 'N'
/** Packets longer than this have a checksum of their own header in front. */
const LONG_PACKET = 4_096
const BROADCAST = 1

export interface NutStream {
  kind: 'video' | 'audio' | 'other'
  width: number
  height: number
  sampleRate: number
  channels: number
}

interface StreamClock extends NutStream {
  timeBase: number
  msbShift: number
  lastPts: number
}

export interface NutPacket {
  stream: number
  ptsUs: number
  /** Bytes of the payload. */
  size: number
}

/** Reads packet after packet: next(), then payload() for the bytes that are wanted; the rest is skipped by itself. */
export class NutReader {
  private readonly input: ByteReader
  private readonly clocks: StreamClock[] = []
  private timeBases: { num: number; den: number }[] = []
  private codes: FrameCode[] = []
  private elisions: Uint8Array[] = []
  private broadcast = false
  private opened = false
  /** What is left of the present packet: first the elided head, then bytes of the pipe. */
  private head: Uint8Array = new Uint8Array(0)
  private headAt = 0
  private left = 0

  constructor(readSome: ReadSome) {
    this.input = new ByteReader(readSome)
  }

  get streams(): readonly NutStream[] {
    return this.clocks
  }

  /** The next packet, or undefined at the end, also when that comes in mid-packet. Throws on what is not NUT. */
  next(): NutPacket | undefined {
    try {
      if (!this.opened) this.open()
      this.input.skip(this.left)
      this.left = 0
      for (;;) {
        const code = this.input.byte()
        if (code !== STARTCODE_FIRST) return this.frame(this.codes[code])
        this.section()
      }
    } catch (error) {
      if (error instanceof EndOfStream) return undefined
      throw error
    }
  }

  /** Moves the next `length` bytes of the packet to their place. False when the stream ended before they came. */
  payload(target: Uint8Array, offset: number, length: number): boolean {
    if (length > this.left + this.head.length - this.headAt) throw new Error('more than the packet holds')
    const elided = Math.min(length, this.head.length - this.headAt)
    target.set(this.head.subarray(this.headAt, this.headAt + elided), offset)
    this.headAt += elided
    try {
      this.input.into(target, offset + elided, length - elided)
    } catch (error) {
      if (error instanceof EndOfStream) return false
      throw error
    }
    this.left -= length - elided
    return true
  }

  private open(): void {
    const id = Buffer.from(this.input.bytes(FILE_ID.length)).toString('latin1')
    if (id !== FILE_ID) throw new Error('not a NUT stream')
    this.opened = true
  }

  /** Everything that is not a frame: startcode, length, payload, checksum. Unknown ones are skipped. */
  private section(): void {
    let startcode = BigInt(STARTCODE_FIRST)
    for (let i = 0; i < 7; i++) startcode = (startcode << 8n) | BigInt(this.input.byte())
    const size = this.input.number()
    if (size > LONG_PACKET) this.input.skip(4)
    const end = this.input.position + size
    if (startcode === MAIN) this.mainHeader()
    else if (startcode === STREAM) this.streamHeader()
    else if (startcode === SYNCPOINT) this.syncpoint()
    if (this.input.position > end) throw new Error('a NUT section is longer than it says')
    this.input.skip(end - this.input.position)
  }

  private mainHeader(): void {
    const { input } = this
    const version = input.number()
    if (version > 3) input.number()
    input.number() // count of streams
    input.number() // max_distance
    this.timeBases = Array.from({ length: input.number() }, () => ({ num: input.number(), den: input.number() }))
    this.codes = readFrameCodes(input)
    const elisions = input.number()
    this.elisions = [new Uint8Array(0)]
    for (let i = 0; i < elisions; i++) this.elisions.push(input.bytes(input.number()))
    this.broadcast = version > 3 && (input.number() & BROADCAST) !== 0
  }

  private streamHeader(): void {
    const { input } = this
    const id = input.number()
    const kind = (['video', 'audio'] as const)[input.number()] ?? 'other'
    input.skip(input.number()) // fourcc
    const clock = { timeBase: input.number(), msbShift: input.number(), lastPts: 0 }
    input.number() // max_pts_distance
    input.number() // decode_delay
    input.number() // flags
    input.skip(input.number()) // codec data
    const stream: StreamClock = { ...clock, kind, width: 0, height: 0, sampleRate: 0, channels: 0 }
    if (kind === 'video') {
      stream.width = input.number()
      stream.height = input.number()
    } else if (kind === 'audio') {
      stream.sampleRate = input.number() / input.number()
      stream.channels = input.number()
    }
    // Headers come again from time to time; the clock of a stream that is known runs on.
    stream.lastPts = this.clocks[id]?.lastPts ?? 0
    this.clocks[id] = stream
  }

  private syncpoint(): void {
    const key = this.input.number()
    const base = this.timeBases[key % this.timeBases.length]
    const value = Math.floor(key / this.timeBases.length)
    this.input.number() // back pointer
    if (this.broadcast) this.input.number()
    for (const clock of this.clocks) {
      const own = this.timeBases[clock.timeBase]
      // Exact where doubles are not: the products pass 2^53 within hours.
      const scaled = (BigInt(value) * BigInt(base.num) * BigInt(own.den)) / (BigInt(base.den) * BigInt(own.num))
      clock.lastPts = Number(scaled)
    }
  }

  private frame(code: FrameCode | undefined): NutPacket {
    if (!code || code.flags & FrameFlag.INVALID) throw new Error('an invalid NUT frame code')
    const { input } = this
    const start = input.position
    let { flags, stream, elision } = code
    if (flags & FrameFlag.CODED) flags ^= input.number()
    if (flags & FrameFlag.STREAM_ID) stream = input.number()
    const clock = this.clocks[stream]
    if (!clock) throw new Error('a NUT frame of an unknown stream')
    const pts = flags & FrameFlag.CODED_PTS ? this.fullPts(clock, input.number()) : clock.lastPts + code.ptsDelta
    let size = code.sizeLsb
    if (flags & FrameFlag.SIZE_MSB) size += input.number() * code.sizeMul
    if (flags & FrameFlag.MATCH_TIME) input.signed()
    if (flags & FrameFlag.HEADER_IDX) elision = input.number()
    let reserved = code.reserved
    if (flags & FrameFlag.RESERVED) reserved = input.number()
    for (; reserved > 0; reserved--) input.number()
    if (flags & FrameFlag.CHECKSUM) input.skip(4)
    if (flags & FrameFlag.SIDE_DATA) throw new Error('NUT side data, which FFmpeg does not write in version 3')
    if (input.position - start > 64) throw new Error('a NUT frame header that is too long')

    clock.lastPts = pts
    this.head = this.elisions[size > LONG_PACKET ? 0 : elision]
    this.headAt = 0
    this.left = size - this.head.length
    const { num, den } = this.timeBases[clock.timeBase]
    return { stream, ptsUs: (pts * num * 1e6) / den, size }
  }

  /** Timestamps come as their lowest bits while they are close to the last one (specification, "coded_pts"). */
  private fullPts(clock: StreamClock, coded: number): number {
    const span = 2 ** clock.msbShift
    if (coded >= span) return coded - span
    const least = clock.lastPts - Math.floor((span - 1) / 2)
    return least + ((((coded - least) % span) + span) % span)
  }
}
