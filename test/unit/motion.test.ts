import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { Motion } from '../../runtime/engine/ingest/motion.ts'
import { Stillness } from '../../runtime/engine/ingest/stillness.ts'
import { random } from './random.ts'

const [width, height] = [640, 360]
const bytes = new Uint8Array(width * height)
const picture = { bytes, at: 0, width, height }
/** The scene is larger than the picture, which shows it from here on when nothing is said. */
const [WIDE, TALL, LEFT] = [960, 420, 100]

/** Rectangles of all sizes on grey, as a street is. */
const street = scene(500, 50)
const NOISE = gauss(1 << 18)

function scene(count: number, contrast: number): Float32Array {
  const next = random()
  const cells = new Float32Array(WIDE * TALL).fill(110)
  for (; count > 0; count--) {
    const [left, top] = [Math.floor(next() * WIDE), Math.floor(next() * TALL)]
    const [right, bottom] = [Math.min(WIDE, left + 5 + next() * 80), Math.min(TALL, top + 5 + next() * 60)]
    const by = (next() - 0.5) * contrast
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) cells[y * WIDE + x] += by
  }
  return cells
}

function gauss(count: number): Float32Array {
  const next = random(7)
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()))
}

interface Shown {
  of?: Float32Array
  /** Pixels to the right, and how near: 1 is as it is. */
  pan?: number
  zoom?: number
  /** Standard deviation of a sensor's noise, in levels. */
  noise?: number
  light?: number
}

let drawn = 0
function draw({ of = street, pan = 0, zoom = 1, noise = 0, light = 1 }: Shown): void {
  const from = Math.floor(random(++drawn + 1)() * NOISE.length)
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y - height / 2) / zoom + TALL / 2) * WIDE
    for (let x = 0; x < width; x++) {
      const place = (x - width / 2) / zoom + width / 2 + LEFT + pan
      const at = row + Math.floor(place)
      const share = place - Math.floor(place)
      const grey = of[at] * (1 - share) + of[at + 1] * share
      const value = grey * light + noise * NOISE[(from + y * width + x) % NOISE.length]
      bytes[y * width + x] = Math.max(16, Math.min(235, Math.round(value)))
    }
  }
}

/** Looks each 80 ms for a second while `shown` tells what is seen at which second; the standing at its end. */
function watch(shown: (second: number) => Shown | undefined, motion = new Motion(), from = 0) {
  for (let ms = from; ms <= from + 1_000; ms += 80) {
    const what = shown((ms - from) / 1_000)
    if (what) draw(what)
    motion.look(ms, picture)
  }
  return { ...motion.standing, motion }
}

describe('a picture stands', () => {
  it.each([0, 2, 5, 9])('with noise of %d levels', noise => {
    expect(watch(() => ({ noise }))).toMatchObject({ stillMs: 960, movedAt: undefined })
  })

  it('while the light changes, slowly or at once', () => {
    expect(watch(second => ({ light: 1 - second / 5, noise: 2 }))).toMatchObject({ stillMs: 960 })
    expect(watch(second => ({ light: second < 0.5 ? 1 : 0.85, noise: 2 }))).toMatchObject({ stillMs: 960 })
  })

  it('while people, waves and a clock move in a third of it', () => {
    const next = random(3)
    const waves = (second: number) => {
      draw({ noise: 2 })
      for (let y = 245; y < 360; y++)
        for (let x = 0; x < width; x++)
          bytes[y * width + x] = 90 + 40 * Math.sin(x / 9 + y / 5 + second * 8) + 10 * next()
      for (let y = 10; y < 40; y++) bytes.fill(second % 0.2 < 0.1 ? 235 : 16, y * width + 10, y * width + 200)
      return undefined
    }
    expect(watch(waves)).toMatchObject({ stillMs: 960, movedAt: undefined })
  })
})

