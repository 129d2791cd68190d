import type { ChildProcess } from 'node:child_process'
import { type Fault, fault } from '../../contract/errors.ts'
import type { Encoder as EncoderSpec, EncoderState, Fraction, Picture } from '../../contract/generated/engine.v1.ts'
import { spawnOwned } from '../../lib/child.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { Supervised } from '../../lib/supervise.ts'
import type { Report } from '../events.ts'
import { missingFromFfmpeg } from '../ffmpeg/capabilities.ts'
import { encoderArgs, gopOf } from '../ffmpeg/encoder-command.ts'
import { type H264Encoder, SOFTWARE, type X264Preset } from '../ffmpeg/h264.ts'
import { PipeThread } from '../ffmpeg/pipe-thread.ts'
import { closeQuietly, openPipe } from '../ffmpeg/pipes.ts'
import { FfmpegReport } from '../ffmpeg/stderr.ts'
import type { FlvTag } from '../media/tag.ts'
import { Ring, type RingLayout } from '../memory/ring.ts'
import { encoderRate } from './cadence.ts'
import { FeedControl, type FeedInput, type FeedJob } from './feed.ts'
import { FlvParser } from './flv.ts'

/** An encoder that is fed and gives nothing for this long hangs. */
const STUCK_AFTER_MS = 5_000
const LOOK_EVERY_MS = 500
/** Time to write the last frames after its input has ended. */
const END_WITHIN_MS = 2_000
/**
 * The first restart is at once: what the ring still has of the meantime is then not lost. One that has made pictures for
 * ten seconds is no loop of failures, however often that happens.
 */
const BACKOFF = { quick: 0, first: 1_000, max: 30_000, jitter: 0.2, healthyAfter: 10_000 }
/** A pipe of a dead process is read to its end within this. */
const LAST_WORD_MS = 1_000
/** So many starts in a row without a single tag: it is not going to work by itself soon. */
const HOPELESS_AFTER = 3

export interface EncoderInput {
  memory: WebAssembly.Memory
  /** The ring of the program's bus. */
  ring: RingLayout
  picture: Picture
  /** Encoders that work here, best first. */
  encoders: readonly H264Encoder[]
  /** For software. */
  preset: X264Preset
}

interface Deps {
  clock: Clock
  log: Log
  event: Report
  /** Something in state() other than the count of dropped frames changed. */
  changed: () => void
  tag: (tag: FlvTag) => void
}

/** One profile of a program as FLV tags. It lives as long as the show; a new generation carries on in the same time line. */
export class Encoder {
  private readonly spec: EncoderSpec
  private readonly input: EncoderInput
  private readonly deps: Deps
  private readonly rate: Fraction
  private readonly ring: Ring
  private readonly control: Int32Array
  private readonly thread: PipeThread<FeedJob>
  private readonly supervised: Supervised
  private generation = 0
  private report = new FfmpegReport()
  private timer: NodeJS.Timeout | undefined
  private status: EncoderState['status'] = 'starting'
  private error: Fault | undefined
  /** Starts in a row that gave nothing. */
  private fruitless = 0
  private lastTagAt = 0
  private headAtTag = 0
  /** Time of the last picture given, and the moment when the process that gave it had nothing more to say. */
  private lastPicture: number | undefined
  private lastWord: Promise<unknown> = Promise.resolve()
  private codec: H264Encoder
  private insteadOf: EncoderState['insteadOf']

  constructor(spec: EncoderSpec, input: EncoderInput, deps: Deps) {
    this.spec = spec
    this.input = input
    this.deps = deps
    const { memory, ring, picture, encoders } = input
    this.codec = encoders[0] ?? SOFTWARE
    this.rate = encoderRate(picture.frameRate, spec.profile.fps)
    this.ring = new Ring(memory, ring)
    const control = new SharedArrayBuffer(FeedControl.WORDS * 4)
    this.control = new Int32Array(control)
    const feed: FeedInput = { memory, ring, rate: this.rate, control }
    this.thread = new PipeThread('encode/worker', feed, deps.log)
    this.supervised = new Supervised({
      child: { id: spec.id, kind: 'encoder' },
      ready: () => this.lastWord.then(() => undefined),
      spawn: () => this.spawn(),
      // It ends by itself when its input does; a SIGTERM would not reach it while it waits for input.
      askToEnd: () => Atomics.store(this.control, FeedControl.END, this.generation),
      graceMs: END_WITHIN_MS,
      backoff: BACKOFF,
      clock: deps.clock,
      events: { ended: why => this.ended(why) },
    })
  }

  /** ms from picture to picture. */
  get frameMs(): number {
    return (this.rate.den * 1_000) / this.rate.num
  }

  /** ms from keyframe to keyframe. */
  get gopMs(): number {
    const { num, den } = this.rate
    return (gopOf(this.spec.profile, this.rate) * den * 1_000) / num
  }

