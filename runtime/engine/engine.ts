import { tmpdir } from 'node:os'
import type {
  Applied,
  DesiredState,
  Encoder as EncoderSpec,
  EncoderState,
  EngineState,
} from '../contract/generated/engine.v1.ts'
import { because, children } from '../lib/children.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { taken } from '../lib/taken.ts'
import { Turns } from '../lib/turns.ts'
import { type Command, diff, NOTHING, told, without } from './diff.ts'
import { Hardware } from './encode/hardware.ts'
import { Speed } from './encode/speed.ts'
import { Encoders } from './encoders.ts'
import type { Report } from './events.ts'
import { Failures, frees, lacking } from './failed.ts'
import { Graphics } from './graphics/graphics.ts'
import { Renderer } from './graphics/renderer.ts'
import { Arena } from './memory/arena.ts'
import { neededSources } from './needed.ts'
import { Output } from './outputs/output.ts'
import { Recording } from './outputs/record/recording.ts'
import type { Relay } from './outputs/relay.ts'
import { Preview } from './preview.ts'
import { Programs } from './programs.ts'
import { AutoReadiness } from './readiness/auto.ts'
import type { Meter } from './readiness/load.ts'
import { ShowClock } from './show-clock.ts'
import { Sources } from './sources.ts'

interface Deps {
  clock: Clock
  log: Log
  event: Report
  /** Something in state() changed; called often, so the listener paces itself. */
  changed: () => void
  /** Where the measured speed of this machine is kept; without it nothing is measured. */
  speedFile?: string
  /** Where what is known of hardware outlives a crash. */
  hardwareFile?: string
  /** Where what need not last is kept; the system's place for such where left out. */
  folder?: string
  /** Where pictures for proof of play are kept; without it there are none. */
  evidence?: string
  /** How busy the machine is; without it, cameras in mode auto stay hot. */
  meter?: Meter
}

/**
 * Pictures and sound, from cameras to platforms. It holds the desired state and makes reality match it:
 *
 *     sources (ingest, slate) ─► program (mixer, overlays) ─► encoder ─► relay ─► outputs, preview
 *
 * Applying a state does only what differs from the last one, so nothing on air notices the rest.
 */
