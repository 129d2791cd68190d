import { expect, test } from 'vitest'
import { controlWords, nextWords, runningOn } from '../../nodes/lib-ui/control-words.ts'
import { siteClock } from '../../nodes/lib-ui/format.ts'
import type { TimelineGlimpse } from '../../nodes/lib-ui/live-state.ts'

const at = (time: string) => `2026-06-01T${time}Z`
const timeline = (state: TimelineGlimpse['state'], offAir = false): TimelineGlimpse => ({
  ...{ id: 't', name: 'Day', loop: true, timing: 'clock', offAir, revision: 1, state },
})

test('who has control, by what, why, since when and until when', () => {
  const now = Date.parse(at('08:02:00'))
  expect(controlWords(null, 'UTC', now)).toMatchObject({
    rank: 'Free',
    text: 'No show runs, and nobody holds control.',
  })
  const show = { rank: 'schedule', by: 'Day', what: 'the timeline Day', since: at('08:00:00') } as const
  expect(controlWords(show, 'UTC', now)).toMatchObject({
    rank: 'Show',
    text: expect.stringMatching(/^Day runs, since 0?8:00\b/),
  })
  // Whoever has held it since yesterday is not taken for somebody who began this morning.
  expect(controlWords(show, 'UTC', now + 86_400_000).text).toMatch(/^Day runs, since Jun 1, 0?8:00\b/)
  const take = { rank: 'operator', by: 'anna', what: 'a take', why: 'interview', since: at('08:01:00') } as const
  expect(controlWords({ ...take, until: at('08:05:00') }, 'Europe/Berlin', now).text).toMatch(
    /^anna has control by a take, since 10:01\b.*, until 10:05\b.*: interview\.$/,
  )
})

test('the clock of the site is told with its zone, winter and summer', () => {
  expect(siteClock('Europe/Berlin', Date.parse('2026-01-15T18:41:00Z'))).toMatch(
    /^0?7:41\sPM (GMT\+1|CET)$|^19:41 (CET|MEZ|GMT\+1)$/,
  )
  expect(siteClock('Europe/Berlin', Date.parse('2026-07-15T18:41:00Z'))).toMatch(
    /^0?8:41\sPM (GMT\+2|CEST)$|^20:41 (CEST|MESZ|GMT\+2)$/,
  )
})

test('the show of a program, and when its next cue comes', () => {
  const runs = timeline({ status: 'running', program: 'main', next: { id: 'b', at: at('08:01:05') } })
  const tour = timeline({ status: 'running', program: 'main' }, true)
  expect(runningOn([tour, runs], 'main')).toBe(runs)
  expect(runningOn([tour, runs], 'vertical')).toBeUndefined()
  expect(nextWords(runs, Date.parse(at('08:00:00')))).toBe('The next cue comes in 1 min 5 s.')
  expect(nextWords(timeline({ status: 'running' }), 0)).toBe('No other cue comes.')
  const held = { since: at('08:00:00'), by: 'anna', position: 0 }
  expect(nextWords(timeline({ status: 'running', held }), 0)).toBe('The present cue is held.')
})
