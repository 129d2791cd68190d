import type { Override, Picture, Take, Transition } from '../../contract/generated/engine.v1.ts'
import { type Mix, type Part, Sound } from '../audio/sound.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { frameBytes, SAMPLE_RATE } from '../memory/ring.ts'
import type { SpriteDelta } from '../memory/sprite.ts'
import { type BusMemory, BusPainter } from './bus.ts'
import { BLACK, Chooser, SLATE } from './choose.ts'
import type { FrameTimes } from './clock.ts'
import { Input, type MixerSource } from './input.ts'
import type { Birth, MixerReport, Version } from './messages.ts'
import type { Player } from './player.ts'
import { Scaler } from './scaler.ts'
import { Stage } from './stage.ts'
import { Takes } from './takes.ts'
import { Passage } from './transition.ts'
import { type View, WHOLE } from './view.ts'

/** Stands for the half-done picture of a transition that another one interrupted. */
const FROZEN = ' frozen'
const NONE: ReadonlyMap<string, Player> = new Map()

/** One program, frame by frame: what it shows, what lies over it, how it sounds. It is told the time and never waits. */
export class Desk {
  readonly chooser: Chooser
  readonly takes = new Takes()
  /** How sources of another shape are shown; a still is always shown whole, because its words are. */
  view: View = WHOLE
  readonly counts = { produced: 0, dropped: 0, repeated: 0 }
  private readonly inputs = new Map<string, Input>()
  private readonly stage: Stage
  private painters: BusPainter[] = []
  /** What outranks takes now. */
  override: Override | undefined
  /** The pause has its picture. */
  private paused = false
  private take: Take | undefined
  /** A take whose first frame has not been seen yet, and what the last one took. */
  private pending: Take | undefined
  private taken: MixerReport['taken']
  private transition: Transition | undefined
  private passage: Passage | undefined
  private from = BLACK
  /** Whose picture the `held` buffer keeps. */
  private held: string | undefined
  private due = 0
  private readonly parts: Part[] = []
  private readonly sound: Sound
  private readonly scaler: Scaler
  private readonly memory: WebAssembly.Memory
  private readonly kernel: Kernel
  private readonly picture: Picture
  private readonly frames: Birth['frames']
  private readonly times: FrameTimes

  constructor(birth: Pick<Birth, 'memory' | 'picture' | 'slateAfterMs' | 'frames'>, kernel: Kernel, times: FrameTimes) {
    const { num, den } = birth.picture.frameRate
    this.memory = birth.memory
    this.kernel = kernel
    this.picture = birth.picture
    this.frames = birth.frames
    this.times = times
    this.chooser = new Chooser(birth.slateAfterMs)
    this.sound = new Sound(birth.memory, Math.ceil((SAMPLE_RATE * den) / num) + 1)
    this.stage = new Stage(birth.picture, times)
    this.scaler = new Scaler(kernel, birth.picture, birth.frames)
    kernel.black(birth.frames.black, birth.picture.width, birth.picture.height)
  }

  /** After this call no ring that is not in the list is touched; the last picture of one on air is kept. */
  setSources(sources: MixerSource[]): void {
    const listed = new Map(sources.map(source => [source.id, source]))
    for (const [id, input] of [...this.inputs]) {
      const source = listed.get(id)
      if (source && source.ring.header === input.ring.layout.header) {
        input.still = source.still
        input.withheld = source.withheld ?? false
        input.warming = source.warming ?? false
        input.audio = source.audio
        input.gain = source.gain ?? 1
        listed.delete(id)
        continue
      }
      if (id === this.chooser.onAir || (this.passage && id === this.from)) this.keep(id, this.frameOf(id))
      this.inputs.delete(id)
      if (source) this.inputs.set(id, new Input(this.memory, source, input))
      listed.delete(id)
    }
    for (const [id, source] of listed) this.inputs.set(id, new Input(this.memory, source))
    this.scaler.forget()
  }

