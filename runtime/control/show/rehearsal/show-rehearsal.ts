import type { Clock } from '../../../lib/clock.ts'
import type { ShowTime } from '../../ports.ts'
import type { Live } from '../live.ts'
import type { Overlays } from '../overlays.ts'
import type { Program } from '../program.ts'
import { type Booking, bookingsBetween, calendarOf, type Entry, type Slot } from '../schedule/calendar.ts'
import { type Book, Schedules } from '../schedule/schedules.ts'
import { type Shots, THE_SHOW } from '../shots.ts'
import type { ShowDeps } from '../show-deps.ts'
import { missedIn, OUTAGE } from '../timeline/planned.ts'
import type { Timelines } from '../timeline/timelines.ts'
import { findWired } from '../wired-sources.ts'
import { destinationWire } from '../wires.ts'
import { orderOf } from './day.ts'
import { DoubleBooking } from './double-booking.ts'
import type { House } from './house.ts'
import { startReasons } from './reasons.ts'
import { Rehearsals } from './rehearsals.ts'
import { Standby, type Upcoming } from './standby.ts'

interface Parts {
  live: Live
  program: Program
  overlays: Overlays
  timelines: Timelines
  shots: Shots
  deps: Pick<
    ShowDeps,
    | 'shelves'
    | 'house'
    | 'assets'
    | 'cameras'
    | 'presets'
    | 'turning'
    | 'destinations'
    | 'recordings'
    | 'settings'
    | 'record'
    | 'makeGoods'
  >
  clock: Clock
  time: ShowTime
  touched(): void
}

/** Windows of schedules are looked up this often (ms): to know them takes longer than to look whether one begins. */
const LOOKED_UP = 10_000

/** When timelines run, and what checks them before they are on air. */
export function showRehearsal(parts: Parts) {
  const { timelines, deps, clock, touched } = parts
  const schedules: Schedules = new Schedules({
    ...{ shelf: deps.shelves.schedules, timelines, clock, record: deps.record },
    settled: deps.house.time.settled,
    site: () => deps.settings.current,
    admit: slot => bookings.admit(slot),
    book: bookOf(parts),
  })
  const house = () => houseOf(parts)
  const calendar = (from: number, to: number): Entry[] => calendarOf(bookingsBetween(slots(), from, to))
  const slots = () => schedules.slots()
  const bookings: DoubleBooking = new DoubleBooking({ house, timelines: () => timelines.kept(), slots, clock })
  return {
    ...{ schedules, bookings },
    rehearsals: new Rehearsals({
      house,
      timelines: () => timelines.kept(),
      calendar,
      feeds: () => feedsOf(parts),
      clock,
    }),
    standby: new Standby({
      upcoming: upcomingOf(parts, slots),
      check: (id, at, left) => {
        const kept = timelines.kept().find(each => each.id === id)
        if (!kept) return []
        const facts = house()
        const wired = kept.body.offAir || kept.program !== undefined
        return startReasons(kept.body.cues, orderOf(kept, facts), facts, { at, left, wired })
      },
      prepare: id => prepare(parts, id),
      readinessMs: () => deps.settings.current.readinessMs,
      ...{ clock, record: deps.record, touched },
    }),
  }
}

function houseOf({ live, program, overlays, deps }: Parts): House {
  const { cameras, presets, turning, destinations, recordings } = deps
  const known = new Map(overlays.list().map(overlay => [overlay.id, overlay]))
  const fedBy = destinations.list().map(each => ({ each, wire: destinationWire(live.wiring, each) }))
  return {
    cameras: cameras.list(),
    preset: (camera, wanted) => turning.preset(camera, wanted),
    outlook: preset => presets.outlook(preset),
    stands: camera => turning.standsAt(camera)?.id,
    overlay: id => known.get(id),
    hasClip: (id, clip) => program.ids().includes(id) && findWired(program.wired(id).sources, clip) !== undefined,
    destinations: id => fedBy.flatMap(({ each, wire }) => (!each.source && wire?.program === id ? [each] : [])),
    records: id => recordings.list().some(({ program: of, state }) => of === id && state.status !== 'done'),
  }
}

function bookOf({ live, timelines, deps, time }: Parts): Book {
  const owe = (id: string, stretch: Parameters<typeof missedIn>[1]) => {
    const body = timelines.kept().find(each => each.id === id)?.body
    for (const missed of body ? missedIn({ id, ...body }, stretch) : []) deps.makeGoods.add(missed)
  }
  return {
    get lookedAt() {
      return live.lookedAt
    },
    setLookedAt: at => live.setLookedAt(at),
    callOff: async (id, at) => {
      const run = live.runs[id]
      if (!run) return
      const { program, handled } = run
      const zero = run.zero + time.off
      owe(id, { program, zero, after: handled, until: at - zero, why: OUTAGE })
      await live.setRun(id, undefined)
    },
    owe: ({ timeline: id, zero, from, to }, why) => {
      const program = timelines.course(id)?.program
      owe(id, { program, zero, after: from - zero - 1, until: to - zero, why })
    },
  }
}

function feedsOf({ deps: { destinations, turning } }: Parts) {
  return destinations.list().flatMap(({ name, started, source }) => {
    if (!started || source?.preset === undefined) return []
    const { camera, preset } = source
    const presetName = turning.preset(camera, preset)?.name ?? preset
    return [{ name: `the feed of ${name}`, camera, preset, presetName }]
  })
}

/** What was started for later, and what schedules will start. */
function upcomingOf({ live, timelines, time }: Parts, slots: () => Slot[]) {
  let windows: { at: number; found: Booking[] } | undefined
  const bookings = (now: number, to: number): Booking[] => {
    const old = !windows || now < windows.at || now > windows.at + LOOKED_UP
    if (old) windows = { at: now, found: bookingsBetween(slots(), now, to + LOOKED_UP) }
    return windows?.found ?? []
  }
  return (from: number, to: number): Upcoming[] => {
    const waiting = Object.entries(live.runs).flatMap(([timeline, { zero, joining, handled }]) =>
      joining === undefined || handled !== undefined ? [] : [{ timeline, at: time.told(zero + joining) }],
    )
    const scheduled = bookings(from, to).map(({ timeline, window }) => ({ timeline, at: window.from }))
    const starts = new Map([...scheduled, ...waiting].map(each => [each.timeline, each.at]))
    return [...starts].flatMap(([timeline, at]) => {
      const name = timelines.nameOf(timeline)
      return name !== undefined && at > from && at <= to ? [{ timeline, name, at }] : []
    })
  }
}

/** While there is time: files come, and the camera that is seen first turns. What fails is a reason. */
function prepare({ overlays, timelines, shots, deps }: Parts, id: string): void {
  const body = timelines.kept().find(each => each.id === id)?.body
  if (!body) return
  const shown = new Set(body.cues.map(({ overlay }) => (typeof overlay === 'object' ? overlay.id : overlay)))
  for (const { id: overlay, document } of overlays.documents()) if (shown.has(overlay)) void deps.assets.fetch(document)
  const { camera, preset: wanted } = body.cues.find(cue => (cue.camera ?? cue.clip ?? cue.preset) !== undefined) ?? {}
  const known = deps.cameras.list().find(each => each.id === camera || each.name === camera)?.id
  const preset = wanted === undefined ? undefined : deps.turning.preset(known, wanted)
  if (preset && !body.offAir) void shots.prepare(preset, THE_SHOW).catch(() => {}) // the cue tries it again
}
