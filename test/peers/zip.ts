import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

/** A file of a zip, and what a forger would do to its entry. */
export interface Packed {
  name: string
  content: Buffer | string
  store?: boolean
  /** Of the Unix mode: 0o120777 is a link. */
  mode?: number
  encrypted?: boolean
  /** What the list says instead of the truth. */
  claimedSize?: number
}

/** A zip file as its specification (PKWARE APPNOTE 4.3) lays it out; nothing is checked, because tests forge. */
export function zipOf(files: readonly Packed[]): Buffer {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let offset = 0
  for (const { name, content, store = false, mode = 0o100644, encrypted = false, claimedSize } of files) {
    const plain = Buffer.from(content)
    const data = store ? plain : deflateRawSync(plain)
    const bytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((encrypted ? 1 : 0) | 0x800, 2)
    common.writeUInt16LE(store ? 0 : 8, 4)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(claimedSize ?? plain.length, 18)
    common.writeUInt16LE(bytes.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, bytes, data])
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, bytes]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')

/** Files of a package with the checksums of them all. */
export const withChecksums = (files: readonly Packed[]): Packed[] => [
  ...files,
  {
    name: 'checksums.json',
    content: JSON.stringify(Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)]))),
  },
]