  /** Process id of the FFmpeg that is running now. */
  get pid(): number | undefined {
    return this.supervised.pid
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    this.supervised.start()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.supervised.stop()
    await this.thread.stop()
  }

  state(): EncoderState {
    return {
      id: this.spec.id,
      status: this.status,
      codec: this.codec,
      ...(this.codec === SOFTWARE && { preset: this.input.preset }),
      ...(this.insteadOf && { insteadOf: this.insteadOf }),
      restarts: this.supervised.restarts,
      dropped: Atomics.load(this.control, FeedControl.DROPPED),
      ...(this.error && { error: this.error }),
    }
  }

  private spawn(): ChildProcess {
    const pipe = openPipe()
    try {
      const args = encoderArgs(this.spec.profile, this.input.picture, this.rate, {
        encoder: this.codec,
        preset: this.input.preset,
      })
      const child = spawnOwned('ffmpeg', args, { stdio: ['ignore', 'pipe', 'pipe', pipe.read] })
      this.generation++
      this.fruitless++
      this.mark()
      this.report = new FfmpegReport().listen(child.stderr)
      const parser = new FlvParser(tag => this.take(tag))
      child.stdout?.on('data', (chunk: Buffer) => this.receive(parser, chunk))
      this.lastWord = lastWordOf(child)
      this.thread.serve({ fd: pipe.write, generation: this.generation, after: this.lastPicture })
      return child
    } catch (error) {
      closeQuietly(pipe.write)
      throw error
    } finally {
      closeQuietly(pipe.read)
    }
  }

  private receive(parser: FlvParser, chunk: Buffer): void {
    try {
      parser.push(chunk)
    } catch (err) {
      this.deps.log.error({ err, encoder: this.spec.id }, 'encoder stream broken')
      this.supervised.kill('its stream is broken')
    }
  }

  private take(tag: FlvTag): void {
    this.mark()
    if (this.status !== 'running' && tag.kind === 'video' && !tag.header) {
      this.status = 'running'
      this.error = undefined
      this.fruitless = 0
      this.deps.changed()
    }
    if (tag.kind === 'video' && !tag.header) this.lastPicture = tag.timestamp
    this.deps.tag(tag)
  }

  private mark(): void {
    this.lastTagAt = this.deps.clock.mono()
    this.headAtTag = this.ring.head
  }

  private look(): void {
    const fed = this.ring.head !== this.headAtTag
    if (fed && this.supervised.pid !== undefined && this.deps.clock.mono() - this.lastTagAt >= STUCK_AFTER_MS) {
      this.supervised.kill('it was fed and gave nothing')
    }
  }

  private ended({ reason, intended, retryInMs }: { reason: string; intended: boolean; retryInMs?: number }): void {
    // Its thread may be waiting for frames rather than writing: it must not wait for the next generation's.
    Atomics.store(this.control, FeedControl.END, this.generation)
    if (intended) return
    const { id } = this.spec
    this.status = this.fruitless >= HOPELESS_AFTER ? 'failed' : 'restarting'
    this.error = fault('ENCODER_FAILED', `The encoder ended: ${reason}.`)
    this.deps.log.warn({ encoder: id, codec: this.codec, reason, retryInMs, said: this.report.text }, 'encoder ended')
    this.deps.event({
      type: 'encoder.restarted',
      severity: 'warning',
      message: `The encoder ended (${reason}) and is started again.`,
      data: { encoder: id, reason, retryInMs },
    })
    if (this.fruitless > 0) this.fallBack(reason)
    this.deps.changed()
    if (this.fruitless === HOPELESS_AFTER) void this.explain()
  }

  /** Its trial went well, but here it gave nothing (another user of the card, a size that it cannot do): the next best. */
  private fallBack(reason: string): void {
    const { encoders } = this.input
    const next = encoders[encoders.indexOf(this.codec) + 1]
    if (!next) return
    const { id } = this.spec
    this.deps.event({
      type: 'encoder.fallback',
      severity: 'warning',
      message: `${this.codec} gave no picture (${reason}): ${next} encodes instead.`,
      data: { encoder: id, from: this.codec, to: next, reason },
    })
    this.insteadOf = { codec: this.codec, reason }
    this.codec = next
  }

  /** An FFmpeg without our codecs fails in the same way each time, and the reason is worth more than its exit code. */
  private async explain(): Promise<void> {
    const missing = await missingFromFfmpeg()
    if (missing.length === 0 || this.status !== 'failed') return
    this.error = fault('ENCODER_FAILED', `The installed FFmpeg lacks ${missing.join(', ')}.`)
    this.deps.log.error({ missing }, 'FFmpeg is not complete')
    this.deps.changed()
  }
}

/** Resolves when all that a process wrote has been read: it may be dead before that. */
function lastWordOf(child: ChildProcess): Promise<unknown> {
  return new Promise(resolve => {
    child.stdout?.once('close', resolve)
    child.once('error', resolve)
    child.once('exit', () => setTimeout(resolve, LAST_WORD_MS))
  })
}
