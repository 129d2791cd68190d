import type { FlvTag } from '../media/tag.ts'
import { elapsed } from '../media/time.ts'

/** Who receives tags; must not block, and keeps its own bounds. */
interface TagSink {
  tag(tag: FlvTag): void
}

/** Where a joiner begins: with the cached group of pictures at once, or with the next keyframe. */
export type JoinAt = 'gop' | 'keyframe'

interface Receiver {
  sink: TagSink
  /** False until its next keyframe: a decoder can do nothing with what comes before. */
  open: boolean
}

/** AVCPacketType of "end of sequence" (Adobe FLV 10.1, E.4.3.1), the last word of an encoder. */
const AVC_END = 2

/** A group of pictures larger than this is not kept; a joiner then waits for the next keyframe. */
const MOST_GOP_BYTES = 32 * 1024 * 1024

/**
 * One encoder's tags, for any number of receivers. Each of them gets the metadata and the sequence headers right before
 * its first keyframe, stamped with that keyframe's time, and again when a restarted encoder brings new ones.
 */
export class Relay {
  /** Of its encoder: ms from keyframe to keyframe, and from picture to picture. */
  rhythm = { gopMs: 2_000, frameMs: 1_000 / 30 }
  private readonly receivers = new Set<Receiver>()
  private script: FlvTag | undefined
  private videoHeader: FlvTag | undefined
  private audioHeader: FlvTag | undefined
  private gop: FlvTag[] = []
  private gopBytes = 0

  /** The cached group of pictures: timestamp (ms) of its keyframe and how much time it spans; undefined without one. */
  get cached(): { start: number; spanMs: number } | undefined {
    const first = this.gop[0]
    const last = this.gop.at(-1)
    return first && last ? { start: first.timestamp, spanMs: elapsed(first.timestamp, last.timestamp) } : undefined
  }

  /** Nobody takes it. */
  get idle(): boolean {
    return this.receivers.size === 0
  }

  push(tag: FlvTag): void {
    if (tag.kind === 'script') this.script = tag
    else if (tag.kind === 'video' && tag.data[1] === AVC_END)
      return // the show goes on with the next encoder
    else if (tag.header) this.configure(tag)
    else this.media(tag)
  }

  /** Adds a receiver; the answer takes it away again. */
  join(sink: TagSink, at: JoinAt): () => void {
    const receiver = { sink, open: false }
    this.receivers.add(receiver)
    if (at === 'gop') for (const tag of [...this.gop]) this.deliver(receiver, tag)
    return () => this.receivers.delete(receiver)
  }

  /** New configuration belongs to the pictures that follow it, so everybody goes on at the keyframe behind it. */
  private configure(header: FlvTag): void {
    if (header.kind === 'video') this.videoHeader = header
    else this.audioHeader = header
    this.forget()
    for (const receiver of this.receivers) receiver.open = false
  }

  private media(tag: FlvTag): void {
    this.remember(tag)
    // A receiver may leave or another one join while it is served: a joiner has then had this tag from the cache.
    for (const receiver of [...this.receivers]) this.deliver(receiver, tag)
  }

  private deliver(receiver: Receiver, tag: FlvTag): void {
    if (!this.receivers.has(receiver)) return
    if (!receiver.open) {
      if (!tag.keyframe) return
      receiver.open = true
      for (const header of [this.script, this.videoHeader, this.audioHeader])
        if (header) receiver.sink.tag({ ...header, timestamp: tag.timestamp })
    }
    receiver.sink.tag(tag)
  }

  private remember(tag: FlvTag): void {
    if (tag.keyframe) this.forget()
    else if (this.gop.length === 0) return
    this.gop.push(tag)
    this.gopBytes += tag.data.length
    if (this.gopBytes > MOST_GOP_BYTES) this.forget()
  }

  private forget(): void {
    this.gop = []
    this.gopBytes = 0
  }
}
