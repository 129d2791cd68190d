import { vi } from 'vitest'
import type { CueOffer } from '../../runtime/contract/cue-offer.ts'
import type { ProgramState, Take } from '../../runtime/contract/generated/engine.v1.ts'
import type { Arrival, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import type {
  Actor,
  Mover,
  NamedPreset,
  NewEvent,
  Operations,
  PlannedCue,
  ShowTime,
  Turning,
} from '../../runtime/control/ports.ts'
import type { AdBreaks } from '../../runtime/control/show/ads/ad-breaks.ts'
import { Control } from '../../runtime/control/show/control.ts'
import { Live } from '../../runtime/control/show/live.ts'
import type { MissedCue } from '../../runtime/control/show/make-goods.ts'
import { Overrides } from '../../runtime/control/show/overrides.ts'
import { Program } from '../../runtime/control/show/program.ts'
import { Shots } from '../../runtime/control/show/shots.ts'
import type { CueEntry } from '../../runtime/control/show/timeline/cue-log.ts'
import { CuePlayer } from '../../runtime/control/show/timeline/cue-player.ts'
import { CueReports } from '../../runtime/control/show/timeline/cue-report.ts'
import { CueWay } from '../../runtime/control/show/timeline/cue-way.ts'
import { checkedCue } from '../../runtime/control/show/timeline/flow-cue.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import { Timelines } from '../../runtime/control/show/timeline/timelines.ts'
import { timelineWire } from '../../runtime/control/show/wires.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

export const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }

/** As in the show: setting the machine's clock moves nothing. */
let time = new HouseClock(systemClock)

/** Timers are the test's; what a disk does still happens. */
export const useVirtualTime = (now?: number) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'hrtime'] })
  if (now !== undefined) vi.setSystemTime(now)
  time = new HouseClock({ now: () => Date.now(), mono: () => Math.round(systemClock.mono()) })
}

export const clock: ShowTime = {
  now: () => time.now(),
  mono: () => time.mono(),
  get off() {
    return time.off
  },
  of: wall => time.of(wall),
  told: at => time.told(at),
}

/** A camera that turns: how long that takes, where it stands, and what goes wrong. */
interface Head {
  journeyMs: number
  stands: string | null
  fails?: NonNullable<Arrival['error']>['code']
  going?: string
}

/** Control's show with an engine that shows takes on time and cameras whose heads move; each thing that happens is a line. */
export class ShowStage {
  readonly events: NewEvent[] = []
  readonly planned: PlannedCue[] = []
  readonly missed: MissedCue[] = []
  readonly lines: string[] = []
  readonly heads: Record<string, Head> = {
    quay: { journeyMs: 1_500, stands: null },
    nave: { journeyMs: 1_000, stands: null },
  }
  readonly live: Live
  readonly control: Control
  readonly overrides: Overrides
  readonly program: Program
  readonly shots: Shots
  readonly begun = clock.now()
  private readonly states = new Map<string, Pick<ProgramState, 'source' | 'take' | 'still'>>()
  readonly timelines: Timelines
  readonly way: CueWay
  readonly noted: CueEntry[] = []
  /** What a flow does with a cue that is offered to it; without one there is no flow. */
  flow: ((offer: CueOffer) => unknown) | undefined
  breaks: Pick<AdBreaks, 'run'> | undefined
  private readonly playing = new Map<string, number>()
  /** When overlays have nothing to show any more (UTC ms). */
  over = Number.POSITIVE_INFINITY
  /** How long they have something to show (ms). */
  lasts = Number.POSITIVE_INFINITY
  /** Until when each overlay was last told to be seen (UTC ms). */
  readonly ends = new Map<string, number | undefined>()
  feeds: string[] = []

  private readonly programs: string[]

