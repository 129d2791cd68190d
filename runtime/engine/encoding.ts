import { isDeepStrictEqual } from 'node:util'
import type { Encoder as EncoderSpec, EncoderState } from '../contract/generated/engine.v1.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { Encoder } from './encode/encoder.ts'
import type { FlvTag } from './media/tag.ts'
import { Relay } from './outputs/relay.ts'
import { Switchover } from './outputs/switchover.ts'

/** A living encoder has spoken within this time (ms). */
const LAST_WORDS_MS = 1_500

type Made = Pick<Encoder, 'start' | 'stop' | 'state' | 'gopMs' | 'frameMs'>
type MakeEncoder = (spec: EncoderSpec, tag: (tag: FlvTag) => void) => Made

interface Successor {
  spec: EncoderSpec
  encoder: Made
  switchover: Switchover
  timer: NodeJS.Timeout
  /** When it last gave something. */
  heardAt: number
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
  private encoder: Made
  /** The encoder on its way in; only its first one is ever heard before it has taken over. */
  private successor: Successor | undefined
  /** What is wanted after that. */
  private waiting: EncoderSpec | undefined
  private readonly ending = new Set<Promise<void>>()
  /** Pictures have been left out, so it goes on at a keyframe. */
  private broken = false
  /** Frames that encoders of this stream lost which are gone by now. */
  private droppedBefore = 0
  private stopped: Promise<void> | undefined
  private readonly make: MakeEncoder

  constructor(spec: EncoderSpec, make: MakeEncoder) {
    this.spec = spec
    this.make = make
    this.encoder = this.made(spec)
    this.beat()
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
    const { successor } = this
    if (successor && isAlive(successor)) {
      this.waiting = alike(spec, successor.spec) ? undefined : spec
      return
    }
    this.waiting = undefined
    if (successor) this.drop(successor)
    if (!successor || !alike(spec, this.spec)) this.replace(spec)
  }

  setVideoBitrate(videoBitrate: number): void {
    const { profile, ...spec } = this.waiting ?? this.successor?.spec ?? this.spec
    if (profile.videoBitrate === videoBitrate) return
    this.change({ ...spec, profile: { ...profile, videoBitrate } })
  }

  state(): EncoderState {
    const state = this.encoder.state()
    const dropped = this.droppedBefore + (state.dropped ?? 0)
    // What keeps the wanted one from coming in is worth more than that the one before it still runs.
    const error = this.successor?.encoder.state().error ?? state.error
    const { id, profile } = this.spec
    return { ...state, dropped, id, videoBitrate: profile.videoBitrate, ...(error && { error }) }
  }

  /** Resolves when replaced encoders have let go of the program's ring. */
  async settled(): Promise<void> {
    await Promise.all(this.ending)
  }

  stop(): Promise<void> {
    this.stopped ??= this.endAll()
    return this.stopped
  }

  private endAll(): Promise<void> {
    if (this.successor) this.drop(this.successor)
    this.end(this.encoder)
    return this.settled()
  }

  private made(spec: EncoderSpec): Made {
    const encoder: Made = this.make(spec, tag => this.route(encoder, tag))
    return encoder
  }

  private replace(spec: EncoderSpec): void {
    const encoder = this.made(spec)
    const switchover = new Switchover({
      gopMs: encoder.gopMs,
      frameMs: encoder.frameMs,
      emit: tag => this.emit(tag),
      done: () => this.takeOver(),
    })
    const timer = setInterval(() => this.hurry(), LAST_WORDS_MS)
    this.successor = { spec, encoder, switchover, timer, heardAt: Number.NEGATIVE_INFINITY, late: false }
    encoder.start()
  }

  /** A dead encoder must not keep its successor waiting, nor a dead successor what is wanted after it. */
  private hurry(): void {
    const { successor, waiting } = this
    if (waiting && successor && !isAlive(successor)) this.change(waiting)
    else if (successor?.switchover.ready) {
      if (successor.late) successor.switchover.finish()
      successor.late = true
    }
  }

  private drop({ timer, encoder, switchover }: Successor): void {
    clearInterval(timer)
    this.broken ||= switchover.broke
    this.successor = undefined
    this.end(encoder)
  }

  private route(from: Made, tag: FlvTag): void {
    const { successor } = this
    if (from === successor?.encoder) {
      successor.heardAt = monotonicMs()
      successor.switchover.next(tag)
    } else if (from !== this.encoder) return
    else if (successor) successor.switchover.old(tag)
    else this.emit(tag)
  }

  private emit(tag: FlvTag): void {
    const picture = tag.kind === 'video' && !tag.header
    if (picture) this.broken &&= !tag.keyframe
    if (!picture || !this.broken) this.relay.push(tag)
  }

  private takeOver(): void {
    const { successor, waiting } = this
    if (!successor) return
    clearInterval(successor.timer)
    this.droppedBefore += this.encoder.state().dropped ?? 0
    this.end(this.encoder)
    this.encoder = successor.encoder
    this.beat()
    this.spec = { ...successor.spec, id: this.spec.id }
    this.successor = undefined
    this.waiting = undefined
    if (waiting && !this.stopped) this.replace(waiting)
  }

  private beat(): void {
    const { gopMs, frameMs } = this.encoder
    this.relay.rhythm = { gopMs, frameMs }
  }

  private end(encoder: Made): void {
    const ended = encoder.stop().finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }
}

const alike = (a: EncoderSpec, b: EncoderSpec): boolean => a.bus === b.bus && isDeepStrictEqual(a.profile, b.profile)

/** Whether a new encoder will come in: it has what it needs, or is on its way to it. */
const isAlive = ({ switchover, heardAt }: Successor): boolean =>
  switchover.ready || monotonicMs() - heardAt < LAST_WORDS_MS
