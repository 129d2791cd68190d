import { Worker } from 'node:worker_threads'
import { VistterError } from '../../contract/errors.ts'
import type { Bus, Override, Program, Take } from '../../contract/generated/engine.v1.ts'
import type { Log } from '../../lib/log.ts'
import type { Mix } from '../audio/sound.ts'
import { scriptFile } from '../files.ts'
import { loadKernel, SCALE_SCRATCH } from '../kernel/kernel.ts'
import type { Arena } from '../memory/arena.ts'
import { allocRing, frameBytes, type RingLayout, releaseRing, SAMPLE_RATE } from '../memory/ring.ts'
import type { PreparedOverlay, SpriteDelta } from '../memory/sprite.ts'
import { allocBus, type BusMemory, releaseBus } from './bus.ts'
import type { Anchor } from './clock.ts'
import type { MixerSource } from './input.ts'
import { type Answer, type Birth, END, type MixerReport, type Order, WAKE } from './messages.ts'
import type { View } from './view.ts'

export type { MixerSource } from './input.ts'
export type { MixerReport } from './messages.ts'

/**
 * An encoder that the machine held up, or that died and was replaced, still gets every frame that the ring has: 0.7 s of
 * them at 30 fps, 0.35 s at 60. Pictures beyond 1080p are too large for that.
 */
const BUS_SLOTS = 24
const LARGE_BUS_SLOTS = 16
const LARGE = 1_920 * 1_088
const BUS_SOUND_SECONDS = 4

/** The thread makes little that lasts: short collections of a few megabytes take less time and memory than V8's usual ones. */
const YOUNG_MB = 12

interface Deps {
  arena: Arena
  log: Log
  /** What times are counted from; undefined: the wall clock at its start. */
  time?: { readonly ahead: number | undefined }
  report(report: MixerReport): void
}

/**
 * One program as the engine sees it: sources and overlays in, one ring per bus out, exactly one frame a tick. The work is
 * done by a thread of its own; an order takes effect at its next frame. Promises resolve when the thread has let go of
 * everything that the order took away, so its memory may be released.
 */
export class Mixer {
  private worker: Worker | undefined
  private frames: Birth['frames'] | undefined
  private anchored: Anchor | undefined
  private readonly buses = new Map<string, BusMemory>()
  private readonly waiting = new Map<number, () => void>()
  private numbers = 0
  /** What the thread has, and under which number. */
  private shown = new Map<PreparedOverlay, number>()
  private readonly control = new Int32Array(new SharedArrayBuffer(8))
  private readonly program: Pick<Program, 'id' | 'picture' | 'slateAfterMs'>
  private readonly deps: Deps

  constructor(program: Pick<Program, 'id' | 'picture' | 'slateAfterMs'>, deps: Deps) {
    this.program = program
    this.deps = deps
  }

  /** When frame 0 was; known once it has started. */
  get anchor(): Anchor | undefined {
    return this.anchored
  }