  constructor(shelf = memoryShelf<object>(), programs = ['main'], timelines = memoryShelf<TimelineBody>()) {
    this.programs = programs
    this.live = new Live(shelf)
    for (const id of programs) this.states.set(id, { source: 'slate' })
    const record = (event: NewEvent) => this.events.push(event)
    this.control = new Control({ live: this.live, timelines: () => this.timelines.kept() })
    this.overrides = new Overrides({ live: this.live, clock, changed: async () => {}, record })
    this.program = new Program({
      live: this.live,
      overrides: this.overrides,
      control: this.control,
      clock,
      cameras: () => Object.keys(this.heads).map(id => ({ id, name: id })),
      states: () => [...this.states].map(([id, state]) => ({ ...blank, id, wanted: state.source, ...state })),
      refresh: async () => {},
      standsAt: camera => this.turning.standsAt(camera),
      changed: async () => this.apply(),
      record: event => this.events.push(event),
    })
    this.shots = new Shots({
      live: this.live,
      control: this.control,
      program: this.program,
      turning: this.turning,
      seenIn: camera => [...this.showing(camera), ...this.feeds],
      seen: camera => this.showing(camera).length > 0,
      clock,
      record: event => this.events.push(event),
    })
    const { live } = this
    const stock = () => ({
      cameras: Object.keys(this.heads).map(id => ({ id, name: id })),
      preset: (camera: string | undefined, wanted: string) => this.turning.preset(camera, wanted),
      hasOverlay: (id: string) => id !== 'missing',
      hasClip: () => false,
    })
    this.way = new CueWay({
      clock,
      tell: offer => this.flow?.(offer) !== undefined,
      wireOf: timeline => timelineWire(live.wiring, timeline)?.timeline,
      check: cue => checkedCue(cue, stock()),
    })
    const reports = new CueReports({
      clock,
      firstFrames: { of: async ({ at }) => at },
      way: this.way,
      note: entry => this.noted.push(entry),
    })
    this.timelines = new Timelines({
      shelf: timelines,
      control: this.control,
      runs: {
        get all() {
          return live.runs
        },
        keep: (id, run) => live.setRun(id, run),
      },
      player: new CuePlayer({
        program: this.program,
        shots: this.shots,
        turning: this.turning,
        overlays: {
          play: async (id, { at = '', position, endsAt }) => {
            this.ends.set(id, endsAt)
            this.play(id, Date.parse(at), position)
          },
          halt: async (id, _actor, { at } = {}) => {
            const end = () => this.playing.delete(id) && this.say(`${id} ends`)
            if (at === undefined) end()
            else setTimeout(end, Math.max(0, Date.parse(at) - clock.now()))
          },
          isPlaying: id => this.playing.has(id),
          playsOn: (id, _scene, at) => this.playing.has(id) && at < this.over,
          lasts: (_id, ms) => ms < this.lasts,
          prolong: async (id, endsAt) => void this.ends.set(id, endsAt),
        },
        changeSound: async (program, patch) => {
          this.say(`sound ${JSON.stringify(patch)}`)
          await live.changeSound(program, patch)
        },
        soundOf: program => live.sounds[program] ?? {},
        clock,
      }),
      programOf: timeline => timelineWire(live.wiring, timeline)?.program,
      stock,
      clock,
      way: this.way,
      told: told => void reports.tell(told),
      record: event => this.events.push(event),
      planned: cue => this.planned.push(cue),
      missed: cue => this.missed.push(cue),
      ads: { run: (slot, host) => this.breaks?.run(slot, host) },
      touched: () => {},
    })
  }

  async wire(): Promise<void> {
    const sources = [{ kind: 'camera', camera: '*' }] as const
    const programs = this.programs.map(id => ({ id, sources: [...sources], fallback: [] }))
    const timelines = this.programs.map(program => ({ timeline: '*', program }))
    await this.live.setWiring({ programs, outputs: [], timelines })
  }

