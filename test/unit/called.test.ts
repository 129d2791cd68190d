import { expect, test } from 'vitest'
import { called, calledIn } from '../../runtime/control/show/timeline/called.ts'
import { newId } from '../../runtime/lib/ids.ts'

test('a cue that somebody named is called so', () => {
  expect(called({ id: 'evening news', start: 5_000 })).toBe('evening news')
})

test.each([
  [0, 'at 0:00'],
  [9_500, 'at 0:09.5'],
  [83_500, 'at 1:23.5'],
  [599_960, 'at 10:00'],
  [3_600_000, 'at 1:00:00'],
  [37_815_040, 'at 10:30:15'],
])('one that has no name is told by where it begins: %i ms', (start, text) => {
  expect(called({ id: newId(), start })).toBe(text)
})

test('of an id that nothing is known of the id alone is left', () => {
  const id = newId()
  expect(calledIn([], id)).toBe(id)
  expect(calledIn([{ id, start: 12_000 }], id)).toBe('at 0:12')
})
