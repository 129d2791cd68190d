import type { ChildProcess } from 'node:child_process'
import { type Fault, fault } from '../../contract/errors.ts'
import type { CameraSource, ClipSource, Picture, SourceState } from '../../contract/generated/engine.v1.ts'
import { exitReason } from '../../lib/child.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { Supervised, type SupervisedEvents } from '../../lib/supervise.ts'
import type { Report } from '../events.ts'
import type { IngestTraits } from '../ffmpeg/command.ts'
import type { HardwareDecoder } from '../ffmpeg/decoders.ts'
import { PipeThread } from '../ffmpeg/pipe-thread.ts'
import { closeQuietly } from '../ffmpeg/pipes.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, Ring, type RingLayout, releaseRing, SAMPLE_RATE } from '../memory/ring.ts'
import { classify, neverBegan, wantsThoroughProbe } from './classify.ts'
import { DecoderChoice, softwareNews } from './decoder.ts'
import { Heartbeat, type Pulse, pulseNews } from './heartbeat.ts'
import { Inspection } from './inspection.ts'
import { reach } from './reach.ts'
import { Readiness } from './readiness.ts'
import { openSession, type Session } from './session.ts'
import type { WorkerInput } from './worker.ts'

const SLOTS = 12
const AUDIO_FRAMES = 2 * SAMPLE_RATE
const LOOK_EVERY_MS = 200
const REACH_MS = 4_000
/** After a drop 0.5 to 1 s, then up to 30 s, for ever: cameras are rebooted, and come back. */
const BACKOFF = { quick: 750, first: 1_000, max: 30_000, jitter: 1 / 3, healthyAfter: 60_000 }

interface Deps {
  arena: Arena
  clock: Clock
  log: Log
  event: Report
  /** Something in state() other than the time of the last frame changed. */
  changed: () => void
  /** Hardware that decodes here, best first; resolves within seconds. Without it, software does. */
  decoders?: () => Promise<readonly HardwareDecoder[]>
}

type Ended = Parameters<NonNullable<SupervisedEvents['ended']>>[0]

/**
 * One camera or clip, as frames of the program's size in a ring: one session to the device, ever, kept alive for ever.
 * start() once, stop() once, then release() when no reader is left.
 */
export class Ingest {
  readonly ring: RingLayout
  private source: CameraSource | ClipSource
  private readonly deps: Deps
  private readonly picture: Picture
  private readonly frames: Ring
  /** Reads one NUT stream after the other into the ring; a job is the descriptor. */
  private readonly reader: PipeThread<number>
  private readonly supervised: Supervised
  private readonly heartbeat: Heartbeat
  private readonly readiness: Readiness
  private readonly inspection: Inspection
  private readonly decoder = new DecoderChoice()
  private readonly traits: IngestTraits = { thorough: false, silent: false, bt601: false }
  private session: Session | undefined
  private timer: NodeJS.Timeout | undefined
  private pulse: Pulse = 'connecting'
  private error: Fault | undefined
  /** Why nobody was there to be connected to. */
  private unreachable: Fault | undefined
  private video: SourceState['video']
  private hasAudio = false
  /** A clip that is not to be repeated has been played. */
  private played = false
  private stopped = false

  constructor(source: CameraSource | ClipSource, picture: Picture, deps: Deps) {
    const { arena, clock, log } = deps
    this.source = source
    this.picture = picture
    this.deps = deps
    const { width, height } = picture
    this.ring = allocRing(arena, { width, height, slots: SLOTS, audioFrames: AUDIO_FRAMES })
    this.frames = new Ring(arena.memory, this.ring)
    this.inspection = new Inspection(this.frames)
    this.reader = new PipeThread('ingest/worker', { memory: arena.memory, ring: this.ring } satisfies WorkerInput, log)
    this.readiness = new Readiness(source.kind === 'camera' ? source.mode : undefined)
    this.heartbeat = new Heartbeat(clock.mono())
    this.supervised = new Supervised({
      child: { id: source.id, kind: 'ingest' },
      ready: signal => this.knock(signal),
      spawn: () => this.connect(),
      finished: reason => this.finished(reason),
      // FFmpeg on a dead connection answers no SIGTERM, and it has nothing to save.
      askToEnd: child => child.kill('SIGKILL'),
      backoff: BACKOFF,
      clock,
      events: { ended: why => this.ended(why) },
    })
  }

