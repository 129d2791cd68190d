import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { inOrder, NAMED, needOf, SEATS_BESIDE, secondsOf, WORKERS } from '../machine/lanes.ts'

const files = globSync(join(import.meta.dirname, '..', '{nodes,integration,browser}', '*.test.ts'))

/** Begins the files in this order wherever there are a worker and the seats that each needs; answers when all have ended. */
function lengthOf(order: readonly string[]): { end: number; most: { show: number; beside: number } } {
  const running: { file: string; ends: number }[] = []
  const waiting: string[] = []
  const most = { show: 0, beside: 0 }
  const rest = [...order]
  let now = 0
  const used = () => running.map(({ file }) => needOf(file))
  const shows = () => used().filter(({ show }) => show).length
  const seats = () => used().reduce((sum, { beside }) => sum + beside, 0)
  while (rest.length + waiting.length + running.length > 0) {
    while (rest.length > 0 && running.length + waiting.length < WORKERS) waiting.push(rest.shift() ?? '')
    for (const file of [...waiting]) {
      const { show, beside } = needOf(file)
      if ((show && shows() > 0) || seats() + beside > SEATS_BESIDE) continue
      waiting.splice(waiting.indexOf(file), 1)
      running.push({ file, ends: now + secondsOf(file) })
    }
    Object.assign(most, { show: Math.max(most.show, shows()), beside: Math.max(most.beside, seats()) })
    now = Math.min(...running.map(({ ends }) => ends))
    for (const done of running.filter(({ ends }) => ends <= now)) running.splice(running.indexOf(done), 1)
  }
  return { end: now, most }
}

test('each file that is named is there', () => {
  const there = new Set(files.map(file => basename(file, '.test.ts')))
  expect(NAMED.filter(name => !there.has(name))).toEqual([])
})

test('both lanes are busy to the end: within a tenth of what the longer one takes by itself', () => {
  const order = inOrder(files)
  expect(order.toSorted()).toEqual(files.toSorted())
  const { end, most } = lengthOf(order)
  expect(most).toEqual({ show: 1, beside: SEATS_BESIDE })
  const lane = (of: (file: string) => number) => files.reduce((sum, file) => sum + of(file) * secondsOf(file), 0)
  const longer = Math.max(
    lane(file => Number(needOf(file).show)),
    lane(file => needOf(file).beside / SEATS_BESIDE),
  )
  console.info(`${Math.round(end)} s of tests with processes; the longer lane alone: ${Math.round(longer)} s`)
  expect(end).toBeLessThan(1.1 * longer)
})
