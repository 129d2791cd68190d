import { type Message, TYPE } from './messages.ts'

const INITIAL_CHUNK_SIZE = 128
const EXTENDED = 0xffffff
/** A publisher hears short answers only; more than this is a broken or hostile server. */
const LONGEST_MESSAGE = 1024 * 1024
/** Bytes of the message header by chunk type (RTMP 1.0, section 5.3.1.2). */
const HEADER_BYTES = [11, 7, 3, 0] as const

interface ChunkStream {
  timestamp: number
  delta: number
  length: number
  type: number
  stream: number
  extended: boolean
  parts: Buffer[]
  received: number
}

/** Puts the messages of a server together again. Throws RangeError on what no RTMP server would send. */
export class ChunkReader {
  private rest: Buffer = Buffer.alloc(0)
  private chunkSize = INITIAL_CHUNK_SIZE
  private readonly streams = new Map<number, ChunkStream>()

  /** Takes the next bytes of the connection and answers the messages that they complete. */
  push(bytes: Buffer): Message[] {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes
    const messages: Message[] = []
    for (;;) {
      const chunk = this.chunk()
      if (!chunk) return messages
      if (chunk !== 'partial') messages.push(chunk)
    }
  }

  /** Reads one chunk: undefined when it is not all here yet, `partial` when its message goes on. */
  private chunk(): Message | 'partial' | undefined {
    const basic = this.basicHeader()
    if (!basic) return undefined
    const { format, id } = basic
    const known = this.streams.get(id)
    if (!known && format !== 0) throw new RangeError('RTMP: a chunk stream begins without a full header')
    const headerEnd = basic.bytes + (HEADER_BYTES[format] ?? 0)
    if (this.rest.length < headerEnd) return undefined
    const fields = this.rest.subarray(basic.bytes, headerEnd)
    const extended = format === 3 ? (known?.extended ?? false) : fields.readUIntBE(0, 3) === EXTENDED
    const bodyStart = headerEnd + (extended ? 4 : 0)
    if (this.rest.length < bodyStart) return undefined
    const time = extended
      ? this.rest.readUInt32BE(headerEnd)
      : format === 3
        ? (known?.delta ?? 0)
        : fields.readUIntBE(0, 3)

    const stream = known ?? { timestamp: 0, delta: 0, length: 0, type: 0, stream: 0, extended, parts: [], received: 0 }
    const length = format <= 1 ? fields.readUIntBE(3, 3) : stream.length
    if (length > LONGEST_MESSAGE) throw new RangeError('RTMP: a message is too long')
    const size = Math.min(this.chunkSize, length - (format === 3 ? stream.received : 0))
    if (this.rest.length < bodyStart + size) return undefined

    if (stream.received === 0 || format !== 3) begin(stream, format, time, length, extended, fields)
    this.streams.set(id, stream)
    stream.parts.push(this.rest.subarray(bodyStart, bodyStart + size))
    stream.received += size
    this.rest = this.rest.subarray(bodyStart + size)
    return stream.received < stream.length ? 'partial' : this.complete(stream)
  }

  private basicHeader(): { format: number; id: number; bytes: number } | undefined {
    const [first, second, third] = this.rest
    if (first === undefined) return undefined
    const format = first >> 6
    const id = first & 0x3f
    if (id >= 2) return { format, id, bytes: 1 }
    if (second === undefined) return undefined
    if (id === 0) return { format, id: second + 64, bytes: 2 }
    return third === undefined ? undefined : { format, id: third * 256 + second + 64, bytes: 3 }
  }

  private complete(stream: ChunkStream): Message {
    const message = {
      type: stream.type,
      stream: stream.stream,
      timestamp: stream.timestamp,
      data: Buffer.concat(stream.parts),
    }
    stream.parts = []
    stream.received = 0
    this.obey(message)
    return message
  }

  /** The two messages that are about chunks themselves. */
  private obey({ type, data }: Message): void {
    if (data.length < 4) return
    const value = data.readUInt32BE()
    if (type === TYPE.chunkSize) {
      if (value < 1) throw new RangeError('RTMP: a chunk size of nothing')
      this.chunkSize = Math.min(value, LONGEST_MESSAGE)
    } else if (type === TYPE.abort) {
      const stream = this.streams.get(value)
      if (stream) Object.assign(stream, { parts: [], received: 0 })
    }
  }
}

function begin(
  stream: ChunkStream,
  format: number,
  time: number,
  length: number,
  extended: boolean,
  fields: Buffer,
): void {
  stream.parts = []
  stream.received = 0
  stream.extended = extended
  stream.length = length
  if (format <= 1) stream.type = fields.readUInt8(6)
  if (format === 0) stream.stream = fields.readUInt32LE(7)
  stream.delta = time
  stream.timestamp = format === 0 ? time : (stream.timestamp + time) >>> 0
}
