import type { Encoder as EncoderSpec, EncoderState } from '../contract/generated/engine.v1.ts'
import type { Encoder } from './encode/encoder.ts'
import type { FlvTag } from './media/tag.ts'
import { Relay } from './outputs/relay.ts'
import { Switchover } from './outputs/switchover.ts'

/** How long a new encoder waits for the last words of one that may be dead (ms). */
const LAST_WORDS_MS = 1_500

type MakeEncoder = (spec: EncoderSpec, tag: (tag: FlvTag) => void) => Encoder

interface Successor {
  spec: EncoderSpec
  encoder: Encoder
  switchover: Switchover
  timer: NodeJS.Timeout
  /** It was ready at the last look, too. */
  late: boolean
}

/**
 * One stream of a program, with the encoder that makes it. The encoder may be replaced by one of another bitrate, size or
 * rate: viewers of the relay see one stream that goes on.
 */
export class Encoding {
  readonly relay = new Relay()
  private spec: EncoderSpec
  private encoder: Encoder
  /** The encoder on its way in; only its first one is ever heard before it has taken over. */
  private successor: Successor | undefined
  /** What is wanted after that. */
  private waiting: EncoderSpec | undefined
  private readonly ending = new Set<Promise<void>>()
  /** Frames that encoders of this stream lost which are gone by now. */
  private droppedBefore = 0
  private stopped = false
  private readonly make: MakeEncoder

  constructor(spec: EncoderSpec, make: MakeEncoder) {
    this.spec = spec
    this.make = make
    this.encoder = this.made(spec)
  }

  get program(): string {
    return this.spec.program
  }

  /** One encoder is about to follow another, or has just done so. */
  get changing(): boolean {
    return this.successor !== undefined || this.ending.size > 0
  }

  start(): void {
    this.encoder.start()
  }

  /** Another profile in the same stream, as soon as an encoder for it has its first usable keyframe. */
  change(spec: EncoderSpec): void {
    this.spec = { ...this.spec, id: spec.id }
    if (this.successor) this.waiting = spec
    else this.replace(spec)
  }

  setVideoBitrate(videoBitrate: number): void {
    const { profile, ...spec } = this.waiting ?? this.successor?.spec ?? this.spec
    if (profile.videoBitrate === videoBitrate) return
    this.change({ ...spec, profile: { ...profile, videoBitrate } })
  }

  state(): EncoderState {
    const state = this.encoder.state()
    const dropped = this.droppedBefore + (state.dropped ?? 0)
    return { ...state, dropped, id: this.spec.id, videoBitrate: this.spec.profile.videoBitrate }
  }

  /** Resolves when replaced encoders have let go of the program's ring. */
  async settled(): Promise<void> {
    await Promise.all(this.ending)
  }

  async stop(): Promise<void> {
    this.stopped = true
    if (this.successor) {
      clearInterval(this.successor.timer)
      this.end(this.successor.encoder)
    }
    this.end(this.encoder)
    await this.settled()
  }

  private made(spec: EncoderSpec): Encoder {
    const encoder: Encoder = this.make(spec, tag => this.route(encoder, tag))
    return encoder
  }

  private replace(spec: EncoderSpec): void {
    const encoder = this.made(spec)
    const switchover = new Switchover({
      gopMs: encoder.gopMs,
      frameMs: encoder.frameMs,
      emit: tag => this.relay.push(tag),
      done: () => this.takeOver(),
    })
    const timer = setInterval(() => this.hurry(), LAST_WORDS_MS)
    this.successor = { spec, encoder, switchover, timer, late: false }
    encoder.start()
  }

  /** A living encoder has spoken within this time; a dead one must not keep its successor waiting. */
  private hurry(): void {
    const { successor } = this
    if (!successor?.switchover.ready) return
    if (successor.late) successor.switchover.finish()
    successor.late = true
  }

  private route(from: Encoder, tag: FlvTag): void {
    const { successor } = this
    if (from === successor?.encoder) successor.switchover.next(tag)
    else if (from !== this.encoder) return
    else if (successor) successor.switchover.old(tag)
    else this.relay.push(tag)
  }

  private takeOver(): void {
    const { successor, waiting } = this
    if (!successor) return
    clearInterval(successor.timer)
    this.droppedBefore += this.encoder.state().dropped ?? 0
    this.end(this.encoder)
    this.encoder = successor.encoder
    this.spec = { ...successor.spec, id: this.spec.id }
    this.successor = undefined
    this.waiting = undefined
    if (waiting && !this.stopped) this.replace(waiting)
  }

  private end(encoder: Encoder): void {
    const ended = encoder.stop().finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }
}
