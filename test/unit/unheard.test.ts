import { expect, test } from 'vitest'
import { Unheard } from '../../runtime/engine/unheard.ts'

const aired = (firstAt: number, frames: number, ended = false) => ({
  ...{ time: firstAt, type: 'overlay.aired', severity: 'info' as const, message: '' },
  data: { program: 'main', overlay: 'o', cue: 'c', firstAt, lastAt: firstAt + frames * 40, frames, ended },
})
const other = (n: number) => ({ time: n, type: 'source.offline', severity: 'info' as const, message: `${n}`, data: {} })

test('while nobody listens the last word on each time on air is kept, however many events there are', () => {
  const unheard = new Unheard()
  for (let n = 0; n < 600; n++) unheard.add(other(n))
  for (let frames = 1; frames < 5_000; frames++) unheard.add(aired(1, frames))
  unheard.add(aired(1, 5_000, true))
  unheard.add(aired(2, 7))
  const all = unheard.take(9)
  expect(all.filter(({ type }) => type === 'source.offline')).toHaveLength(500)
  expect(all.slice(500)).toEqual([aired(1, 5_000, true), aired(2, 7)])
  expect(unheard.take(9)).toEqual([])
})

test('what finds no room is told as lost', () => {
  const unheard = new Unheard()
  for (let n = 0; n < 20_003; n++) unheard.add(aired(n, 1))
  const all = unheard.take(9)
  expect(all).toHaveLength(20_001)
  expect(all.at(-1)).toMatchObject({ time: 9, type: 'proof.lost', severity: 'error', data: { lost: 3 } })
  unheard.add(aired(1, 1))
  expect(unheard.take(9)).toHaveLength(1)
})
