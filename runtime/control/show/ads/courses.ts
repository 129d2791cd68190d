import type { Entry } from '../schedule/calendar.ts'
import type { Run } from '../timeline/run.ts'
import type { Course } from './ahead.ts'

interface Facts {
  /** What runs, by timeline. */
  runs: Readonly<Record<string, Pick<Run, 'program' | 'zero'>>>
  calendar: readonly Entry[]
}

/** Which timelines run, or will by their schedules, in [from, to), UTC ms. Pure. */
export function coursesIn({ runs, calendar }: Facts, from: number, to: number): Course[] {
  const parts = calendar.flatMap(({ schedule, timeline, program, parts: all }) =>
    all.filter(({ winner }) => winner.schedule === schedule).map(part => ({ ...part, timeline, program })),
  )
  const now = Object.entries(runs).flatMap(([timeline, { program, zero }]): Course[] => {
    if (program === undefined) return []
    const own = parts.find(part => part.timeline === timeline && part.from <= from && from < part.to)
    // One that was started by hand goes until something else comes on its program.
    const next = parts.filter(part => part.program === program && part.from > from).map(part => part.from)
    return [{ timeline, zero, from, to: Math.min(to, own?.to ?? Math.min(...next)) }]
  })
  const later = parts
    .filter(part => part.from > from && part.from < to && part.program !== undefined)
    .map(part => ({ timeline: part.timeline, zero: part.from, from: part.from, to: Math.min(to, part.to) }))
  return [...now, ...later]
}
