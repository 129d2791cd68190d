import { expect, test } from 'vitest'
import { Causes } from '../soak/causes.ts'
import { Dice } from '../soak/dice.ts'
import { History } from '../soak/history.ts'
import { Vitals } from '../soak/vitals.ts'

const deed = (name: string, hits?: number) => ({ name, weight: 1, act: () => {}, ...(hits !== undefined && { hits }) })

test('a seed repeats a run', () => {
  const [one, same, other] = [new Dice(7), new Dice(7), new Dice(8)]
  const throws = (dice: Dice) => Array.from({ length: 20 }, () => dice.between(0, 100))
  const first = throws(one)
  expect(throws(same)).toEqual(first)
  expect(throws(other)).not.toEqual(first)
})

test('a hole is excused on the platform that was hit, while it was, and nowhere else', () => {
  const history = new History()
  history.began(deed('kill the encoder'), 1_000)(2_000)
  history.began(deed('stall platform 1', 1), 5_000)(9_000)
  expect(history.excuses(1, 8_000, 10_000)).toBe(true)
  expect(history.excuses(1, 9_500, 10_000)).toBe(false)
  expect(history.excuses(0, 6_000, 7_000)).toBe(false)
  expect(history.excuses(0, 1_500, 1_600)).toBe(false)
  expect(history.before(1_500)).toBe('500 ms after "kill the encoder"')
})

test('children without a cause, and those that are restarted twice in a second, are found', async () => {
  const news = (id: string, time: string, child: string, generation: number, cause = 'c') => ({
    ...{ id, time: `2026-01-01T00:00:${time}Z`, type: 'child.started' },
    data: { cause, child, generation, happened: 'killed', wanted: { command: 'start', why: 'it is needed' } },
  })
  const causes = new Causes()
  const log = [
    news('1', '01.500', 'encoder', 1),
    news('2', '02.000', 'encoder', 2),
    news('3', '02.900', 'encoder', 3),
    news('4', '02.950', 'ingest', 1, ''),
  ]
  // Looks overlap, and what was seen before is not a start of its own.
  for (const seen of [log.slice(0, 3), log.slice(1)]) await causes.look({ get: async <T>() => seen as T })
  expect(causes.starts).toBe(4)
  expect(causes.faults()).toEqual([
    'event 4: ingest has no cause',
    'encoder was restarted twice in a second, at 2026-01-01T00:00:02.900Z',
  ])
})

test('a process that grows by 3 MB a minute in a life of 20 is found, one that only breathes is not', () => {
  const vitals = new Vitals()
  for (let minutes = 0; minutes < 20; minutes += 0.2) {
    const breath = 15 * Math.sin(minutes * 7)
    vitals.note('engine 1', { minutes, rssMb: 190 + breath + 3 * minutes, descriptors: 40 })
    vitals.note('engine 2', { minutes, rssMb: 190 + breath, descriptors: 40 })
  }
  expect(vitals.faults()).toEqual(['engine 1 grew by 52 MB in 17 minutes'])
})
