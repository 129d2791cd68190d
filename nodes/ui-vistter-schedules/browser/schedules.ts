import { onBeforeUnmount, type Ref, ref, watch } from 'vue'
import type { CalendarWindow, Schedule } from '../../../runtime/contract/generated/openapi.v1.ts'
import { asProblem, call, type Problem } from '../../lib-ui/api.ts'
import { useLive } from '../../lib-ui/live.ts'

/** Hours begin and end with minutes, and others may change schedules: so often it is looked anew (ms). */
const LOOK_MS = 20_000
const HOUR = 3_600_000
/** From the beginning of today on, wherever the site is, to the end of the week. */
const BEFORE = 24 * HOUR
const AFTER = 9 * 24 * HOUR

interface Schedules {
  schedules: Ref<Schedule[] | undefined>
  calendar: Ref<CalendarWindow[]>
  problem: Ref<Problem | undefined>
  reload(): Promise<void>
}

/** All schedules and what comes of them in the week ahead, looked anew now and then and when the timelines change. */
export function useSchedules(): Schedules {
  const live = useLive()
  const schedules = ref<Schedule[]>()
  const calendar = ref<CalendarWindow[]>([])
  const problem = ref<Problem>()

  const reload = async () => {
    const now = Date.now()
    const span = `from=${new Date(now - BEFORE).toISOString()}&to=${new Date(now + AFTER).toISOString()}`
    try {
      const [list, windows] = await Promise.all([
        call<Schedule[]>('GET', '/schedules'),
        call<CalendarWindow[]>('GET', `/schedules/calendar?${span}`),
      ])
      schedules.value = list
      calendar.value = windows
      problem.value = undefined
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const timer = setInterval(() => !document.hidden && live.link === 'live' && void reload(), LOOK_MS)
  onBeforeUnmount(() => clearInterval(timer))
  const names = () => Object.values(live.timelines).map(({ id, name, state }) => `${id} ${name} ${state.status}`)
  watch(
    () => [live.link, ...names()].join(),
    () => live.link === 'live' && void reload(),
    { immediate: true },
  )
  return { schedules, calendar, problem, reload }
}
