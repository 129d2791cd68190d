import type { Fraction } from '../../contract/generated/engine.v1.ts'

/**
 * Raw pictures and sound as a live Matroska stream (RFC 9559): the one container that carries both with timestamps into
 * FFmpeg through a single pipe, so that a frame left out leaves a gap and nothing shifts. Pure: it makes the bytes around
 * the payloads; the payloads never pass through here.
 */
export const VIDEO_TRACK = 1
export const AUDIO_TRACK = 2

/** The unit of timestamps, in ns: µs. */
const TIMESTAMP_SCALE = 1_000
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
const KEYFRAME = 0x80
/** Values of ITU-T H.273: 1 is BT.709 in all three. */
const BT709 = 1
const BROADCAST_RANGE = 1

/** Everything before the first picture: I420 video and 48 kHz stereo s16 little-endian sound. */
export function matroskaHeader(width: number, height: number, rate: Fraction): Buffer {
  const ebml = element(0x1a45dfa3, [
    uint(0x4286, 1),
    uint(0x42f7, 1),
    uint(0x42f2, 4),
    uint(0x42f3, 8),
    text(0x4282, 'matroska'),
    uint(0x4287, 4),
    uint(0x4285, 2),
  ])
  const info = element(0x1549a966, [
    uint(0x2ad7b1, TIMESTAMP_SCALE),
    text(0x4d80, 'VistterStream'),
    text(0x5741, 'VistterStream'),
  ])
  const colour = element(0x55b0, [
    uint(0x55b1, BT709),
    uint(0x55b9, BROADCAST_RANGE),
    uint(0x55ba, BT709),
    uint(0x55bb, BT709),
  ])
  const video = track(VIDEO_TRACK, 1, 'V_UNCOMPRESSED', [
    uint(0x23e383, Math.round((rate.den * 1e9) / rate.num)),
    element(0xe0, [uint(0xb0, width), uint(0xba, height), text(0x2eb524, 'I420'), colour]),
  ])
  const audio = track(AUDIO_TRACK, 2, 'A_PCM/INT/LIT', [
    element(0xe1, [float(0xb5, 48_000), uint(0x9f, 2), uint(0x6264, 16)]),
  ])
  const segment = Buffer.concat([id(0x18538067), UNKNOWN_SIZE])
  return Buffer.concat([ebml, segment, info, element(0x1654ae6b, [video, audio])])
}

const BLOCK_HEAD = 4
const TIMESTAMP_BYTES = 8

/**
 * What stands before the payload of one picture or one stretch of sound. Each has a cluster of its own, because a block's
 * time within its cluster has 16 bits only. `payload`: bytes that follow; `timeUs` ≥ 0.
 */
export function blockHeader(trackNumber: number, timeUs: number, payload: number): Buffer {
  const timestamp = Buffer.alloc(TIMESTAMP_BYTES)
  timestamp.writeBigUInt64BE(BigInt(Math.round(timeUs)))
  const time = element(0xe7, [timestamp])
  const block = Buffer.concat([id(0xa3), size(BLOCK_HEAD + payload), Buffer.from([0x80 | trackNumber, 0, 0, KEYFRAME])])
  return Buffer.concat([id(0x1f43b675), size(time.length + block.length + payload), time, block])
}

function track(number: number, type: number, codec: string, more: Buffer[]): Buffer {
  const common = [uint(0xd7, number), uint(0x73c5, number), uint(0x83, type), uint(0x9c, 0), text(0x86, codec)]
  return element(0xae, [...common, ...more])
}

function element(elementId: number, content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([id(elementId), size(body.length), body])
}

/** An id carries its own length in its first bits, so it is written as it stands. */
function id(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes.subarray(bytes.findIndex(byte => byte !== 0))
}

/** Always four bytes: sizes up to 2^28 - 2. */
function size(bytes: number): Buffer {
  if (bytes >= 2 ** 28 - 1) throw new Error(`${bytes} bytes are too many for one Matroska element`)
  const out = Buffer.alloc(4)
  out.writeUInt32BE(0x10000000 + bytes)
  return out
}

function uint(elementId: number, value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  const first = bytes.findIndex(byte => byte !== 0)
  return element(elementId, [bytes.subarray(first < 0 ? 5 : first)])
}

function float(elementId: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return element(elementId, [bytes])
}

const text = (elementId: number, value: string): Buffer => element(elementId, [Buffer.from(value, 'ascii')])
