import type { Overlay, Program, ProgramState } from '../contract/generated/engine.v1.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { ProgramSound } from './audio/program-sound.ts'
import type { Report } from './events.ts'
import { Evidence } from './evidence.ts'
import type { Graphics } from './graphics/graphics.ts'
import type { Arena } from './memory/arena.ts'
import { Ring, type RingLayout } from './memory/ring.ts'
import { Mixer, type MixerReport, type MixerSource } from './mixer/mixer.ts'
import { WHOLE } from './mixer/view.ts'
import { Overlays } from './overlays.ts'
import type { ShowClock } from './show-clock.ts'
import { Tardy } from './tardy.ts'
import { Telling } from './telling.ts'

/** Of a cue whose picture is late. */
const STOPGAPS = {
  before: 'shows what it showed before',
  fallback: 'shows its fallback',
  nothing: 'is not to be seen yet',
}

export interface ProgramDeps {
  arena: Arena
  clock: Clock
  /** By which takes and plays are timed. */
  time: ShowClock
  /** Where what need not last is kept. */
  folder: string
  /** Where pictures for proof of play are kept, if they are. */
  evidence?: string | undefined
  log: Log
  graphics: Pick<Graphics, 'prepare' | 'ahead' | 'lacks' | 'release' | 'patience' | 'jpeg'>
  event: Report
  changed: () => void
}

/** One program: its mixer and the overlays made ready for it. */
export class ProgramUnit {
  private readonly mixer: Mixer
  private readonly sound: ProgramSound
  private readonly overlays: Overlays
  private report: MixerReport | undefined
  private troubles = new Set<string>()
  private readonly tardy = new Tardy()
  private readonly evidence: Evidence
  private readonly telling: Telling
  private readonly deps: ProgramDeps
  private program: Program

  constructor(program: Program, deps: ProgramDeps) {
    this.program = program
    this.deps = deps
    this.mixer = new Mixer(program, {
      ...{ arena: deps.arena, log: deps.log, time: deps.time },
      report: report => this.heard(report),
    })
    const { picture } = program
    this.overlays = new Overlays({
      ...{ ...deps, picture, now: () => deps.time.now() },
      publish: overlays => this.mixer.setOverlays(overlays),
      supply: (overlay, delta) => this.mixer.supply(overlay, delta),
    })
    this.evidence = new Evidence({
      ...{ ...deps, folder: deps.evidence },
      ring: () => this.seenRing(),
      zero: () => this.mixer.anchor?.wall,
      now: () => deps.time.now(),
    })
    this.telling = new Telling({
      ...{ program: program.id, event: deps.event, evidence: this.evidence },
      documentOf: overlay => this.overlays.documentOf(overlay),
    })
    this.sound = new ProgramSound(program.id, { ...deps, publish: mix => this.mixer.setSound(mix) })
  }

  get picture(): Program['picture'] {
    return this.program.picture
  }

  async start(sources: MixerSource[]): Promise<void> {
    // The thread reads its orders before its first frame, which thereby shows the slate.
    await Promise.all([this.mixer.start(), this.mixer.setSources(sources)])
  }

  async stop(): Promise<void> {
    this.overlays.stop()
    this.evidence.stop()
    await this.mixer.stop()
    this.overlays.clear()
    this.sound.stop()
  }

  /** Times are counted from there (ms ahead of the monotonic clock). */
  async countFrom(ahead: number | undefined): Promise<void> {
    if (ahead !== undefined) await this.mixer.countFrom(ahead)
  }

  setSources(sources: MixerSource[]): Promise<void> {
    return this.mixer.setSources(sources)
  }

  setFallback(program: Program): void {
    this.program = program
    this.mixer.setFallback(program.fallback)
  }

  setSlateAfter(program: Program): void {
    this.program = program
    this.mixer.setSlateAfter(program.slateAfterMs)
  }

  setView(program: Program): void {
    this.program = program
    this.mixer.setView(program.view ?? WHOLE)
  }

  setSound(program: Program): void {
    this.program = program
    this.sound.set(program.sound)
  }

  setOverride(program: Program): void {
    this.program = program
    this.mixer.setOverride(program.override)
  }

  take(program: Program): void {
    this.program = program
    if (program.onAir) this.mixer.take(program.onAir)
  }

  /** Before encoders come: those that go may still be in use. */
  addBuses({ buses }: Program): Promise<void> {
    return this.mixer.addBuses(buses)
  }

