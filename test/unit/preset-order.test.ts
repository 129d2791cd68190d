import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renumbered } from '../../runtime/control/cameras/presets/order.ts'

const numbered = (orders: number[]) => orders.map((order, n) => ({ id: `p${n}`, order }))
const after = (list: { id: string; order: number }[]) => {
  const news = renumbered(list)
  return list.map(({ id, order }) => news.get(id) ?? order)
}

test('whatever order is wanted, the numbers rise along it afterwards', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(30), fc.double({ min: 0, max: 30, noNaN: true }))), orders => {
      const risen = after(numbered(orders))
      expect(risen.every((order, n) => n === 0 || order > (risen[n - 1] ?? 0))).toBe(true)
    }),
    { seed: 7 },
  )
})

test('one that is moved among a thousand is one write, to whichever end', () => {
  const list = numbered(Array.from({ length: 1_000 }, (_, n) => n))
  expect(renumbered(list).size).toBe(0)
  expect(renumbered([...list.slice(1), ...list.slice(0, 1)])).toEqual(new Map([['p0', 1_000]]))
  expect(renumbered([...list.slice(-1), ...list.slice(0, -1)])).toEqual(new Map([['p999', -0.5]]))
  expect(renumbered([...list.slice(0, 5), ...list.slice(9, 10), ...list.slice(5, 9)])).toEqual(new Map([['p9', 4.5]]))
})

test('where no number is left between two, all are counted anew', () => {
  let list = numbered([0, 1, 2])
  for (let n = 0; n < 200; n++) {
    const [first, ...rest] = list
    const [second, ...others] = rest
    // The second and the third change places, again and again.
    list = [first, ...others, second].filter(one => one !== undefined)
    const orders = after(list)
    list = list.map(({ id }, at) => ({ id, order: orders[at] ?? 0 }))
    expect(orders.every((order, at) => at === 0 || order > (orders[at - 1] ?? 0))).toBe(true)
  }
})
