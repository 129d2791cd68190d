import type { Source } from '../../contract/generated/engine.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Report } from '../events.ts'
import { type AutoCamera, type Balance, balance, RESTED, type Turn } from './balance.ts'
import type { Load, Meter } from './load.ts'

const LOOK_EVERY_MS = 1_000
/** A tick that is later than this (ms) is on its way to a frame that is missed. */
const LATE_MS = 100
/** Beside its FFmpeg, a camera costs a thread that carries its pictures. */
const WITH_READING = 1.25

/** What is looked at: all of it as it is now. */
interface View {
  sources: readonly Source[]
  /** On air, next, or a fallback. */
  needed: ReadonlySet<string>
  programs: readonly { lateMsMax?: number; frames: { dropped: number; repeated: number } }[]
}

interface Deps {
  clock: Clock
  event: Report
  meter: Meter
  view: () => View
  /** Who is asleep has changed. */
  turned: (why: string) => void
}

/** Cameras in mode auto decode everything while the machine has room, and keyframes only while it has not. */
export class AutoReadiness {
  private remembered: Balance = RESTED
  private readonly lastUsed = new Map<string, number>()
  /** Those in standby, with what they cost when they were not. */
  private readonly sleepers = new Map<string, number>()
  /** How many people look at a source. */
  private readonly watched = new Map<string, number>()
  private lost = 0
  private load: Load | undefined
  private timer: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Somebody looks at a source, until the answer is called. */
  watch(id: string): () => void {
    const { watched } = this
    watched.set(id, (watched.get(id) ?? 0) + 1)
    return () => {
      const left = (watched.get(id) ?? 1) - 1
      if (left > 0) watched.set(id, left)
      else watched.delete(id)
    }
  }

  /** Ids of cameras that are to decode keyframes only, unless they are needed. */
  get asleep(): ReadonlyMap<string, number> {
    return this.sleepers
  }

  /** The last measured share of the machine. */
  get share(): number | undefined {
    return this.load?.total
  }

  private look(): void {
    const { clock, meter, view } = this.deps
    const load = meter()
    const { sources, needed, programs } = view()
    const cameras = sources.filter(source => source.kind === 'camera' && source.mode === 'auto')
    const used = new Set([...needed, ...this.watched.keys()])
    const now = clock.mono()
    this.load = load
    this.forget(new Set(cameras.map(({ id }) => id)))
    for (const { id } of cameras) if (used.has(id)) this.lastUsed.set(id, now)
    const lost = programs.reduce((sum, { frames }) => sum + frames.dropped + frames.repeated, 0)
    const late = lost > this.lost || programs.some(({ lateMsMax = 0 }) => lateMsMax > LATE_MS)
    this.lost = lost
    if (!load) return
    const seen = cameras.map(
      ({ id }): AutoCamera => ({
        ...{ id, used: used.has(id), asleep: this.sleepers.has(id) },
        lastUsed: this.lastUsed.get(id) ?? Number.NEGATIVE_INFINITY,
        cost: this.sleepers.get(id) ?? this.costOf(id),
      }),
    )
    const { next, turn } = balance(this.remembered, now, { load: load.total, late }, seen)
    this.remembered = next
    if (turn) this.carryOut(turn, load.total, cameras.find(({ id }) => id === turn.id)?.name ?? turn.id)
  }

  private carryOut({ id, to, why }: Turn, load: number, name: string): void {
    if (to === 'standby') this.sleepers.set(id, this.costOf(id))
    else this.sleepers.delete(id)
    const percent = Math.round(load * 100)
    const reason = {
      load: `the show takes ${percent} % of the processors`,
      late: 'frames come late',
      room: `there is room again (${percent} % of the processors are taken)`,
    }[why]
    const does = to === 'standby' ? 'is in standby' : 'is decoded whole again'
    this.deps.event({
      type: `source.${to}`,
      severity: 'info',
      message: `${name} ${does}: ${reason}.`,
      data: { source: id, why, load: Math.round(load * 1_000) / 1_000 },
    })
    this.deps.turned(reason)
  }

  private costOf(id: string): number {
    return WITH_READING * (this.load?.children.get(id) ?? 0)
  }

  /** Cameras that went, or got another mode. */
  private forget(present: ReadonlySet<string>): void {
    for (const known of [this.lastUsed, this.sleepers])
      for (const id of [...known.keys()]) if (!present.has(id)) known.delete(id)
  }
}