  /** After encoders went. */
  keepBuses({ buses }: Program): Promise<void> {
    return this.mixer.keepBuses(buses)
  }

  ringOf(bus: string): RingLayout {
    return this.mixer.ringOf(bus)
  }

  /** Resolves when it is shown, or takes so long that nothing else should wait for it; for one of later nobody waits. */
  async setOverlay(overlay: Overlay): Promise<void> {
    const done = this.overlays.set(overlay)
    if (isLater(overlay, this.deps.time.now()))
      done.catch(() => {}) // told where it is drawn
    else await this.deps.graphics.patience.wait(done)
  }

  removeOverlay(id: string): Promise<void> {
    return this.overlays.remove(id)
  }

  state(): ProgramState {
    const { id, onAir } = this.program
    const report = this.report
    return {
      id,
      source: report?.onAir ?? 'slate',
      ...(report?.still && { still: true }),
      wanted: report?.wanted ?? onAir?.source ?? 'slate',
      ...(report?.take ? { take: report.take } : {}),
      ...(report?.taken && { taken: report.taken }),
      ...(report && { sound: report.sound }),
      ...(this.sound.state && { bed: this.sound.state }),
      ...(report?.override && { override: report.override }),
      fallback: report?.fallback ?? false,
      overlays: report?.overlays ?? [],
      frames: report?.frames ?? { produced: 0, dropped: 0, repeated: 0 },
      time: report?.time ?? 0,
      lateMsMax: report?.lateMsMax ?? 0,
    }
  }

  /** Of the bus that carries every overlay. */
  private seenRing(): Ring | undefined {
    const bus = this.program.buses.find(({ overlays }) => overlays === 'all') ?? this.program.buses[0]
    return bus && new Ring(this.deps.arena.memory, this.mixer.ringOf(bus.id))
  }

  private heard(report: MixerReport): void {
    const before = this.report
    this.report = report
    if (before && before.fallback !== report.fallback) this.tellFallback(report)
    if (report.taken && before?.taken?.take !== report.taken.take) this.tellTaken(report.onAir, report.taken)
    this.tellTroubles(report)
    this.telling.tell(report)
    this.deps.changed()
  }

  /** An overlay that cannot be drawn is told once, and again only after it was well in between. */
  private tellTroubles({ faults, late }: MixerReport): void {
    const troubles = new Map(faults.map(({ overlay, detail }) => [`${overlay}: ${detail}`, { overlay, detail }]))
    for (const [key, { overlay, detail }] of troubles) {
      if (this.troubles.has(key)) continue
      const message = `Overlay ${overlay} cannot be shown: ${detail}.`
      this.deps.event({
        type: 'overlay.failed',
        severity: 'error',
        message,
        data: { program: this.program.id, overlay },
      })
    }
    this.troubles = new Set(troubles.keys())
    for (const one of this.tardy.fresh(late, this.deps.clock.mono())) this.tellLate(one)
  }

  private tellLate({ overlay, cue, shows }: MixerReport['late'][number]): void {
    const detail = 'Its picture was not drawn in time.'
    this.deps.event({
      type: 'overlay.late',
      severity: 'warning',
      message: `Overlay ${overlay}: ${cue} ${STOPGAPS[shows]}. ${detail}`,
      data: { program: this.program.id, overlay, cue, shows, code: 'OVERLAY_NOT_READY', detail },
    })
  }

  private tellTaken(source: string, { take, latencyMs }: NonNullable<MixerReport['taken']>): void {
    this.deps.event({
      type: 'program.taken',
      severity: 'info',
      message: `${source} is on air, ${latencyMs} ms after it was asked for.`,
      data: { program: this.program.id, source, take, latencyMs },
    })
  }

  private tellFallback(report: MixerReport): void {
    const data = { program: this.program.id, source: report.onAir, wanted: report.wanted }
    if (report.fallback)
      this.deps.event({
        type: 'program.fallback',
        severity: 'warning',
        message: `No picture from ${report.wanted}: ${report.onAir} is on air instead.`,
        data,
      })
    else
      this.deps.event({
        type: 'program.recovered',
        severity: 'info',
        message: `${report.onAir} is back on air.`,
        data,
      })
  }
}

/** What is to come of it has a moment of its own. */
function isLater({ playing, next }: Overlay, now: number): boolean {
  const { startedAt = 0, firstAt = startedAt } = playing ?? {}
  return (next?.at ?? firstAt) > now
}
