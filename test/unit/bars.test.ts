import { afterEach, expect, test, vi } from 'vitest'
import { TONE_FRAMES, Tone } from '../../runtime/engine/audio/tone.ts'
import { drawBars } from '../../runtime/engine/graphics/bars.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, Ring } from '../../runtime/engine/memory/ring.ts'

afterEach(() => vi.useRealTimers())

/** BT.709 limited range of EBU bars 100/0/75/0, from the formula of ITU-R BT.709. */
const WANTED = [
  [235, 128, 128],
  [168, 44, 136],
  [145, 147, 44],
  [134, 63, 52],
  [63, 193, 204],
  [51, 109, 212],
  [28, 212, 120],
  [16, 128, 128],
]

test.each([
  [1920, 1080],
  [640, 360],
  [1080, 1920],
])('the eight bars of %i x %i have the colours of the standard, top and bottom', (width, height) => {
  const frame = drawBars(width, height)
  expect(frame.length).toBe((width * height * 3) / 2)
  for (const [n, wanted] of WANTED.entries()) {
    const x = Math.floor(((n + 0.5) * width) / 8)
    for (const y of [0, height - 1]) {
      const chroma = width * height + (y >> 1) * (width / 2) + (x >> 1)
      const seen = [frame[y * width + x], frame[chroma], frame[chroma + (width * height) / 4]]
      for (const [i, value] of seen.entries()) expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(1)
    }
  }
})

test('the tone is 1 kHz at -18 dBFS, always ahead of its reader, and ends', () => {
  vi.useFakeTimers()
  const arena = new Arena()
  const ring = new Ring(arena.memory, allocRing(arena, { width: 64, height: 64, slots: 2, audioFrames: TONE_FRAMES }))
  let now = 5_000
  const tone = new Tone(ring, { now: () => now, mono: () => now })
  const peak = ring.samples.reduce((max, sample) => Math.max(max, sample), 0)
  expect(20 * Math.log10(peak / 32_768)).toBeCloseTo(-18, 1)
  let crossings = 0
  for (let n = 1; n < 48_000; n++) if (ring.samples[2 * n - 2] < 0 && ring.samples[2 * n] >= 0) crossings++
  expect(Math.abs(crossings - 1_000)).toBeLessThanOrEqual(1)
  expect(ring.audioHead).toBe(48_000)
  for (let n = 0; n < 40; n++) {
    now += 250
    vi.advanceTimersByTime(250)
  }
  expect(ring.audioHead).toBe(11 * 48_000)
  tone.stop()
  vi.advanceTimersByTime(1_000)
  expect(ring.audioHead).toBe(11 * 48_000)
})
