import type { Encoder as EncoderSpec, EncoderState } from '../contract/generated/engine.v1.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { taken } from '../lib/taken.ts'
import { Encoder } from './encode/encoder.ts'
import type { Hardware } from './encode/hardware.ts'
import { presetFor } from './encode/preset.ts'
import type { Speed } from './encode/speed.ts'
import { Encoding } from './encoding.ts'
import type { Report } from './events.ts'
import type { FlvTag } from './media/tag.ts'
import type { Arena } from './memory/arena.ts'
import type { Relay } from './outputs/relay.ts'
import type { Programs } from './programs.ts'

/** An encoder that is not wanted any more works on while somebody still takes its stream, but no longer than this. */
const RETIRE_MS = 10_000
const LOOK_EVERY_MS = 250

interface Deps {
  arena: Pick<Arena, 'memory'>
  hardware: Pick<Hardware, 'encoders' | 'known'>
  speed: Pick<Speed, 'state'> | undefined
  programs: Pick<Programs, 'get'>
  clock: Clock
  log: Log
  event: Report
  changed: () => void
}

/** An encoder on its way out. */
interface Retired {
  program: string
  /** Resolves when it has let go of the program's ring. */
  ended: Promise<void>
  hurry: AbortController
}

/** The encoders of all programs, one per distinct profile, also those on their way out. */
export class Encoders {
  private readonly running = new Map<string, Encoding>()
  private readonly retired = new Set<Retired>()
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
    const running = taken(this.running, from)
    this.running.set(to, running ?? this.make(spec))
    running?.change(spec)
  }

  /**
   * An output that moves to another encoder stays with the old one until the new one has a keyframe for it, so an encoder
   * works a little longer than it is wanted. Nobody waits for that.
   */
  stop(id: string): void {
    const running = taken(this.running, id)
    if (running) this.retire(running)
  }

  /** Whether some of a program may still read a bus that they are to read no more. */
  moving(program: string): boolean {
    const changing = [...this.running.values()].some(encoding => encoding.program === program && encoding.changing)
    return changing || [...this.retired].some(retired => retired.program === program)
  }

  async settled(program: string): Promise<void> {
    while (this.moving(program)) await sleep(LOOK_EVERY_MS)
  }

  /** Before a program goes away, nobody may read its rings any more. */
  async endRetired(): Promise<void> {
    for (const retired of this.retired) retired.hurry.abort()
    const replaced = [...this.running.values()].map(encoding => encoding.settled())
    await Promise.all([...[...this.retired].map(({ ended }) => ended), ...replaced])
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

  private retire(encoding: Encoding): void {
    const hurry = new AbortController()
    const ended = this.outlast(encoding, hurry.signal).finally(() => this.retired.delete(retired))
    const retired: Retired = { program: encoding.program, ended, hurry }
    this.retired.add(retired)
  }

  /** Until nobody takes its stream any more, or it is told to hurry. */
  private async outlast(encoding: Encoding, hurry: AbortSignal): Promise<void> {
    const { clock } = this.deps
    const latest = clock.mono() + RETIRE_MS
    while (!hurry.aborted && !encoding.relay.idle && clock.mono() < latest) await sleep(LOOK_EVERY_MS, hurry)
    await encoding.stop()
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
