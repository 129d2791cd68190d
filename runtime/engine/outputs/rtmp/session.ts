import type { Duplex } from 'node:stream'
import { type AmfValue, decodeAmf, encodeAmf } from './amf0.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { control, type Message, TYPE } from './messages.ts'

/** OBS and others use this size, so every platform has seen it. */
const CHUNK_SIZE = 4_096
const CONTROL_CHUNKS = 2
const COMMAND_CHUNKS = 3
const PING_REQUEST = 6
const PING_RESPONSE = 7

/** What the server says without being asked: `onStatus` and the like, with the arguments of the command. */
type Told = (name: string, args: AmfValue[]) => void

/** The server answered a command with `_error`; `info` is what it gave as the reason. */
export class CommandRefused extends Error {
  readonly info: AmfValue

  constructor(info: AmfValue) {
    super('the server refused a command')
    this.info = info
  }
}

interface Pending {
  resolve: (answer: AmfValue) => void
  reject: (error: CommandRefused) => void
}

/**
 * Messages over a stream behind its handshake: commands with their answers, and the housekeeping that a server expects
 * (acknowledgements, pings, window sizes). It owns no timers and no errors of the stream; whoever opened that does.
 */
export class RtmpSession {
  private readonly writer = new ChunkWriter()
  private readonly reader = new ChunkReader()
  private readonly pending = new Map<number, Pending>()
  private transaction = 0
  private received = 0
  private acknowledged = 0
  private window = 2_500_000
  private readonly stream: Duplex
  private readonly told: Told
  private readonly hear = (bytes: Buffer) => this.heard(bytes)

  constructor(stream: Duplex, told: Told) {
    this.stream = stream
    this.told = told
  }

  start(): void {
    this.stream.on('data', this.hear).resume()
    this.stream.write(this.writer.setChunkSize(CHUNK_SIZE))
  }

  stop(): void {
    this.stream.off('data', this.hear)
    this.pending.clear()
  }

  /** The bytes of a message; write them to the stream before asking for the next ones. */
  bytesOf(chunkStream: number, message: Message): Buffer {
    return this.writer.write(chunkStream, message)
  }

  /** Sends a command and answers with what its `_result` brought; rejects with CommandRefused for an `_error`. */
  call(name: string, ...args: AmfValue[]): Promise<AmfValue> {
    return new Promise((resolve, reject) => {
      this.pending.set(this.send(0, name, ...args), { resolve, reject })
    })
  }

  /** Sends a command whose answer does not matter; answers its number. */
  send(stream: number, name: string, ...args: AmfValue[]): number {
    const transaction = ++this.transaction
    const data = encodeAmf(name, transaction, ...args)
    this.stream.write(this.writer.write(COMMAND_CHUNKS, { type: TYPE.command, stream, timestamp: 0, data }))
    return transaction
  }

  private heard(bytes: Buffer): void {
    this.received += bytes.length
    try {
      for (const message of this.reader.push(bytes)) this.take(message)
    } catch (error) {
      this.stream.destroy(error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (this.received - this.acknowledged < this.window) return
    this.acknowledged = this.received
    this.reply(control(TYPE.acknowledgement, this.received))
  }

  private take({ type, data }: Message): void {
    if (type === TYPE.command) this.command(decodeAmf(data))
    else if (type === TYPE.amf3Command) this.command(decodeAmf(data.subarray(1)))
    else if (type === TYPE.userControl && data.length >= 6 && data.readUInt16BE() === PING_REQUEST) this.pong(data)
    else if (type === TYPE.windowSize && data.length >= 4) this.window = Math.max(1, data.readUInt32BE())
    else if (type === TYPE.peerBandwidth && data.length >= 4) this.reply(control(TYPE.windowSize, data.readUInt32BE()))
  }

  private command([name, transaction, ...args]: AmfValue[]): void {
    if (typeof name !== 'string') return
    const isAnswer = name === '_result' || name === '_error'
    const pending = isAnswer && typeof transaction === 'number' ? this.pending.get(transaction) : undefined
    if (!pending) {
      this.told(name, args)
      return
    }
    this.pending.delete(Number(transaction))
    if (name === '_result') pending.resolve(args[1])
    else pending.reject(new CommandRefused(args[1]))
  }

  private pong(ping: Buffer): void {
    const data = Buffer.from(ping.subarray(0, 6))
    data.writeUInt16BE(PING_RESPONSE)
    this.reply({ type: TYPE.userControl, stream: 0, timestamp: 0, data })
  }

  private reply(message: Message): void {
    this.stream.write(this.writer.write(CONTROL_CHUNKS, message))
  }
}