  /** `camera/name` is the id of each preset; any name exists but "nowhere". */
  readonly turning: Turning = {
    preset: (camera = 'quay', wanted) => {
      if (wanted === 'nowhere' || !this.heads[camera]) return undefined
      const name = wanted.split('/').at(-1) ?? wanted
      return { id: `${camera}/${name}`, camera, name }
    },
    standsAt: camera => {
      const stands = this.heads[camera]?.stands
      return stands ? this.turning.preset(camera, stands) : undefined
    },
    go: (preset, by) => this.go(preset, by),
  }

  take(body: object, id = 'main', actor = anna): Promise<unknown> {
    return this.call(this.shots.operations(), 'takeById', body, id, actor)
  }

  /** Any operation. */
  ask(name: string, body: object, id: string, actor: Actor): Promise<unknown> {
    const all = [this.shots, this.program, this.timelines].map(part => part.operations())
    return this.call(Object.assign({}, ...all), name, body, id, actor)
  }

  timeline(name: string, body: object = {}, id = ''): Promise<Timeline> {
    return this.call(this.timelines.operations(), `${name}Timeline`, body, id) as Promise<Timeline>
  }

  /** To the cue under way. */
  cue(name: 'skip' | 'extend' | 'hold' | 'release', body: object = {}, id = ''): Promise<Timeline> {
    return this.call(this.timelines.operations(), `${name}Cue`, body, id) as Promise<Timeline>
  }

  private call(operations: Operations, name: string, body: object, id: string, actor = anna): Promise<unknown> {
    const operate = operations[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return operate({ params: { id }, query: {}, body, actor })
  }

  private play(id: string, at: number, position?: number): void {
    this.playing.set(id, at)
    setTimeout(() => this.say(`${id} begins${position ? ` at ${position}` : ''}`), Math.max(0, at - clock.now()))
  }

  /** Lets so much time pass, in steps small enough that what a disk does comes in between. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10) {
      await vi.advanceTimersByTimeAsync(Math.min(10, left))
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  private say(line: string): void {
    this.lines.push(`${clock.now() - this.begun} ${line}`)
  }

  private async go({ id, camera }: NamedPreset, { rank }: Mover): Promise<Arrival> {
    const head = this.heads[camera] ?? { journeyMs: 0, stands: null }
    const seen = this.showing(camera).filter(program => !this.live.takes[program]?.still)
    this.say(`${rank} moves ${id}${seen.length > 0 ? ' in sight' : ''}`)
    head.stands = null
    head.going = id
    await new Promise(resolve => setTimeout(resolve, head.journeyMs))
    const error = head.fails ?? (head.going === id ? undefined : 'PTZ_SUPERSEDED')
    if (error) return { arrived: false, ms: head.journeyMs, error: { code: error, detail: 'It is stuck.', hint: '' } }
    head.stands = id
    return { arrived: true, ms: head.journeyMs }
  }

  private showing(camera: string): string[] {
    return [...this.states].flatMap(([id, { source }]) => (source === camera ? [id] : []))
  }

  /** The engine hears of takes, and shows each at its moment. */
  private apply(): void {
    for (const [program, take] of Object.entries(this.live.takes)) {
      if (this.heard.has(take.id)) continue
      this.heard.add(take.id)
      const wait = Math.max(0, (take.at ?? 0) - clock.now())
      if (wait > 0) setTimeout(() => this.show(program, take), wait)
      else this.show(program, take)
    }
  }
  private readonly heard = new Set<string>()

  private show(program: string, take: Take): void {
    this.states.set(program, { source: take.source, take: take.id, ...(take.still && { still: true }) })
    const fade = take.transition ? ` by ${take.transition.type}` : ''
    const where = program === 'main' ? '' : ` in ${program}`
    this.say(`${take.still ? 'still of ' : ''}${take.source}${fade}${where}`)
  }
}

const blank = {
  overlays: [],
  fallback: false,
  frames: { produced: 0, dropped: 0, repeated: 0 },
  time: 0,
}