  /** Resolves when the clock runs. */
  async start(): Promise<void> {
    const { arena, time } = this.deps
    const ahead = time?.ahead
    const { picture, slateAfterMs } = this.program
    const bytes = frameBytes(picture.width, picture.height)
    this.frames = arena.allOrNone(() => {
      const [black, held, still, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5, 6].map(() => arena.alloc(bytes))
      return { black, held, still, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
    })
    const control = this.control.buffer as SharedArrayBuffer
    const { memory } = arena
    const birth: Birth = { memory, kernel: loadKernel(), picture, slateAfterMs, control, ahead, frames: this.frames }
    const worker = new Worker(scriptFile('mixer/worker'), {
      workerData: birth,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.worker = worker
    // A fault in the thread that makes the picture is a fault of the engine: it ends, and is started anew as a whole.
    worker.on('error', error => {
      throw error
    })
    await new Promise<void>(started => {
      worker.on('message', (answer: Answer) => {
        this.heard(answer)
        if ('started' in answer) started()
      })
    })
  }

  /** Ends the thread, then gives back all memory. Rings of buses must have no reader any more. */
  async stop(): Promise<void> {
    const { worker } = this
    if (!worker) return
    this.worker = undefined
    const ended = new Promise(resolve => worker.once('exit', resolve))
    Atomics.store(this.control, END, 1)
    this.wake()
    await ended
    for (const done of this.waiting.values()) done()
    this.waiting.clear()
    for (const bus of this.buses.values()) this.release(bus)
    this.buses.clear()
    if (this.frames) for (const address of Object.values(this.frames).flat()) this.deps.arena.release(address)
  }

  /** Pictures of the program's own size cost nothing; others are scaled while they are on air. */
  setSources(sources: MixerSource[]): Promise<void> {
    return this.order({ do: 'sources', sources })
  }

  /** All times that it is told, and tells, from its next frame on are so many ms ahead of the monotonic clock. */
  async countFrom(ahead: number): Promise<void> {
    if (this.anchored) this.anchored = { mono: this.anchored.mono, wall: this.anchored.mono + ahead }
    await this.order({ do: 'ahead', ms: ahead })
  }

  setView(view: View): void {
    this.send({ do: 'view', view })
  }

  /** Sources in the order in which they are tried. */
  setFallback(ids: string[]): void {
    this.send({ do: 'fallback', ids })
  }

  setSlateAfter(ms: number): void {
    this.send({ do: 'slateAfter', ms })
  }

  setOverride(kind: Override | undefined): void {
    this.send({ do: 'override', kind })
  }

  setSound(mix: Mix): Promise<void> {
    return this.order({ do: 'sound', mix })
  }

  /** The first frame at or after `take.at` (UTC ms) shows it, or the next one. An id that was seen before does nothing. */
  take(take: Take): void {
    this.send({ do: 'take', take })
  }

  /** Adds what is new; a bus that is there keeps its ring and its readers. */
  async addBuses(buses: Bus[]): Promise<void> {
    for (const { id, overlays } of buses) this.buses.set(id, { ...(this.buses.get(id) ?? this.makeBus(id)), overlays })
    await this.order({ do: 'buses', buses: [...this.buses.values()] })
  }

  /** Takes all others away and releases their rings, so these must have no reader any more. */
  async keepBuses(buses: Bus[]): Promise<void> {
    const gone = [...this.buses.values()].filter(bus => !buses.some(({ id }) => id === bus.id))
    for (const { id } of gone) this.buses.delete(id)
    await this.order({ do: 'buses', buses: [...this.buses.values()] })
    for (const bus of gone) this.release(bus)
  }

  ringOf(bus: string): RingLayout {
    const found = this.buses.get(bus)
    if (!found) throw new VistterError('INTERNAL', `Program ${this.program.id} has no bus ${bus}.`)
    return found.ring
  }

  /**
   * The overlays that play, in paint order; of one with several versions those that are to follow come after the one that
   * plays. A version that the thread has stays as it is.
   */
  setOverlays(overlays: PreparedOverlay[]): Promise<void> {
    if (!this.worker) return Promise.resolve()
    const before = this.shown
    this.shown = new Map(overlays.map(overlay => [overlay, before.get(overlay) ?? ++this.numbers]))
    const list = [...this.shown].map(([overlay, version]) => ({ version, ...(!before.has(overlay) && { overlay }) }))
    return this.order({ do: 'overlays', overlays: list })
  }

  /** Bitmaps of an overlay come and go. Resolves when none is touched any more that goes. */
  supply(overlay: PreparedOverlay, delta: SpriteDelta): Promise<void> {
    const version = this.shown.get(overlay)
    return version === undefined ? Promise.resolve() : this.order({ do: 'sprites', version, delta })
  }

  private makeBus(id: string): BusMemory {
    const { arena } = this.deps
    const { width, height } = this.program.picture
    const audioFrames = BUS_SOUND_SECONDS * SAMPLE_RATE
    const slots = width * height > LARGE ? LARGE_BUS_SLOTS : BUS_SLOTS
    return arena.allOrNone(() => allocBus(arena, id, 'all', allocRing(arena, { width, height, slots, audioFrames })))
  }

  private release(bus: BusMemory): void {
    releaseBus(this.deps.arena, bus)
    releaseRing(this.deps.arena, bus.ring)
  }

  /** Resolves at once when nothing runs: then nothing is touched either. */
  private order(order: Order): Promise<void> {
    if (!this.worker) return Promise.resolve()
    const number = ++this.numbers
    return new Promise(done => {
      this.waiting.set(number, done)
      this.send({ ...order, number })
    })
  }

  private send(order: Order): void {
    this.worker?.postMessage(order)
    this.wake()
  }

  private wake(): void {
    Atomics.add(this.control, WAKE, 1)
    Atomics.notify(this.control, WAKE)
  }

  private heard(answer: Answer): void {
    if ('report' in answer) this.deps.report(answer.report)
    else if ('started' in answer) this.anchored = answer.started
    else {
      this.waiting.get(answer.done)?.()
      this.waiting.delete(answer.done)
    }
  }
}
