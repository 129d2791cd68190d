import { fault } from '../../runtime/contract/errors.ts'
import type { AssetReadiness, Destination } from '../../runtime/contract/generated/openapi.v1.ts'
import type { PresetOutlook } from '../../runtime/control/ports.ts'
import { dayOf, type Kept } from '../../runtime/control/show/rehearsal/day.ts'
import { type Day, dryRun } from '../../runtime/control/show/rehearsal/dry-run.ts'
import type { Finding } from '../../runtime/control/show/rehearsal/findings.ts'
import type { House } from '../../runtime/control/show/rehearsal/house.ts'
import { bookingsBetween, calendarOf, type Slot } from '../../runtime/control/show/schedule/calendar.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import type { ScoredCue } from '../../runtime/control/show/timeline/score.ts'

/** 1 July 2026, midnight in UTC. */
export const MIDNIGHT = Date.parse('2026-07-01T00:00:00Z')
export const HOUR = 3_600_000

interface Wishes {
  /** By preset. */
  outlooks?: Record<string, PresetOutlook>
  assets?: Record<string, AssetReadiness[]>
  away?: string[]
  destination?: Destination['state']['status'] | null
}

/** Two cameras, any preset of them (`quay/north`), any overlay but `none`, and a destination. */
export function house({ outlooks = {}, assets = {}, away = [], destination = 'live' }: Wishes = {}): House {
  const state = (id: string) =>
    away.includes(id)
      ? { status: 'offline' as const, error: fault('CAMERA_UNREACHABLE', 'nothing answers.') }
      : { status: 'online' as const }
  const youtube = {
    id: 'yt',
    name: 'YouTube',
    started: true,
    state: { since: '2026-07-01T00:00:00.000Z', videoBitrate: 0, queueSeconds: 0 },
  }
  return {
    cameras: ['quay', 'nave'].map(id => ({ id, name: id, state: state(id) })),
    preset: (camera = 'quay', name) => (name === 'nowhere' ? undefined : { id: `${camera}/${name}`, camera, name }),
    outlook: id => outlooks[id] ?? { p95: 2_000 },
    stands: () => undefined,
    overlay: id => (id === 'none' ? undefined : { assets: assets[id] ?? [] }),
    hasClip: () => true,
    destinations: () => (destination ? [{ ...youtube, state: { ...youtube.state, status: destination } }] : []),
    records: () => false,
  }
}

export function kept(id: string, cues: ScoredCue[], more: Partial<TimelineBody> & { program?: string } = {}): Kept {
  const { program = 'main', ...rest } = more
  const body: TimelineBody = { name: id, loop: true, gap: 'hold', timing: 'clock', offAir: false, cues, ...rest }
  return { id, body, program, state: { status: 'idle' } }
}

/** From one time of the day (UTC) to another, each day. */
export const slot = (timeline: string, from: string, to: string, program: string | null = 'main'): Slot => ({
  ...{ schedule: timeline, timeline, program: program ?? undefined, priority: 0, site: { timezone: 'UTC' } },
  hours: { days: [0, 1, 2, 3, 4, 5, 6], from, to },
})

export function dayWith(
  timelines: Kept[],
  slots: Slot[],
  facts: House = house(),
  feeds: Parameters<typeof dayOf>[0]['feeds'] = [],
): Day {
  const [from, to] = [MIDNIGHT, MIDNIGHT + 24 * HOUR]
  return dayOf({ timelines, calendar: calendarOf(bookingsBetween(slots, from, to)), feeds, house: facts, from, to })
}

export function findingsOf(day: Day): Finding[] {
  const work = dryRun(day)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value.told().findings
  }
}

/** What a finding says, short. */
export const short = ({ severity, code, name, cue, at, count }: Finding): string =>
  `${severity} ${code} ${name}${cue ? `/${cue}` : ''} ${new Date(at).toISOString().slice(11, 19)} ×${count}`
