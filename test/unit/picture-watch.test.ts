import { describe, expect, test } from 'vitest'
import { PictureWatch } from '../../runtime/engine/ingest/picture-watch.ts'
import { random } from './random.ts'

const [width, height] = [640, 360]
const bytes = new Uint8Array(width * height)
const picture = { bytes, at: 0, width, height }

/** Looks twice a second for `seconds`, after `draw` has drawn picture n; answers at which second `trouble` was first there. */
function watch(draw: (n: number) => void, seconds = 12, seen = new PictureWatch()) {
  for (let n = 0; n <= seconds * 2; n++) {
    draw(n)
    seen.look(n * 500, picture)
    if (seen.trouble) return { trouble: seen.trouble, second: n / 2, seen }
  }
  return { trouble: undefined, second: seconds, seen }
}

const paint = (value: (i: number) => number) => {
  for (let i = 0; i < bytes.length; i++) bytes[i] = value(i)
}
const scene = (n: number) => paint(i => 60 + ((i * 7 + n) % 120))
const noisy = (amount: number, mean: number) => {
  const next = random()
  return () => paint(() => Math.round(mean + (next() - 0.5) * 2 * amount))
}

describe('a picture that stands still', () => {
  test('the same frame again and again is frozen after 6 s', () => {
    expect(watch(() => scene(0))).toMatchObject({ trouble: 'frozen', second: 6 })
  })

  test('the flicker of an encoder that codes one still does not hide it', () => {
    const next = random()
    const flicker = (n: number) => {
      scene(0)
      if (n % 2 === 0) paint(i => bytes[i] + (next() < 0.01 ? 1 : 0))
    }
    expect(watch(flicker)).toMatchObject({ trouble: 'frozen' })
  })

  test('the least noise of a sensor is life, and so is a clock in the corner', () => {
    expect(watch(noisy(1, 120), 30).trouble).toBeUndefined()
    const clock = (n: number) => {
      scene(0)
      for (let y = 10; y < 26; y++) bytes.fill(n % 2 ? 235 : 16, y * width + 10, y * width + 40)
    }
    expect(watch(clock, 30).trouble).toBeUndefined()
  })

  test('it is over after two looks at something else, and not after one', () => {
    const { seen } = watch(() => scene(0))
    scene(1)
    expect(seen.look(20_000, picture)).toBe(false)
    scene(1)
    expect(seen.trouble).toBe('frozen')
    scene(2)
    expect(seen.look(20_500, picture)).toBe(true)
    expect(seen.trouble).toBeUndefined()
  })
})

describe('a black picture', () => {
  test('with the noise of a sensor', () => {
    expect(watch(noisy(4, 18))).toMatchObject({ trouble: 'black', second: 6 })
  })

  test('a dark place with a lamp in it is none', () => {
    const dark = noisy(3, 18)
    const night = () => {
      dark()
      for (let y = 100; y < 130; y++) bytes.fill(200, y * width + 100, y * width + 130)
    }
    expect(watch(night, 30).trouble).toBeUndefined()
  })

  test('a dark grey one is none', () => {
    expect(watch(noisy(3, 40), 30).trouble).toBeUndefined()
  })
})
