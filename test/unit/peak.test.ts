import { expect, it } from 'vitest'
import { peakOf } from '../../runtime/engine/audio/peak.ts'

it('the peak of a source is that of its last quarter of a second, over the end of the circle too', () => {
  const samples = new Int16Array(2 * 24_000)
  const at = (audioHead: number) => peakOf({ samples, audioHead, layout: { audioFrames: 24_000 } })
  expect(at(0)).toBe(-70)
  expect(at(30_000)).toBe(-70)
  samples[2 * 23_990 + 1] = -16_384
  expect(at(30_000)).toBe(-6)
  expect(at(24_000 + 11_991)).toBe(-70)
  samples[2 * 100] = 3_277
  expect(at(24_101)).toBe(-6)
})
