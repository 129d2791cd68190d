import { randomInt } from 'node:crypto'
import { nalType, type Unit } from './streams.ts'

/** Payload bytes a packet: fits an Ethernet frame with every header, as cameras do it even over TCP. */
const LONGEST_PAYLOAD = 1_400
const SECONDS_1900_TO_1970 = 2_208_988_800

/** One RTP stream (RFC 3550): numbers its packets and knows its clock. */
export class RtpStream {
  readonly clockRate: number
  private readonly payloadType: number
  private readonly ssrc = randomInt(2 ** 32)
  private readonly offset = randomInt(2 ** 31)
  private sequence = randomInt(2 ** 15)
  private packets = 0
  private octets = 0

  constructor(payloadType: number, clockRate: number) {
    this.payloadType = payloadType
    this.clockRate = clockRate
  }

  get nextSequence(): number {
    return this.sequence
  }

  /** RTP time of a media time in seconds. */
  timestamp(seconds: number): number {
    return (this.offset + Math.round(seconds * this.clockRate)) % 2 ** 32
  }

  packet(payload: Buffer, seconds: number, marker: boolean): Buffer {
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = (marker ? 0x80 : 0) | this.payloadType
    header.writeUInt16BE(this.sequence, 2)
    header.writeUInt32BE(this.timestamp(seconds), 4)
    header.writeUInt32BE(this.ssrc, 8)
    this.sequence = (this.sequence + 1) % 2 ** 16
    this.packets++
    this.octets += payload.length
    return Buffer.concat([header, payload])
  }

  /** A sender report: ties this stream's clock to wall time (UTC ms), so that sound and picture are joined rightly. */
  senderReport(wallMs: number, seconds: number): Buffer {
    const report = Buffer.alloc(28)
    report[0] = 0x80
    report[1] = 200
    report.writeUInt16BE(6, 2)
    report.writeUInt32BE(this.ssrc, 4)
    const ntp = wallMs / 1_000 + SECONDS_1900_TO_1970
    report.writeUInt32BE(Math.floor(ntp) % 2 ** 32, 8)
    report.writeUInt32BE(Math.floor((ntp % 1) * 2 ** 32), 12)
    report.writeUInt32BE(this.timestamp(seconds), 16)
    report.writeUInt32BE(this.packets % 2 ** 32, 20)
    report.writeUInt32BE(this.octets % 2 ** 32, 24)
    return report
  }
}

/** The payloads of one unit, the last of which carries the marker. */
export function payloads(unit: Unit): Buffer[] {
  return unit.kind === 'video' ? unit.nals.flatMap(h264Payloads) : [aacPayload(unit.frame)]
}

/** RFC 6184: a NAL unit as it is, or cut into fragments (FU-A). */
function h264Payloads(nal: Buffer): Buffer[] {
  if (nal.length <= LONGEST_PAYLOAD) return [nal]
  const indicator = ((nal[0] ?? 0) & 0x60) | 28
  const pieces: Buffer[] = []
  for (let at = 1; at < nal.length; at += LONGEST_PAYLOAD - 2) {
    const piece = nal.subarray(at, at + LONGEST_PAYLOAD - 2)
    const start = at === 1 ? 0x80 : 0
    const end = at + piece.length >= nal.length ? 0x40 : 0
    pieces.push(Buffer.concat([Buffer.from([indicator, start | end | nalType(nal)]), piece]))
  }
  return pieces
}

/** RFC 3640, mode AAC-hbr: one frame with its 13 bit size. */
function aacPayload(frame: Buffer): Buffer {
  const header = Buffer.from([0, 16, 0, 0])
  header.writeUInt16BE(frame.length << 3, 2)
  return Buffer.concat([header, frame])
}