  /** Process id of the FFmpeg that is running now. */
  get pid(): number | undefined {
    return this.supervised.pid
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    if (this.source.kind === 'camera' || this.source.loop) this.supervised.start()
  }

  /** Plays a clip that is not to be repeated, from its beginning; after stop() never: its ring may be gone. */
  async play(): Promise<void> {
    await this.supervised.stop()
    if (this.stopped) return
    this.played = false
    this.supervised.start()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearInterval(this.timer)
    await this.supervised.stop()
    await this.reader.stop()
  }

  /** Gives the ring's memory back. After stop(), when no reader touches it any more. */
  release(): void {
    releaseRing(this.deps.arena, this.ring)
  }

  /** Takes over what needs no new session: name, sound, what to do when frozen, readiness. */
  update(source: CameraSource | ClipSource): void {
    this.source = source
    this.deps.changed()
  }

  /** Whether a program needs it now, or soon: then a camera in standby is warmed up. `tight`: the machine has no room. */
  need(needed: boolean, tight: boolean): void {
    this.readiness.want(this.source.kind === 'camera' ? this.source.mode : undefined, needed, tight)
    if (!this.readiness.turns(this.deps.clock.mono())) return
    this.supervised.restart()
    this.deps.changed()
  }

  /** Whether its picture must not be shown although frames arrive. */
  get withheld(): boolean {
    if (this.readiness.cold) return true
    return this.trouble !== undefined && this.source.kind === 'camera' && this.source.onFrozen === 'slate'
  }

  state(): SourceState {
    const { head } = this.frames
    const { clock } = this.deps
    const error = this.error ?? (this.trouble ? this.inspection.fault : this.heartbeat.slowness)
    return {
      id: this.source.id,
      status: this.trouble ? 'frozen' : this.pulse,
      ...(head > 0 && { lastFrameAt: Math.round(clock.now() - (clock.mono() - this.frames.arrivalOf(head - 1))) }),
      ...(this.video && { video: this.video }),
      hasAudio: this.hasAudio,
      restarts: this.supervised.restarts,
      ...(this.source.kind === 'camera' && { mode: this.readiness.effective }),
      decoder: this.traits.decoder ?? 'software',
      ...(error && { error }),
    }
  }

  private async knock(signal: AbortSignal): Promise<string | undefined> {
    this.heartbeat.connecting(this.deps.clock.mono(), this.readiness.cold)
    const { source } = this
    if (source.kind === 'clip') return undefined
    const found = this.deps.decoders?.() ?? []
    this.unreachable = await reach(source.url, { timeoutMs: REACH_MS, talk: true, signal })
    this.decoder.found(await found)
    return this.unreachable?.detail
  }

  private connect(): ChildProcess {
    const { keysOnly } = this.readiness
    // A keyframe now and then is not worth a place in the hardware.
    this.traits.decoder = keysOnly ? undefined : this.decoder.hardware
    const session = openSession(this.source, this.picture, this.traits, keysOnly, () => this.learn())
    this.session = session
    this.heartbeat.connecting(this.deps.clock.mono(), this.readiness.cold)
    if (this.source.kind === 'clip') this.read(session)
    return session.child
  }

  /** A camera gets its thread only when there is something to read. */
  private read(session: Session): void {
    if (session.frames === undefined) return
    this.reader.serve(session.frames)
    session.frames = undefined
  }

