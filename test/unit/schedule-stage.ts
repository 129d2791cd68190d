import { vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { CalendarWindow, Schedule, TimelineStart } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Actor, NewEvent } from '../../runtime/control/ports.ts'
import { type ScheduleBody, Schedules } from '../../runtime/control/show/schedule/schedules.ts'
import type { Hours, Site } from '../../runtime/control/show/schedule/windows.ts'
import type { Course } from '../../runtime/control/show/timeline/run.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'

export const EVERY_DAY: Hours['days'] = [0, 1, 2, 3, 4, 5, 6]
export const berlin: Site = { timezone: 'Europe/Berlin', location: { latitude: 52.52, longitude: 13.405 } }
const anna: Actor = { kind: 'user', name: 'anna', role: 'operator' }

/** One program on which one timeline runs at a time, as they come; what happens is told with the time of day. */
export function scheduleStage(
  site: Site = berlin,
  shelf = memoryShelf<ScheduleBody>(),
  looked: { at?: number } = {},
  resumes: string[] = [],
) {
  const told: string[] = []
  const events: NewEvent[] = []
  const running = new Set<string>()
  const owed: string[] = []
  /** How often what ran before was let go on. */
  const gone = { on: 0 }
  const time = (at: number) => new Date(at).toISOString().slice(11, 16)
  let refuses = false
  let held = false
  const ask = () => {
    if (held) throw new VistterError('CONTROL_HELD', 'anna has control.')
  }
  const say = (what: string) => told.push(`${new Date().toISOString().slice(11, 19)} ${what}`)
  const courses: Record<string, Course> = {
    day: { name: 'Day', program: 'main', loop: true, length: 600_000 },
    lunch: { name: 'Lunch', program: 'main', loop: false, length: 900_000 },
    tour: { name: 'Tour', program: undefined, loop: true, length: 60_000 },
  }
  const schedules = new Schedules({
    shelf,
    timelines: {
      course: id => courses[id],
      isRunning: id => running.has(id),
      play: async (id = '', { at, position }: TimelineStart) => {
        if (refuses) throw new Error('no camera')
        ask()
        for (const other of running) if (courses[other]?.program && courses[id]?.program) running.delete(other)
        running.add(id)
        say(`play ${id} ${at?.slice(11, 19) ?? 'now'}${position ? ` at ${position / 1_000} s` : ''}`)
        return {} as never
      },
      halt: async (id = '') => {
        ask()
        running.delete(id)
        say(`halt ${id}`)
        return {} as never
      },
    },
    site: () => site,
    admit: async () => {},
    book: {
      get lookedAt() {
        return looked.at
      },
      setLookedAt: async at => {
        looked.at = at
      },
      callOff: async (timeline, at) => void owed.push(`${timeline} called off ${time(at)}`),
      owe: ({ timeline, zero, from, to }, why) =>
        void owed.push(`${timeline} of ${time(zero)}: ${time(from)}-${time(to)} ${why}`),
    },
    clock: systemClock,
    record: event => events.push(event),
  })
  const operate = async <T>(name: string, body: object, id: string, query = {}) =>
    (await schedules.operations()[name]?.({ params: { id }, query, body, actor: anna })) as T
  const call = (name: string, body: object = {}, id = '') => operate<Schedule>(`${name}Schedule`, body, id)
  const calendar = (from: string, to: string) => operate<CalendarWindow[]>('showCalendar', {}, '', { from, to })
  schedules.start(() => {
    gone.on++
    for (const timeline of resumes) running.add(timeline)
  })
  return {
    told,
    owed,
    gone,
    events,
    running,
    courses,
    schedules,
    call,
    calendar,
    refuse: (does: boolean) => (refuses = does),
    hold: (does: boolean) => (held = does),
  }
}

export async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 12; step++) {
    await vi.advanceTimersByTimeAsync(5_000)
    for (let n = 0; n < 12; n++) await new Promise(resolve => setImmediate(resolve))
  }
}