  /** A bus that stays keeps its ring; a new one begins with frame n. */
  setBuses(buses: BusMemory[], n: number): void {
    this.painters = buses.map(bus => {
      const painter = this.painters.find(({ ring }) => ring.layout.header === bus.ring.header)
      if (painter) {
        painter.overlays = bus.overlays
        return painter
      }
      const fresh = new BusPainter(this.memory, this.kernel, bus)
      fresh.ring.audioStart = (this.times.samplesBefore(n) * 1e6) / SAMPLE_RATE
      return fresh
    })
  }

  setOverride(kind: Override | undefined): void {
    this.override = kind
    if (kind !== 'hold') this.paused = false
    const forced = kind === 'slate' ? SLATE : undefined
    if (forced !== this.chooser.forced) this.chooser.force(forced, this.due)
  }

  setSound(mix: Mix): void {
    this.sound.set(mix)
  }

  setOverlays(overlays: Version[]): void {
    this.stage.set(overlays)
    for (const painter of this.painters) painter.forget()
  }

  supply(version: number, delta: SpriteDelta): void {
    this.stage.supply(version, delta)
    // What comes next may lie where one was that goes now.
    if (delta.drop.length > 0) for (const painter of this.painters) painter.forget()
  }

  /** Makes frame n. `due`: its monotonic time (ms); `wall`: its UTC time (ms); `mono` tells the time when it is done. */
  tick(n: number, due: number, wall: number, mono: () => number): void {
    this.due = due
    for (const input of this.inputs.values()) input.observe(due, this.chooser.thresholdMs)
    this.decide(n)
    this.stage.seek(wall)
    const base = this.base()
    this.paint(base)
    if (this.torn()) this.paintNewest()
    if (this.override === 'hold' && !this.paused) this.pause()
    this.publish(n, this.makeSound(n), mono())
    this.stage.aired(n, wall, this.override === 'pause-overlays')
    this.clockTake(wall + mono() - due)
    this.passage?.advance()
    if (this.passage?.over) this.endPassage()
  }

  /** Makes frame n show the one before again, with its own sound: for ticks that were missed. */
  repeat(n: number, due: number, mono: () => number): void {
    this.due = due
    for (const painter of this.painters) {
      if (painter.ring.head > 0) painter.repeat()
      else painter.paint(this.frames.black, this.stage.players)
    }
    this.publish(n, this.makeSound(n), mono())
    this.stage.again(n)
    this.counts.repeated++
  }

  /** Leaves out frames [n, to); the sound has a gap of exactly their length. */
  drop(n: number, to: number): void {
    const pairs = this.times.samplesBefore(to) - this.times.samplesBefore(n)
    for (const { ring } of this.painters) {
      ring.samples.fill(0)
      ring.publishAudio(pairs)
    }
    this.counts.dropped += to - n
  }

  report(n: number, lateMsMax: number): MixerReport {
    return {
      onAir: this.chooser.onAir,
      wanted: this.chooser.wanted ?? BLACK,
      ...(this.take && { take: this.take.id }),
      ...(this.taken && { taken: this.taken }),
      sound: this.sound.levels(),
      ...(this.override && { override: this.override }),
      fallback: this.chooser.fallback,
      ...this.stage.report(),
      frames: { ...this.counts },
      time: Math.round(this.times.msOf(n)),
      lateMsMax: Math.round(lateMsMax * 100) / 100,
    }
  }

  private decide(n: number): void {
    const take = this.takes.due(n)
    if (take) {
      this.take = take
      this.transition = take.transition
      this.pending = take
      this.chooser.want(take.source, this.due)
    }
    const before = this.chooser.onAir
    const after = this.chooser.step(this.due, id => this.inputs.get(id))
    if (after !== before) this.change(before, after)
    else if (after === this.chooser.wanted) this.transition = undefined
  }

