import { expect, test } from 'vitest'
import { Adaptation } from '../../runtime/engine/outputs/adaptation.ts'

test('another encoder aims at what the uplink was found to take, even at the floor', () => {
  let now = 0
  const aims: number[] = []
  const bounds = { most: 4_500, least: 800 }
  const clock = { now: () => now, mono: () => now }
  const adaptation = new Adaptation({ id: 'o', name: 'O' }, bounds, {
    clock,
    event: () => {},
    step: videoBitrate => aims.push(videoBitrate),
  })
  for (let n = 0; n < 60; n++) {
    now += 500
    adaptation.observe(n, 300)
  }
  expect(aims.at(-1)).toBe(800)
  // The same bounds, but its encoder begins with the profile's 4,500.
  adaptation.setBounds({ ...bounds })
  adaptation.encoderChanged()
  expect(aims.slice(-2)).toEqual([800, 800])
})
