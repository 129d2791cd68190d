import type { Encoder as EncoderSpec, EncoderState } from '../contract/generated/engine.v1.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { Encoder } from './encode/encoder.ts'
import type { Hardware } from './encode/hardware.ts'
import { presetFor } from './encode/preset.ts'
import type { Speed } from './encode/speed.ts'
import { Encoding } from './encoding.ts'
import type { Report } from './events.ts'
import type { FlvTag } from './media/tag.ts'
import type { Arena } from './memory/arena.ts'
import type { Relay } from './outputs/relay.ts'
import type { ProgramUnit } from './program.ts'

/** Longer than a new encoder takes to its first keyframe. */
const RETIRE_MS = 2_000

interface Deps {
  arena: Pick<Arena, 'memory'>
  hardware: Pick<Hardware, 'encoders' | 'known'>
  speed: Pick<Speed, 'state'> | undefined
  programs: ReadonlyMap<string, ProgramUnit>
  clock: Clock
  log: Log
  event: Report
  changed: () => void
}

/** The encoders of all programs, one per distinct profile, also those on their way out. */
export class Encoders {
  private readonly running = new Map<string, Encoding>()
  /** Encoders on their way out, each with the timer that ends it. */
  private readonly retired = new Map<Encoding, NodeJS.Timeout>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async start(id: string, spec: EncoderSpec): Promise<void> {
    await this.deps.hardware.encoders()
    this.running.set(id, this.make(spec))
  }

  /** One encoder becomes another: whoever takes its stream sees the change at a keyframe, in the same stream. */
  change(from: string, to: string, spec: EncoderSpec): void {
    const running = this.running.get(from)
    this.running.delete(from)
    this.running.set(to, running ?? this.make(spec))
    running?.change(spec)
  }

  /**
   * An output that moves to another encoder stays with the old one until the new one's first keyframe, so an encoder
   * works a little longer than it is wanted. Nobody waits for that.
   */
  stop(id: string): void {
    const running = this.running.get(id)
    if (!running) return
    this.running.delete(id)
    const timer = setTimeout(() => {
      this.retired.delete(running)
      void running.stop()
    }, RETIRE_MS)
    this.retired.set(running, timer)
  }

  /** Before a ring goes away, nobody may read it any more. */
  async endRetired(): Promise<void> {
    const retired = [...this.retired]
    this.retired.clear()
    for (const [, timer] of retired) clearTimeout(timer)
    const replaced = [...this.running.values()].map(encoding => encoding.settled())
    await Promise.all([...retired.map(([encoding]) => encoding.stop()), ...replaced])
  }

  async stopAll(): Promise<void> {
    await this.endRetired()
    await Promise.all([...this.running.values()].map(encoding => encoding.stop()))
  }

  /** An encoder that is in no desired state: its maker stops it. */
  make(spec: EncoderSpec): Encoding {
    const encoding = new Encoding(spec, (wanted, tag) => this.encoder(wanted, tag))
    encoding.start()
    return encoding
  }

  setVideoBitrate(id: string, videoBitrate: number): void {
    this.running.get(id)?.setVideoBitrate(videoBitrate)
  }

  relayOf(id: string): Relay | undefined {
    return this.running.get(id)?.relay
  }

  states(): EncoderState[] {
    return [...this.running.values()].map(encoding => encoding.state())
  }

  private encoder(spec: EncoderSpec, tag: (tag: FlvTag) => void): Encoder {
    const { arena, hardware, speed, programs, clock, log, event, changed } = this.deps
    const program = programs.get(spec.program)
    if (!program) throw new Error(`encoder ${spec.id} wants program ${spec.program}, which is not running`)
    const source = { memory: arena.memory, ring: program.ringOf(spec.bus), picture: program.picture }
    const means = { encoders: hardware.known, preset: presetFor(spec.profile, speed?.state) }
    return new Encoder(spec, { ...source, ...means }, { clock, log, event, changed, tag })
  }
}
