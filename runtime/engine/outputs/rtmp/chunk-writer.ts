import { elapsed } from '../../media/time.ts'
import { control, type Message, TYPE } from './messages.ts'

/** What both sides assume before a Set Chunk Size (RTMP 1.0, section 5.4.1). */
const INITIAL_CHUNK_SIZE = 128
const EXTENDED = 0xffffff

/**
 * Cuts messages into chunks (RTMP 1.0, section 5.3). A chunk stream begins with one full header (type 0) and goes on with
 * deltas (type 1), so a timestamp beyond 24 bits needs the extended field only at the beginning, and the wrap of the
 * 32-bit clock is nothing special.
 */
export class ChunkWriter {
  private readonly last = new Map<number, number>()
  private chunkSize = INITIAL_CHUNK_SIZE

  /** The bytes that announce a new chunk size, which holds for everything written after them. */
  setChunkSize(size: number): Buffer {
    const bytes = this.write(2, control(TYPE.chunkSize, size))
    this.chunkSize = size
    return bytes
  }

  /** `chunkStream` is 2 to 63: media of one kind keep to one of them. */
  write(chunkStream: number, message: Message): Buffer {
    const { data } = message
    const header = this.header(chunkStream, message)
    const extended = header.length > 12 ? header.subarray(12) : Buffer.alloc(0)
    const cuts = Math.max(0, Math.ceil(data.length / this.chunkSize) - 1)
    const bytes = Buffer.allocUnsafe(header.length + data.length + cuts * (1 + extended.length))
    let at = header.copy(bytes)
    for (let from = 0; from < data.length; from += this.chunkSize) {
      if (from > 0) {
        bytes[at++] = 0xc0 | chunkStream
        at += extended.copy(bytes, at) // every known server expects it again in each continuation
      }
      at += data.copy(bytes, at, from, from + this.chunkSize)
    }
    return bytes
  }

  private header(chunkStream: number, message: Message): Buffer {
    const previous = this.last.get(chunkStream)
    this.last.set(chunkStream, message.timestamp)
    const delta = previous === undefined ? -1 : elapsed(previous, message.timestamp)
    return delta < 0 || delta >= EXTENDED ? fullHeader(chunkStream, message) : deltaHeader(chunkStream, message, delta)
  }
}

/** Type 0: absolute time and message stream; 12 bytes, 16 with the extended timestamp. */
function fullHeader(chunkStream: number, { type, stream, timestamp, data }: Message): Buffer {
  const time = timestamp >>> 0
  const extended = time >= EXTENDED
  const header = Buffer.alloc(extended ? 16 : 12)
  header[0] = chunkStream
  header.writeUIntBE(extended ? EXTENDED : time, 1, 3)
  header.writeUIntBE(data.length, 4, 3)
  header[7] = type
  header.writeUInt32LE(stream, 8) // the only little-endian field of the protocol
  if (extended) header.writeUInt32BE(time, 12)
  return header
}

/** Type 1: time since the last message of this chunk stream; 8 bytes. */
function deltaHeader(chunkStream: number, { type, data }: Message, delta: number): Buffer {
  const header = Buffer.alloc(8)
  header[0] = 0x40 | chunkStream
  header.writeUIntBE(delta, 1, 3)
  header.writeUIntBE(data.length, 4, 3)
  header[7] = type
  return header
}
