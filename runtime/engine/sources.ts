import type { CameraSource, ClipSource, Picture, Source, SourceState } from '../contract/generated/engine.v1.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { factor } from './audio/decibel.ts'
import { peakOf } from './audio/peak.ts'
import { TONE_FRAMES, Tone } from './audio/tone.ts'
import type { Report } from './events.ts'
import type { HardwareDecoder } from './ffmpeg/decoders.ts'
import { drawBars } from './graphics/bars.ts'
import type { Graphics } from './graphics/graphics.ts'
import { greyOf, shrink } from './ingest/grey.ts'
import { Ingest } from './ingest/ingest.ts'
import { Stillness } from './ingest/stillness.ts'
import type { Arena } from './memory/arena.ts'
import { allocRing, Ring, type RingLayout, releaseRing } from './memory/ring.ts'
import type { MixerSource } from './mixer/mixer.ts'

interface Deps {
  arena: Arena
  clock: Clock
  /** By which takes are timed. */
  time: Pick<Clock, 'now'>
  log: Log
  graphics: Pick<Graphics, 'slate' | 'patience' | 'jpeg'>
  event: Report
  changed: () => void
  decoders: () => Promise<readonly HardwareDecoder[]>
  /** Gives mixers the present list; resolves when no mixer touches a source that is no longer on it. */
  publish: (sources: MixerSource[]) => Promise<void>
}

/** One living source: what the mixer reads, and how to end it. `release` frees its memory, after the mixers let go. */
interface Running {
  source: Source
  ring: RingLayout
  state(): SourceState
  /** Its picture must not be shown, whatever arrives. */
  withheld(): boolean
  /** It will have a moving picture soon: a take waits for it. */
  warming(): boolean
  update(source: Source): void
  need(needed: boolean, tight: boolean): void
  /** It was taken, for `at` (UTC ms; past or absent: now). */
  cue(at?: number): void
  stop(): Promise<void>
  release(): void
}

/** A show does not wait longer for its slate (ms): after a crash on a busy machine the cameras are worth more. */
const FIRST_SLATE_MS = 1_000

/** Wide enough for a thumbnail on a phone of any density, small enough to be made twice a second for each camera. */
const JPEG_WIDTH = 640

/** Enough to tell one view of a camera from another, and less than a sentence of text. */
const GREY = { columns: 64, rows: 36 }

