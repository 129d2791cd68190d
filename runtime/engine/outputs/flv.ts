import type { FlvTag } from '../media/tag.ts'

const TYPE = { audio: 8, video: 9, script: 18 } as const

/** The file header with "sound and pictures", and the size 0 of the tag before the first one (Adobe FLV 10.1, E.2). */
export const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0])

/** One tag as it stands in an FLV stream (Adobe FLV 10.1, E.4.1): header, body, size of both. */
export function flvBytes(tag: FlvTag): Buffer {
  const size = tag.data.length
  const bytes = Buffer.allocUnsafe(11 + size + 4)
  bytes[0] = TYPE[tag.kind]
  bytes.writeUIntBE(size, 1, 3)
  bytes.writeUIntBE(tag.timestamp & 0xffffff, 4, 3)
  bytes[7] = (tag.timestamp >>> 24) & 0xff
  bytes.writeUIntBE(0, 8, 3)
  tag.data.copy(bytes, 11)
  bytes.writeUInt32BE(11 + size, 11 + size)
  return bytes
}
