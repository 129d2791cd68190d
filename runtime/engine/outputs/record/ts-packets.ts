/** Packets of an MPEG transport stream (ISO/IEC 13818-1): 188 bytes each, so a file cut off anywhere still plays. */

const SIZE = 188
const SYNC = 0x47

export const PID = { pat: 0, pmt: 0x1000, video: 0x100, audio: 0x101 } as const

/** What the first packet of a picture says besides its bytes. */
interface Marks {
  /** 90 kHz. */
  clock: number
  keyframe: boolean
}

/** Cuts what belongs together into packets of one stream; each stream counts its packets modulo 16 (2.4.3.3). */
export class Packetizer {
  private readonly counters = new Map<number, number>()

  packets(pid: number, payload: Buffer, marks?: Marks): Buffer {
    const packets: Buffer[] = []
    let at = 0
    while (at < payload.length) {
      const first = at === 0
      const adaptation = first && marks ? clockField(marks) : Buffer.alloc(0)
      const room = SIZE - 4 - adaptation.length
      const part = payload.subarray(at, at + room)
      packets.push(this.packet(pid, first, adaptation, part))
      at += part.length
    }
    return Buffer.concat(packets)
  }

  private packet(pid: number, first: boolean, adaptation: Buffer, part: Buffer): Buffer {
    const packet = Buffer.alloc(SIZE, 0xff)
    const stuffing = SIZE - 4 - adaptation.length - part.length
    const fields = adaptation.length > 0 || stuffing > 0
    const counter = this.counters.get(pid) ?? 0
    this.counters.set(pid, (counter + 1) & 15)
    packet[0] = SYNC
    packet.writeUInt16BE((first ? 0x4000 : 0) | pid, 1)
    packet[3] = (fields ? 0x30 : 0x10) | counter
    if (adaptation.length > 0) adaptation.copy(packet, 4)
    else if (stuffing > 1) packet[5] = 0
    // The field's length counts the stuffing, which the packet is filled with already.
    if (fields) packet[4] = Math.max(0, adaptation.length - 1) + (adaptation.length > 0 ? stuffing : stuffing - 1)
    part.copy(packet, SIZE - part.length)
    return packet
  }
}

/** The adaptation field with the program clock reference (2.4.3.5). */
function clockField({ clock, keyframe }: Marks): Buffer {
  const field = Buffer.alloc(8)
  field[0] = 7
  field[1] = keyframe ? 0x50 : 0x10
  field.writeUInt32BE(Math.floor(clock / 2) >>> 0, 2)
  field[6] = ((clock % 2) << 7) | 0x7e
  return field
}

/** A table section in a payload of its own: pointer, section, CRC (2.4.4). */
export function section(table: number, id: number, body: number[]): Buffer {
  const length = 5 + body.length + 4
  const bytes = [table, 0xb0 | (length >> 8), length & 0xff, id >> 8, id & 0xff, 0xc1, 0, 0, ...body]
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(bytes))
  return Buffer.concat([Buffer.from([0, ...bytes]), crc])
}

/** CRC of annex A: polynomial 0x04C11DB7, no reflection, begun with ones. */
function crc32(bytes: number[]): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

/** Five bytes of a 33-bit time stamp behind its prefix (2.4.3.6). */
export function timestamp(prefix: number, ticks: number): number[] {
  const high = Math.floor(ticks / 2 ** 30) & 7
  const middle = Math.floor(ticks / 2 ** 15) & 0x7fff
  const low = ticks & 0x7fff
  return [(prefix << 4) | (high << 1) | 1, middle >> 7, ((middle & 0x7f) << 1) | 1, low >> 7, ((low & 0x7f) << 1) | 1]
}
