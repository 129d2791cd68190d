import { expect, test } from 'vitest'
import { Together } from '../../runtime/control/studio/together.ts'

/** Writes that end when the test says so. */
function desk(most = 3) {
  const writes: { items: readonly string[]; end(): void; fail(error: Error): void }[] = []
  const together = new Together<string>(
    items => new Promise((end, fail) => void writes.push({ items, end, fail })),
    most,
  )
  const log: string[] = []
  const add = (item: string) => {
    together.add(item).then(
      () => log.push(item),
      error => log.push(`${item}: ${error.message}`),
    )
  }
  return { together, writes, log, add }
}
const turn = () => new Promise(resolve => setImmediate(resolve))

test('what comes while it writes is written together, in its order, so many at the most', async () => {
  const { together, writes, log, add } = desk()
  for (const item of ['a', 'b']) add(item)
  await turn()
  expect(writes.map(({ items }) => items)).toEqual([['a', 'b']])
  for (const item of ['c', 'd', 'e', 'f']) add(item)
  expect(together.size).toBe(6)
  writes[0]?.end()
  await turn()
  expect(log).toEqual(['a', 'b'])
  expect(writes[1]?.items).toEqual(['c', 'd', 'e'])
  writes[1]?.end()
  await turn()
  writes[2]?.end()
  await turn()
  expect(log).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  expect(together.size).toBe(0)
})

test('behind what could not be written nothing is; what comes later is tried anew', async () => {
  const { writes, log, add } = desk(1)
  for (const item of ['a', 'b']) add(item)
  await turn()
  writes[0]?.fail(new Error('no room'))
  await turn()
  expect(log).toEqual(['a: no room', 'b: no room'])
  add('c')
  await turn()
  writes[1]?.end()
  await turn()
  expect(log.at(-1)).toBe('c')
  expect(writes.length).toBe(2)
})
