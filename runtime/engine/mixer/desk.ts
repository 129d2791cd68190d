import type { Override, Picture, Take, Transition } from '../../contract/generated/engine.v1.ts'
import { type Mix, type Part, Sound } from '../audio/sound.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { SAMPLE_RATE } from '../memory/ring.ts'
import type { SpriteDelta } from '../memory/sprite.ts'
import { type BusMemory, BusPainter } from './bus.ts'
import { BLACK, Chooser, SLATE } from './choose.ts'
import type { FrameTimes } from './clock.ts'
import { Gallery } from './gallery.ts'
import type { MixerSource } from './input.ts'
import { sourceOf, stillOf } from './kept.ts'
import type { Birth, MixerReport, Version } from './messages.ts'
import type { Player } from './player.ts'
import { Sights } from './sights.ts'
import { Stage } from './stage.ts'
import { Takes } from './takes.ts'
import { Passage } from './transition.ts'
import type { View } from './view.ts'

/** Stands for the half-done picture of a transition that another one interrupted. */
const FROZEN = ' frozen'
const NONE: ReadonlyMap<string, Player> = new Map()

/** One program, frame by frame: what it shows, what lies over it, how it sounds. It is told the time and never waits. */
export class Desk {
  readonly chooser: Chooser
  readonly takes = new Takes()
  readonly counts = { produced: 0, dropped: 0, repeated: 0 }
  private readonly stage: Stage
  private readonly sights: Sights
  private painters: BusPainter[] = []
  /** What outranks takes now. */
  override: Override | undefined
  private take: Take | undefined
  /** A take whose first frame has not been seen yet, and what the last one took. */
  private pending: Take | undefined
  private taken: MixerReport['taken']
  private transition: Transition | undefined
  private passage: Passage | undefined
  private from = BLACK
  private due = 0
  private readonly parts: Part[] = []
  private readonly sound: Sound
  private readonly gallery: Gallery
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
    this.sights = new Sights(times)
    this.gallery = new Gallery(birth, kernel, birth.picture)
    kernel.black(birth.frames.black, birth.picture.width, birth.picture.height)
  }

  /** After this call no ring that is not in the list is touched; the last picture of one on air is kept. */
  setSources(sources: MixerSource[]): void {
    this.gallery.set(sources, id => id === this.chooser.onAir || (this.passage !== undefined && id === this.from))
  }

  /** How sources of another shape are shown. */
  set view(view: View) {
    this.gallery.view = view
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
    if (kind !== 'hold') this.gallery.kept.resume()
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

  /** What is on air is told as ended, and anew from the next frame on: its times are counted anew. */
  cutAirings(): void {
    this.stage.cutAirings()
    this.sights.cut()
  }

  /** Makes frame n. `due`: its monotonic time (ms); `wall`: its UTC time (ms); `mono` tells the time when it is done. */
  tick(n: number, due: number, wall: number, mono: () => number): void {
    this.due = due
    this.gallery.observe(due, this.chooser.thresholdMs)
    this.decide(n)
    this.stage.seek(wall)
    const base = this.base()
    this.paint(base)
    if (this.torn()) this.paintNewest()
    // The sources go on behind it, and the overlays above it.
    if (this.override === 'hold' && this.gallery.kept.paused === undefined) this.gallery.kept.pauseOn(this.base())
    this.publish(n, this.makeSound(n), mono())
    this.stage.aired(n, wall, this.override === 'pause-overlays')
    this.sights.saw(this.source, n, wall)
    this.clockTake(wall + mono() - due)
    this.passage?.advance()
    if (this.passage?.over) this.endPassage()
  }

  /** Makes frame n show the one before again, with its own sound: for ticks that were missed. */
  repeat(n: number, due: number, mono: () => number): void {
    this.due = due
    this.gallery.at(due)
    for (const painter of this.painters) {
      if (painter.ring.head > 0) painter.repeat()
      else painter.paint(this.frames.black, this.stage.players)
    }
    this.publish(n, this.makeSound(n), mono())
    this.stage.again(n)
    this.sights.again(n)
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
      onAir: this.source,
      wanted: sourceOf(this.chooser.wanted ?? BLACK),
      ...(this.source !== this.chooser.onAir && { still: true }),
      ...(this.take && { take: this.take.id }),
      ...(this.taken && { taken: this.taken }),
      sound: this.sound.levels(),
      ...(this.override && { override: this.override }),
      fallback: this.chooser.fallback,
      ...this.stage.report(),
      pictures: this.sights.take(),
      frames: { ...this.counts },
      time: Math.round(this.times.msOf(n)),
      lateMsMax: Math.round(lateMsMax * 100) / 100,
    }
  }

  private decide(n: number): void {
    const take = this.takes.due(n)
    if (take) this.obey(take)
    this.gallery.freeze(still => this.putBy(still))
    const before = this.chooser.onAir
    const after = this.chooser.step(this.due, id => this.gallery.vitalOf(id))
    if (after !== before) this.change(before, after)
    else if (after === this.chooser.wanted) this.transition = undefined
  }

  private obey(take: Take): void {
    const { source, still = false, transition } = take
    const wanted = still ? stillOf(source) : source
    this.take = take
    this.pending = take
    this.transition = transition
    // One that viewers see already stays as it is, for the camera may be on its way by now.
    this.gallery.await(still && this.chooser.onAir !== wanted ? source : undefined)
    this.chooser.want(wanted, this.due)
  }

  /** What is on its way out, or just leaves, is seen a while longer beside the new still. */
  private putBy(still: string): string | undefined {
    if (!this.passage || this.from !== still) return this.chooser.onAir === still ? still : undefined
    this.from = FROZEN
    return FROZEN
  }

  /** The source whose picture is on air, be it a still. */
  private get source(): string {
    return sourceOf(this.chooser.onAir)
  }

  private change(before: string, after: string): void {
    const transition = after === this.chooser.wanted ? this.transition : undefined
    this.transition = undefined
    const next = new Passage(transition, this.times.framesIn(transition?.durationMs ?? 0))
    // A picture that stops moving is none that changes: what leads to it goes on.
    if (next.over && after === stillOf(before)) return
    if (this.passage && !next.over) this.gallery.kept.hold(FROZEN, this.frames.base)
    this.from = this.passage ? FROZEN : before
    this.passage = next.over ? undefined : next
    for (const input of this.gallery.inputs.values()) input.gainBefore = input.part.voice.gain
  }

  private endPassage(): void {
    this.passage = undefined
    for (const input of this.gallery.inputs.values()) input.gainBefore = input.part.voice.gain
  }

  private paint(base: number): void {
    const players = this.override === 'pause-overlays' ? NONE : this.stage.players
    for (const painter of this.painters) painter.paint(base, players)
  }

  /** Address of the picture under the overlays. */
  private base(): number {
    const { paused } = this.gallery.kept
    if (paused !== undefined) return paused
    const to = this.gallery.frameOf(this.chooser.onAir)
    if (!this.passage) return to
    const { width, height } = this.picture
    this.passage.draw(this.kernel, this.frames.base, this.gallery.frameOf(this.from), to, width, height)
    return this.frames.base
  }

  private torn(): boolean {
    return this.gallery.torn(this.chooser.onAir) || (this.passage !== undefined && this.gallery.torn(this.from))
  }

  private paintNewest(): void {
    this.gallery.skipToNewest(this.chooser.onAir)
    if (this.passage) this.gallery.skipToNewest(this.from)
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
    const heard = silent ? undefined : this.source
    this.parts.length = 0
    for (const input of this.gallery.inputs.values())
      if (input.sounds(this.due, input.id === heard, share)) this.parts.push(input.part)
  }

  /** Notes how long a take took, at its first frame. `now`: UTC ms. */
  private clockTake(now: number): void {
    const { pending } = this
    const { onAir, wanted } = this.chooser
    if (!pending || this.gallery.kept.paused !== undefined || onAir !== wanted) return
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