/** Everything that has a picture: one session per camera, one reader per clip, one still per slate. */
export class Sources {
  private readonly running = new Map<string, Running>()
  /** Slates that are drawn anew, by id. */
  private readonly drawing = new Map<string, Source>()
  /** Whether their pictures stand. */
  readonly stillness: Stillness
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.stillness = new Stillness({ pictures: id => this.flow(id), clock: deps.clock })
  }

  async start(source: Source, picture: Picture): Promise<void> {
    const running = await this.make(source, picture)
    this.running.set(source.id, running)
    await this.publish()
  }

  /** The new one is there before the old one goes, so the mixer always has a ring for this id. */
  async restart(source: Source, picture: Picture): Promise<void> {
    const old = this.running.get(source.id)
    if (old && source.kind === 'slate') return this.deps.graphics.patience.wait(this.redraw(source, picture))
    this.drawing.delete(source.id)
    // A camera gets one session, ever: its old one ends first.
    await old?.stop()
    await this.start(source, picture)
    old?.release()
  }

  /** A slate has no session, so it is swapped without a gap, as soon as it is drawn and if it is still wanted then. */
  private async redraw(source: Source, picture: Picture): Promise<void> {
    this.drawing.set(source.id, source)
    const drawn = await this.make(source, picture)
    const old = this.running.get(source.id)
    if (!old || this.drawing.get(source.id) !== source) return drawn.release()
    this.drawing.delete(source.id)
    this.running.set(source.id, drawn)
    await this.publish()
    await old.stop()
    old.release()
  }

  async update(source: Source): Promise<void> {
    this.running.get(source.id)?.update(source)
    await this.publish()
  }

  /**
   * Ids of sources that a program needs now or soon: those in standby are warmed up, and the others may cool down.
   * `tight`: those for which the machine has no room.
   */
  need(ids: ReadonlySet<string>, tight: { has(id: string): boolean }): void {
    for (const [id, running] of this.running) running.need(ids.has(id), tight.has(id))
  }

  /** A source was taken: one that is played once begins. */
  cue(id: string, at?: number): void {
    this.running.get(id)?.cue(at)
  }

  async stop(id: string): Promise<void> {
    const running = this.running.get(id)
    if (!running) return
    this.running.delete(id)
    this.drawing.delete(id)
    await running.stop()
    await this.publish()
    running.release()
  }

  async stopAll(): Promise<void> {
    this.stillness.stop()
    await Promise.all([...this.running.values()].map(running => running.stop()))
  }

  /** The newest picture of one as JPEG; undefined while it has none. */
  async jpeg(id: string): Promise<Buffer | undefined> {
    const ring = this.pictures(id)
    if (!ring || ring.head === 0) return undefined
    const { width, height } = ring.layout
    return this.deps.graphics.jpeg(ring.addressOf(ring.head - 1), width, height, JPEG_WIDTH)
  }

  /** The same as means of grey, one byte each, row by row. */
  grey(id: string): Buffer | undefined {
    const ring = this.pictures(id)
    if (!ring || ring.head === 0) return undefined
    const { width, height } = ring.layout
    const grey = greyOf(GREY.columns, GREY.rows)
    shrink({ bytes: ring.bytes, at: ring.addressOf(ring.head - 1), width, height }, grey)
    return Buffer.from(grey.cells)
  }

  /** The pictures of one; undefined while they come too rarely to tell whether it moves. */
  private flow(id: string): Ring | undefined {
    const { mode = 'hot' } = this.running.get(id)?.state() ?? {}
    return mode === 'hot' ? this.pictures(id) : undefined
  }

  states(): SourceState[] {
    return [...this.running.values()].map(({ ring, state }) => {
      const now = state()
      const heard = now.hasAudio && now.status !== 'offline' && now.status !== 'connecting'
      return heard ? { ...now, soundPeak: peakOf(new Ring(this.deps.arena.memory, ring)) } : now
    })
  }

  private pictures(id: string): Ring | undefined {
    const running = this.running.get(id)
    return running && new Ring(this.deps.arena.memory, running.ring)
  }

  private publish(): Promise<void> {
    return this.deps.publish(this.list())
  }

  list(): MixerSource[] {
    return [...this.running.values()].map(({ source, ring, withheld, warming }) => ({
      id: source.id,
      ring,
      still: source.kind === 'slate' || source.kind === 'bars',
      withheld: withheld(),
      warming: warming(),
      audio: isHeard(source),
      gain: source.kind === 'camera' || source.kind === 'clip' ? factor(source.gain) : 1,
    }))
  }

  private async make(source: Source, picture: Picture): Promise<Running> {
    if (source.kind === 'slate') return this.still(source, picture)
    return source.kind === 'bars' ? this.bars(source, picture) : this.moving(source, picture)
  }

  private moving(source: CameraSource | ClipSource, picture: Picture): Running {
    const { arena, clock, time, log, event, decoders } = this.deps
    // A camera that is not there is not on its way either.
    const warming = () => {
      const { mode, status } = ingest.state()
      return mode === 'warming' && status !== 'offline'
    }
    const seen = () => `${ingest.withheld} ${warming()}`
    let before = ''
    const changed = () => {
      this.deps.changed()
      if (seen() === before) return
      before = seen()
      void this.publish()
    }
    let cue: NodeJS.Timeout | undefined
    const ingest = new Ingest(source, picture, { arena, clock, log, event, changed, decoders })
    before = seen()
    ingest.start()
    const running: Running = {
      source,
      ring: ingest.ring,
      state: () => ingest.state(),
      withheld: () => ingest.withheld,
      warming,
      need: (needed, tight) => ingest.need(needed, tight),
      cue: at => {
        clearTimeout(cue)
        if (source.kind === 'clip' && !source.loop)
          cue = setTimeout(() => void ingest.play(), Math.max(0, (at ?? 0) - time.now()))
      },
      update: next => {
        if (next.kind === 'slate' || next.kind === 'bars') return
        running.source = next
        ingest.update(next)
      },
      stop: () => {
        clearTimeout(cue)
        return ingest.stop()
      },
      release: () => ingest.release(),
    }
    return running
  }

  private bars(source: Source & { kind: 'bars' }, { width, height }: Picture): Running {
    const { arena, clock } = this.deps
    const layout = allocRing(arena, { width, height, slots: 2, audioFrames: TONE_FRAMES })
    const ring = new Ring(arena.memory, layout)
    ring.bytes.set(drawBars(width, height), ring.writeAddress)
    const tone = source.tone ? new Tone(ring, clock) : undefined
    ring.publish(0, clock.mono())
    return {
      ...unmoved(source, layout),
      stop: async () => tone?.stop(),
      release: () => releaseRing(arena, layout),
    }
  }

  private async still(source: Source & { kind: 'slate' }, picture: Picture): Promise<Running> {
    const gone = new AbortController()
    // One that is on air already stays until the new one is drawn.
    const first = !this.running.has(source.id)
    const patience = { ms: FIRST_SLATE_MS, gone: gone.signal }
    const ring = await this.deps.graphics.slate(source, picture, first ? patience : undefined)
    return {
      ...unmoved(source, ring),
      stop: async () => {},
      release: () => {
        gone.abort()
        releaseRing(this.deps.arena, ring)
      },
    }
  }
}

function isHeard(source: Source): boolean {
  if (source.kind === 'camera') return source.audio
  return source.kind === 'clip' ? !source.mute : source.kind === 'bars' && source.tone
}

/** What all sources have in common that show one picture for ever. */
const unmoved = (source: Source, ring: RingLayout) => ({
  source,
  ring,
  state: (): SourceState => ({ id: source.id, status: 'online' }),
  withheld: () => false,
  warming: () => false,
  update: () => {},
  need: () => {},
  cue: () => {},
})