  /** What has come since the last look, and what that means. */
  private look(): void {
    const now = this.deps.clock.mono()
    this.heartbeat.look(now, this.frames.head, this.nominalFps)
    const pulse = this.heartbeat.pulse(now)
    if (pulse !== this.pulse) this.turn(pulse)
    const { kind, name } = this.source
    const news = kind === 'camera' && this.inspection.look(now, pulse === 'offline', name)
    if (news) this.tell(news)
    if (news) this.deps.changed()
    const { session } = this
    if (!session) return
    if (this.error && pulse !== 'offline' && this.heartbeat.hadFrames) {
      this.error = undefined
      this.deps.changed()
    }
    if (this.readiness.warming && !session.keysOnly && this.heartbeat.hadFrames) {
      this.readiness.warming = false
      this.heartbeat.steady()
      this.deps.changed()
    }
    if (this.heartbeat.silent(now)) {
      session.silent = true
      this.supervised.kill('no picture came')
    }
  }

  /** What is wrong with a picture that arrives; one that does not arrive is the heartbeat's affair. */
  private get trouble() {
    return this.pulse === 'offline' ? undefined : this.inspection.trouble
  }

  private turn(pulse: Pulse): void {
    const before = this.pulse
    this.pulse = pulse
    const { played, video } = this
    if (pulse === 'offline' && !played) this.error ??= fault('CAMERA_SILENT', 'No picture came for 3 s.')
    const { code, detail } = this.error ?? this.heartbeat.slowness ?? {}
    const news = pulseNews(this.source.name, pulse, { played, detail })
    if (pulse !== 'online' || before !== 'degraded')
      this.tell({ ...news, data: { ...(code && { code }), ...(pulse === 'online' && { video }) } })
    this.deps.changed()
  }

  private ended(end: Ended): void {
    const { session } = this
    this.session = undefined
    if (session?.frames !== undefined) closeQuietly(session.frames)
    if (end.intended || this.played) return
    void this.account(session, this.heartbeat.hadFrames, end)
  }

  /** A clip that is not repeated has been shown to its end. */
  private finished(reason: string): string | undefined {
    const { source, heartbeat } = this
    heartbeat.look(this.deps.clock.mono(), this.frames.head, 0)
    this.played = source.kind === 'clip' && !source.loop && heartbeat.hadFrames && reason === exitReason(0, null)
    return this.played ? 'it was played to its end' : undefined
  }

  /** Says why a session ended, once FFmpeg has said its last words, and learns from it for the next one. */
  private async account(session: Session | undefined, hadFrames: boolean, end: Ended): Promise<void> {
    const { reason, ranForMs, retryInMs } = end
    await session?.lastWords
    const said = session?.report.text ?? reason
    const { source } = this
    const silent = session?.silent ?? false
    this.deps.log.info({ source: source.id, reason, silent, hadFrames, retryInMs, said }, 'ingest session ended')
    const opened = session?.report.video !== undefined
    const refused = !session?.keysOnly && this.decoder.ended({ said, opened, hadFrames, silent })
    if (refused) this.tell(softwareNews(source.name, refused, said))
    if (!hadFrames && wantsThoroughProbe(said)) this.traits.thorough = true
    if (!hadFrames && session?.report.hasAudio && (silent || neverBegan(said))) this.traits.silent = true
    this.error = this.unreachable ?? classify({ said, hadFrames, silent, ranForMs })
    this.heartbeat.failure()
    if (hadFrames) {
      const { code, detail } = this.error
      const message = `${source.name}: ${detail} Connecting again.`
      this.tell({ type: 'source.restarted', severity: 'warning', message, data: { code, reason, retryInMs } })
    }
    this.deps.changed()
  }

  private learn(): void {
    const { session } = this
    if (!session) return
    const { report } = session
    this.video = report.video ?? this.video
    this.hasAudio = report.hasAudio && !this.traits.silent
    if (report.bt601 && !this.traits.bt601) {
      // Known only now that it is connected: the one connection that is given up for colours, before its first frame.
      this.traits.bt601 = true
      this.supervised.restart()
    } else if (report.video) this.read(session)
    this.deps.changed()
  }

  /** 0 where the camera states none, or states its clock (90 kHz and the like) instead. */
  private get nominalFps(): number {
    const fps = this.readiness.keysOnly ? 0 : (this.video?.fps ?? 0)
    return fps <= 240 ? fps : 0
  }

  private tell({ data, ...news }: Parameters<Report>[0]): void {
    this.deps.event({ ...news, data: { source: this.source.id, ...data } })
  }
}
