import type { Readable } from 'node:stream'
import { parser } from 'mqtt-packet'

/**
 * The client hands over one message after another, each when the one before is confirmed; the disk would have to be waited
 * for by each. So what is on the line is read here, too, as it comes, and kept together.
 */
export class ReadAhead {
  private readonly coming = new Map<number, Promise<void>>()
  private readonly topic: string
  private readonly arrived: (payload: Buffer) => Promise<void>

  constructor(topic: string, arrived: (payload: Buffer) => Promise<void>) {
    this.topic = topic
    this.arrived = arrived
  }

  /** Before the client hears anything of it. Where one cannot be kept it is over: what follows must not overtake it. */
  listen(stream: Readable & { destroy(): unknown }): void {
    const read = parser({ protocolVersion: 4 })
    read.on('packet', packet => {
      if (packet.cmd !== 'publish' || packet.messageId === undefined || packet.topic !== this.topic) return
      const kept = this.arrived(bytesOf(packet.payload))
      this.coming.set(packet.messageId, kept)
      kept.catch(() => stream.destroy())
    })
    read.on('error', () => {}) // the client reads the same, and ends the connection
    stream.on('data', (chunk: Buffer) => read.parse(chunk))
  }

  /** Resolves when a message that the client hands over is kept. */
  kept(topic: string, messageId: number | undefined, payload: Buffer | string): Promise<void> {
    if (topic !== this.topic) return Promise.resolve()
    const kept = messageId === undefined ? undefined : this.coming.get(messageId)
    if (!kept || messageId === undefined) return this.arrived(bytesOf(payload))
    this.coming.delete(messageId)
    return kept
  }
}

const bytesOf = (payload: Buffer | string): Buffer => (typeof payload === 'string' ? Buffer.from(payload) : payload)
