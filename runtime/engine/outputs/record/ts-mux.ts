import type { FlvTag } from '../../media/tag.ts'
import { Packetizer, PID, section, timestamp } from './ts-packets.ts'

const TABLES = {
  /** One program, described by the stream PID.pmt. */
  pat: section(0, 1, [0, 1, 0xe0 | (PID.pmt >> 8), PID.pmt & 0xff]),
  /** H.264 pictures, which carry the clock, and AAC with ADTS headers. */
  pmt: section(2, 1, [...elementary(PID.video), 0xf0, 0, ...stream(0x1b, PID.video), ...stream(0x0f, PID.audio)]),
}

/** Pictures are due this long (90 kHz) after the clock that comes with them: time for the sound beside them. */
const AHEAD = 45_000

const START = Buffer.from([0, 0, 0, 1])
/** Access unit delimiter, any kind of slice: players look for it at the beginning of a picture. */
const DELIMITER = Buffer.from([0, 0, 0, 1, 9, 0xf0])

/**
 * An encoder's FLV tags (H.264, AAC) as an MPEG transport stream. Headers become part of what follows them, so whatever
 * begins with tables() and a keyframe plays by itself.
 */
export class TsMux {
  private readonly packetizer = new Packetizer()
  private parameters: Buffer = Buffer.alloc(0)
  private lengthSize = 4
  private adts: ((size: number) => Buffer) | undefined

  /** The tables that a file must begin with. */
  tables(): Buffer {
    const { packetizer } = this
    return Buffer.concat([packetizer.packets(PID.pat, TABLES.pat), packetizer.packets(PID.pmt, TABLES.pmt)])
  }

  /** The bytes of one tag; undefined for those that only configure. */
  bytes(tag: FlvTag): Buffer | undefined {
    if (tag.kind === 'script') return undefined
    if (tag.header) {
      this.configure(tag)
      return undefined
    }
    return tag.kind === 'video' ? this.picture(tag) : this.sound(tag)
  }

  private configure({ kind, data }: FlvTag): void {
    if (kind === 'video') {
      this.lengthSize = ((data[9] ?? 3) & 3) + 1
      this.parameters = parameterSets(data.subarray(5))
    } else this.adts = adtsFor(data.subarray(2))
  }

  private picture({ data, timestamp: ms, keyframe }: FlvTag): Buffer {
    const clock = ms * 90
    const decode = clock + AHEAD
    const show = decode + data.readIntBE(2, 3) * 90
    const times =
      show === decode ? [0x80, 5, ...timestamp(2, show)] : [0xc0, 10, ...timestamp(3, show), ...timestamp(1, decode)]
    const header = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, ...times])
    const units = annexB(data.subarray(5), this.lengthSize)
    const payload = Buffer.concat([header, DELIMITER, ...(keyframe ? [this.parameters] : []), ...units])
    return this.packetizer.packets(PID.video, payload, { clock, keyframe })
  }

  private sound({ data, timestamp: ms }: FlvTag): Buffer | undefined {
    if (!this.adts) return undefined
    const frame = data.subarray(2)
    const adts = this.adts(frame.length)
    const length = 8 + adts.length + frame.length
    const times = [0x80, 5, ...timestamp(2, ms * 90 + AHEAD)]
    const header = Buffer.from([0, 0, 1, 0xc0, length >> 8, length & 0xff, 0x84, ...times])
    return this.packetizer.packets(PID.audio, Buffer.concat([header, adts, frame]))
  }
}

function elementary(pid: number): [number, number] {
  return [0xe0 | (pid >> 8), pid & 0xff]
}

function stream(type: number, pid: number): number[] {
  return [type, ...elementary(pid), 0xf0, 0]
}

/** Sequence and picture parameter sets of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.2.4.1), each with a start code. */
function parameterSets(record: Buffer): Buffer {
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at] ?? 0) & mask
    at++
    for (let n = 0; n < count; n++) {
      const size = record.readUInt16BE(at)
      sets.push(START, record.subarray(at + 2, at + 2 + size))
      at += 2 + size
    }
  }
  return Buffer.concat(sets)
}

/** Units behind their lengths as units behind start codes. */
function annexB(data: Buffer, lengthSize: number): Buffer[] {
  const units: Buffer[] = []
  let at = 0
  while (at + lengthSize <= data.length) {
    const size = data.readUIntBE(at, lengthSize)
    at += lengthSize
    units.push(START, data.subarray(at, at + size))
    at += size
  }
  return units
}

/** Makes ADTS headers (ISO/IEC 13818-7, 6.2) from an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). */
function adtsFor(config: Buffer): (size: number) => Buffer {
  const [one = 0, two = 0] = config
  const profile = (one >> 3) - 1
  const rate = ((one & 7) << 1) | (two >> 7)
  const channels = (two >> 3) & 15
  return size => {
    const all = size + 7
    return Buffer.from([
      ...[0xff, 0xf1, (profile << 6) | (rate << 2) | (channels >> 2)],
      ...[((channels & 3) << 6) | (all >> 11), (all >> 3) & 0xff, ((all & 7) << 5) | 0x1f, 0xfc],
    ])
  }
}