describe('a picture moves', () => {
  it.each([3, 8, 40, 150, 600])('that pans by %d pixels a second, noise or not', speed => {
    for (const noise of [0, 2]) {
      const { stillMs, movedAt } = watch(second => ({ pan: second * speed, noise }))
      expect(stillMs).toBeLessThan(300)
      expect(movedAt).toBeGreaterThan(700)
    }
  })

  it('that is zoomed, also slowly', () => {
    expect(watch(second => ({ zoom: 1 + second / 2, noise: 2 })).stillMs).toBe(0)
    expect(watch(second => ({ zoom: 1 + second / 20, noise: 2 })).stillMs).toBeLessThan(200)
  })

  it('and comes to stand, to the picture', () => {
    const { motion } = watch(second => ({ pan: Math.min(second, 0.4) * 200, noise: 2 }))
    expect(motion.standing).toEqual({ stillMs: 560, movedAt: 400 })
    expect(watch(() => ({ pan: 80, noise: 2 }), motion, 1_040)).toMatchObject({ stillMs: 1_600, movedAt: 400 })
  })
})

describe('a picture that shows nothing', () => {
  const wall = scene(0, 0)

  it('tells nothing of standing', () => {
    expect(watch(() => ({ of: wall, noise: 5 })).motion.standing).toBeUndefined()
  })

  it('on the way is a way all the same', () => {
    const { motion } = watch(second => (second < 0.3 || second > 0.6 ? { pan: second < 0.3 ? 0 : 150 } : { of: wall }))
    expect(motion.standing?.movedAt).toBe(640)
  })

  it('and one of which nothing is known any more begins anew', () => {
    const { motion } = watch(second => ({ pan: second * 100 }))
    motion.forget()
    expect(motion.standing).toBeUndefined()
    expect(watch(() => ({ pan: 3 }), motion, 2_000)).toMatchObject({ stillMs: 960, movedAt: undefined })
  })
})

describe('who asks whether pictures stand', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const start = Date.now()
  const clock = { mono: () => Date.now() - start }

  test('is told from the second picture on; nobody looks any more soon after', () => {
    let looks = 0
    let ring = 7
    let ended = Number.POSITIVE_INFINITY
    const stillness = new Stillness({
      clock,
      pictures: id => {
        looks++
        if (id !== 'quay') return undefined
        const head = Math.floor(Math.min(clock.mono(), ended) / 40)
        const layout = { width, height, slots: 12, audioFrames: 0, header: ring, video: 0, audio: 0 }
        return { head, layout, bytes, addressOf: () => 0, arrivalOf: n => (n + 1) * 40 }
      },
    })
    draw({})
    vi.advanceTimersByTime(1_000)
    expect([stillness.ask('quay'), stillness.ask('nobody')]).toEqual([{}, {}])
    vi.advanceTimersByTime(400)
    expect(stillness.ask('quay')).toEqual({ stillMs: 400 })
    draw({ pan: 20 })
    vi.advanceTimersByTime(100)
    draw({ pan: 50 })
    vi.advanceTimersByTime(400)
    const moved = stillness.ask('quay')
    expect(moved.stillMs).toBeGreaterThan(250)
    expect(moved.movedAgoMs).toBeLessThan(400)
    expect([...stillness.watched]).toEqual(['quay', 'nobody'])
    // Pictures that come no more tell nothing of what the camera does.
    ended = clock.mono()
    vi.advanceTimersByTime(900)
    expect(stillness.ask('quay').stillMs).toBeDefined()
    vi.advanceTimersByTime(200)
    expect(stillness.ask('quay')).toEqual({})
    ended = Number.POSITIVE_INFINITY
    vi.advanceTimersByTime(100)
    expect(stillness.ask('quay').stillMs).toBeGreaterThan(1_000)
    stillness.ask('nobody')
    ring = 8
    expect([stillness.ask('quay'), stillness.ask('nobody')]).toEqual([{}, {}])
    vi.advanceTimersByTime(1_700)
    expect([...stillness.watched]).toEqual([])
    const before = looks
    vi.advanceTimersByTime(5_000)
    expect(looks).toBe(before)
    expect(vi.getTimerCount()).toBe(0)
  })
})
