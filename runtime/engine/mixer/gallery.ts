import type { Picture } from '../../contract/generated/engine.v1.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Vital } from './choose.ts'
import { Input, type MixerSource } from './input.ts'
import { Kept, sourceOf } from './kept.ts'
import type { Birth } from './messages.ts'
import { Scaler } from './scaler.ts'
import { type View, WHOLE } from './view.ts'

/** All that a program can show: its sources as they are now, and the pictures that are kept of them. */
export class Gallery {
  /** How sources of another shape are shown; a still is always shown whole, because its words are. */
  view: View = WHOLE
  readonly inputs = new Map<string, Input>()
  readonly kept: Kept
  /** Of which source a still was taken that has no picture yet. */
  private awaited: string | undefined
  private due = 0
  private readonly scaler: Scaler
  private readonly memory: WebAssembly.Memory
  private readonly black: number

  constructor({ memory, frames }: Pick<Birth, 'memory' | 'frames'>, kernel: Kernel, picture: Picture) {
    this.memory = memory
    this.black = frames.black
    this.scaler = new Scaler(kernel, picture, frames)
    this.kept = new Kept(kernel, picture, frames)
  }

  /** After this call no ring that is not in the list is touched; the last picture of one that is `seen` is kept. */
  set(sources: MixerSource[], seen: (id: string) => boolean): void {
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
      if (seen(id)) this.kept.hold(id, this.frameOf(id))
      this.inputs.delete(id)
      if (source) this.inputs.set(id, new Input(this.memory, source, input))
      listed.delete(id)
    }
    for (const [id, source] of listed) this.inputs.set(id, new Input(this.memory, source))
    this.scaler.forget()
  }

  /** Looks at what arrived until `due` (monotonic ms), which is the time of all pictures until the next call. */
  observe(due: number, thresholdMs: number): void {
    this.due = due
    for (const input of this.inputs.values()) input.observe(due, thresholdMs)
  }

  /** Pictures are of this time (monotonic ms) from now on. */
  at(due: number): void {
    this.due = due
  }

  /** A still lives for ever once it has its picture; until then it is on its way while its source is. */
  vitalOf(id: string): Vital | undefined {
    const source = sourceOf(id)
    if (id === source) return this.inputs.get(id)
    const alive = this.awaited !== source
    return { alive, steady: alive, warming: this.inputs.get(source)?.warming ?? false, lastArrival: this.due }
  }

  /** Address of the picture of a source, or of what is kept of it; black where there is none. */
  frameOf(id: string): number {
    return this.pictureOf(id) ?? this.black
  }

  /** Whether a writer came round while its frame was read: then the picture may be half of one and half of another. */
  torn(id: string): boolean {
    const input = this.inputs.get(id)
    return input?.playout.shown !== undefined && !input.ring.intact(input.playout.shown)
  }

  skipToNewest(id: string): void {
    this.inputs.get(id)?.playout.skipToNewest()
  }

  /** A still of this source is wanted, of the next picture that it has; none, where nothing is said. */
  await(source: string | undefined): void {
    this.awaited = source
  }

  /** Takes the still that is wanted, as soon as it can be. What it replaces is put by first, under the name that is given. */
  freeze(putBy: (still: string) => string | undefined): void {
    const source = this.awaited
    if (source === undefined || !this.inputs.get(source)?.alive) return
    const address = this.pictureOf(source)
    if (address === undefined) return
    this.awaited = undefined
    const { still } = this.kept
    const name = still === undefined ? undefined : putBy(still)
    if (name !== undefined) this.kept.putBy(name)
    this.kept.freeze(source, address)
    if (!this.torn(source)) return
    this.skipToNewest(source)
    this.kept.freeze(source, this.frameOf(source))
  }

  private pictureOf(id: string): number | undefined {
    const input = this.inputs.get(id)
    const n = input ? input.playout.pick(this.due) : -1
    if (input && n >= 0) return this.scaler.frame(input.ring, n, input.still ? WHOLE : this.view)
    return this.kept.addressOf(id)
  }
}