export class Engine {
  private readonly arena = new Arena()
  private readonly renderer: Renderer
  private readonly graphics: Graphics
  readonly sources: Sources
  private readonly programs: Programs
  private readonly encoders: Encoders
  private readonly outputs = new Map<string, Output>()
  private readonly recordings = new Map<string, Recording>()
  readonly preview: Preview
  private readonly hardware: Hardware
  private readonly speed: Speed | undefined
  readonly auto: AutoReadiness
  private desired = NOTHING
  private readonly failures: Failures
  /** Applications, one at a time, in the order they came. */
  private readonly turns = new Turns()
  private readonly startedAt: number
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { clock, log, event, changed, folder = tmpdir(), speedFile, hardwareFile, meter = () => undefined } = deps
    this.deps = deps
    this.startedAt = clock.now()
    const time = new ShowClock(clock)
    this.failures = new Failures(event)
    this.hardware = new Hardware(log, undefined, hardwareFile)
    if (speedFile) this.speed = new Speed(speedFile, log, changed)
    this.renderer = new Renderer({ clock, log, event })
    this.graphics = new Graphics({ arena: this.arena, renderer: this.renderer, log, event })
    this.sources = new Sources({
      ...{ arena: this.arena, graphics: this.graphics, clock, time, log, event, changed },
      decoders: () => this.hardware.decoders(),
      publish: sources => this.programs.setSources(sources),
    })
    const { arena, graphics, hardware, speed } = this
    const programs = new Programs({
      ...{ arena, graphics, clock, time, folder, log, event, evidence: deps.evidence },
      changed: () => {
        this.warm()
        changed()
      },
    })
    this.programs = programs
    this.encoders = new Encoders({ arena, programs, hardware, speed, clock, log, event, changed })
    this.auto = new AutoReadiness({
      ...{ clock, event, meter },
      view: () => ({ sources: this.desired.sources, programs: this.programs.states(), needed: this.needed() }),
      turned: why => because({ command: 'source.readiness', why }, () => this.warm()),
    })
    this.preview = new Preview({
      running: program => this.encodersOf(program),
      sizeOf: program => this.programs.get(program)?.picture,
      start: spec =>
        this.programs.get(spec.program)
          ? because({ command: 'preview.start', why: 'somebody watches' }, () => this.encoders.make(spec))
          : undefined,
    })
  }

  start(): void {
    this.renderer.start()
    this.hardware.start()
    this.speed?.start()
    this.auto.start()
  }

  apply(desired: DesiredState): Promise<Applied> {
    return this.turns.run('apply', () => this.bring(desired))
  }

  async stop(): Promise<void> {
    const measured = this.speed?.stop()
    this.hardware.stop()
    this.auto.stop()
    await this.turns.run('apply', async () => {})
    await Promise.all([...this.outputs.values(), ...this.recordings.values()].map(each => each.stop()))
    await Promise.all([this.preview.stop(), this.encoders.stopAll()])
    await this.sources.stopAll()
    await this.programs.stopAll()
    await Promise.all([this.renderer.stop(), measured])
  }

  state(): EngineState {
    return {
      pid: process.pid,
      startedAt: this.startedAt,
      ...(this.auto.share !== undefined && { load: this.auto.share }),
      ...(this.hardware.state && { hardware: this.hardware.state }),
      ...(this.speed?.state && { speed: this.speed.state }),
      programs: this.programs.states(),
      sources: this.sources.states(),
      encoders: this.encoders.states().map(state => this.shared(state)),
      outputs: [...this.outputs.values()].map(output => output.state()),
      children: children.list(),
      recordings: [...this.recordings.values()].map(recording => recording.state()),
    }
  }

  private async bring(desired: DesiredState): Promise<Applied> {
    const before = this.desired
    const between = without(before, desired)
    const commands = [...diff(before, between), ...diff(between, desired)]
    this.desired = desired
    this.warm()
    let failed = await this.carryOut(commands)
    // What was taken away last may have been in the way.
    if (failed.size > 0 && commands.some(frees)) failed = await this.carryOut([...failed.keys()])
    this.desired = lacking(desired, [...failed.keys()])
    this.failures.tell(failed)
    if (commands.length > 0) this.deps.changed()
    return { changes: told(commands) }
  }

  /** Answers what failed: one command that does must not keep the others from the show. */
  private async carryOut(commands: Command[]): Promise<Map<Command, unknown>> {
    const failed = new Map<Command, unknown>()
    for (const command of commands) {
      this.deps.log.info({ command: command.command, target: command.target, why: command.why }, 'apply')
      try {
        await because(command, () => this.execute(command))
      } catch (err) {
        failed.set(command, err)
        this.deps.log.error({ err, command: command.command, target: command.target }, 'command failed')
      }
    }
    return failed
  }

  private async execute(command: Command): Promise<void> {
    switch (command.command) {
      case 'clock.set':
        return this.programs.countFrom(command.ahead)
      case 'program.start':
        return this.programs.start(command.program, this.sources.list())
      case 'program.stop':
        await Promise.all([this.encoders.endRetired(), this.preview.end(command.target)])
        return this.programs.stop(command.target)
      case 'program.fallback':
        return this.programs.get(command.target)?.setFallback(command.program)
      case 'program.slate-after':
        return this.programs.get(command.target)?.setSlateAfter(command.program)
      case 'program.view':
        return this.programs.get(command.target)?.setView(command.program)
      case 'program.sound':
        return this.programs.get(command.target)?.setSound(command.program)
      case 'program.override':
        return this.programs.get(command.target)?.setOverride(command.program)
      case 'program.take':
        if (command.program.onAir) this.sources.cue(command.program.onAir.source, command.program.onAir.at)
        return this.programs.get(command.target)?.take(command.program)
      case 'bus.add':
        return this.programs.get(command.target)?.addBuses(command.program)
      case 'bus.remove':
        return this.dropBuses(command.target)
      case 'source.start':
        return this.sources.start(command.source, this.picture())
      case 'source.restart':
        return this.sources.restart(command.source, this.picture())
      case 'source.update':
        return this.sources.update(command.source)
      case 'source.stop':
        return this.sources.stop(command.target)
      case 'overlay.set':
        return this.programs.get(command.overlay.program)?.setOverlay(command.overlay)
      case 'overlay.remove':
        return this.programs.get(command.overlay.program)?.removeOverlay(command.target)
      case 'encoder.start':
        return this.encoders.start(command.target, command.encoder)
      case 'encoder.change':
        return this.encoders.change(command.from, command.target, command.encoder)
      case 'encoder.stop':
        return this.encoders.stop(command.target)
      case 'output.start': {
        const step = (encoder: string, videoBitrate: number) => this.encoders.setVideoBitrate(encoder, videoBitrate)
        const output = new Output(command.output, this.relayOf(command.output), { ...this.deps, step })
        this.outputs.set(command.target, output)
        return output.start()
      }
      case 'output.update':
        return this.outputs.get(command.target)?.update(command.output, this.relayOf(command.output))
      case 'output.stop':
        return taken(this.outputs, command.target)?.stop()
      case 'recording.start': {
        const recording = new Recording(command.recording, this.relayOf(command.recording), this.deps)
        this.recordings.set(command.target, recording)
        return recording.start()
      }
      case 'recording.update':
        return this.recordings.get(command.target)?.update(command.recording, this.relayOf(command.recording))
      case 'recording.stop':
        return taken(this.recordings, command.target)?.stop()
    }
  }

  /** A bus that is not wanted any more goes when no encoder reads it; by then it may be wanted again. */
  private dropBuses(program: string): void {
    this.whenFree(program).catch(err => this.deps.log.error({ err, program }, 'buses not given back'))
  }

  private async whenFree(program: string): Promise<void> {
    await this.encoders.settled(program)
    await this.turns.run('apply', async () => {
      const wanted = this.desired.programs.find(({ id }) => id === program)
      if (this.encoders.moving(program)) this.dropBuses(program)
      else if (wanted) await this.programs.get(program)?.keepBuses(wanted)
    })
  }

  /** Also called at each report of a program, some times a second: what was left behind cools down after a while. */
  private warm(): void {
    this.sources.need(this.needed(), this.auto.asleep)
  }

  private needed(): Set<string> {
    return neededSources(this.desired.programs, this.programs.states(), this.sources.stillness.watched)
  }

  private shared(state: EncoderState): EncoderState {
    return { ...state, outputs: this.desired.outputs.filter(({ encoder }) => encoder === state.id).length }
  }

  private relayOf({ id, encoder }: { id: string; encoder: string }): Relay {
    const relay = this.encoders.relayOf(encoder)
    if (!relay) throw new Error(`${id} wants encoder ${encoder}, which is not running`)
    return relay
  }

  private encodersOf(program: string): { spec: EncoderSpec; relay: Relay }[] {
    return this.desired.encoders.flatMap(spec => {
      const relay = this.encoders.relayOf(spec.id)
      return relay && spec.program === program && spec.bus === 'all' ? [{ spec, relay }] : []
    })
  }

  /** Cameras are decoded to the size of the first program (it may start after them), which then never scales; others do. */
  private picture() {
    const [program] = this.desired.programs
    if (!program) throw new Error('a source needs a program to know its size')
    return program.picture
  }
}