  private change(before: string, after: string): void {
    const transition = after === this.chooser.wanted ? this.transition : undefined
    this.transition = undefined
    const next = new Passage(transition, this.times.framesIn(transition?.durationMs ?? 0))
    if (this.passage && !next.over) this.keep(FROZEN, this.frames.base)
    this.from = this.passage ? FROZEN : before
    this.passage = next.over ? undefined : next
    for (const input of this.inputs.values()) input.gainBefore = input.part.voice.gain
  }

  private endPassage(): void {
    this.passage = undefined
    for (const input of this.inputs.values()) input.gainBefore = input.part.voice.gain
  }

  private keep(id: string, address: number): void {
    this.kernel.copy(this.frames.held, address, frameBytes(this.picture.width, this.picture.height))
    this.held = id
  }

  /** Keeps the picture of this frame under the overlays; the sources go on behind it. */
  private pause(): void {
    this.kernel.copy(this.frames.pause, this.base(), frameBytes(this.picture.width, this.picture.height))
    this.paused = true
  }

  private paint(base: number): void {
    const players = this.override === 'pause-overlays' ? NONE : this.stage.players
    for (const painter of this.painters) painter.paint(base, players)
  }

  /** Address of the picture under the overlays. */
  private base(): number {
    if (this.paused) return this.frames.pause
    const to = this.frameOf(this.chooser.onAir)
    if (!this.passage) return to
    const { width, height } = this.picture
    this.passage.draw(this.kernel, this.frames.base, this.frameOf(this.from), to, width, height)
    return this.frames.base
  }

  private frameOf(id: string): number {
    const input = this.inputs.get(id)
    const n = input ? input.playout.pick(this.due) : -1
    if (input && n >= 0) return this.scaler.frame(input.ring, n, input.still ? WHOLE : this.view)
    return this.held === id ? this.frames.held : this.frames.black
  }

  /** Whether a writer came round while its frame was read: then the picture may be half of one and half of another. */
  private torn(): boolean {
    return this.tornOf(this.chooser.onAir) || (this.passage !== undefined && this.tornOf(this.from))
  }

  private tornOf(id: string): boolean {
    const input = this.inputs.get(id)
    return input?.playout.shown !== undefined && !input.ring.intact(input.playout.shown)
  }

  private paintNewest(): void {
    this.inputs.get(this.chooser.onAir)?.playout.skipToNewest()
    if (this.passage) this.inputs.get(this.from)?.playout.skipToNewest()
    this.paint(this.base())
  }

  /** Makes the sound of frame n; answers how many sample pairs it is. */
  private makeSound(n: number): number {
    const pairs = this.times.samplesBefore(n + 1) - this.times.samplesBefore(n)
    const silent = this.override === 'hold' || this.sound.muted
    this.gatherSound(silent)
    this.sound.render(this.parts, pairs, { slow: this.passage !== undefined, dueUs: this.due * 1_000, silent })
    return pairs
  }

  private gatherSound(silent: boolean): void {
    const share = this.passage ? this.passage.progress : 1
    const heard = silent ? undefined : this.chooser.onAir
    this.parts.length = 0
    for (const input of this.inputs.values())
      if (input.sounds(this.due, input.id === heard, share)) this.parts.push(input.part)
  }

  /** Notes how long a take took, at its first frame. `now`: UTC ms. */
  private clockTake(now: number): void {
    const { pending } = this
    if (!pending || this.paused || pending.source !== this.chooser.onAir) return
    this.pending = undefined
    const asked = Math.max(pending.askedAt ?? 0, pending.at ?? 0)
    if (asked > 0) this.taken = { take: pending.id, latencyMs: Math.round(now - asked) }
  }

  private publish(n: number, pairs: number, now: number): void {
    for (const { ring } of this.painters) {
      this.sound.write(ring, pairs)
      ring.publish(this.times.usOf(n), now)
    }
    this.counts.produced++
  }
}
