import { expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { JobFailed } from '../../runtime/engine/graphics/renderer.ts'
import { KEEP_BYTES, MOST_BYTES, Supply } from '../../runtime/engine/graphics/supply.ts'
import { bytesOf, type PreparedOverlay, type SpriteDelta } from '../../runtime/engine/memory/sprite.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { type SpriteSpec, spriteKeyOf } from '../../runtime/ocl/sprites.ts'
import { asset, documentOf } from './ocl-arbitrary.ts'
import { timeline } from './ocl-cue.ts'

/** A text that changes each second, `count` times. */
const texts = (count: number, more: object = {}, size = { width: 100, height: 50 }) =>
  documentOf(
    [
      {
        ...{ id: 'c', start: 0, duration: count * 1_000, layer: 0, text: { value: 'begin' }, properties: { size } },
        automation: [
          { property: 'text', keyframes: Array.from({ length: count }, (_, n) => ({ at: n * 1_000, value: `${n}` })) },
        ],
      },
    ],
    timeline(more),
  )

/** A supply whose drawing is counted and whose clock stands still. */
function supplied(document: ReturnType<typeof texts>, draw: (spec: SpriteSpec) => Promise<void> = async () => {}) {
  const overlay: PreparedOverlay = { id: 'o', document, startedAt: 0, context: {}, sprites: [] }
  const play = { t: 0, drawn: 0, room: MOST_BYTES, live: new Set<string>(), failed: [] as string[] }
  const supply = new Supply(overlay, {
    draw: async spec => {
      await draw(spec)
      play.drawn++
      play.live.add(spec.key)
      const { width, height } = spec.content.natural
      return { key: spec.key, sprite: { key: '', width, height, y: 0, u: 0, v: 0, a: 0, ac: 0 } }
    },
    share: () => {},
    release: key => void play.live.delete(key),
    room: () => play.room,
    failed: (_, error) => void play.failed.push(error instanceof VistterError ? error.code : 'other'),
    t: () => play.t,
  })
  const has = (t: number) => {
    const keys = new Set(overlay.sprites.map(({ key }) => key))
    return resolve(document, t).layers.every(layer => keys.has(spriteKeyOf(layer)))
  }
  const bytes = () => overlay.sprites.reduce((sum, sprite) => sum + bytesOf(sprite), 0)
  return { supply, play, overlay, has, bytes }
}
const told = async () => {}

test('of a thousand changes each is ready seconds before it comes, is drawn once, and goes when it will not return', async () => {
  const { supply, play, has, overlay } = supplied(texts(1_000))
  let most = 0
  for (; play.t < 1_000_000; play.t += 500) {
    await supply.advance(told)
    for (const ahead of [0, 1_000, 3_900]) expect(has(play.t + ahead)).toBe(true)
    most = Math.max(most, play.live.size)
    expect(overlay.sprites).toHaveLength(play.live.size)
  }
  expect(play.drawn).toBe(1_000)
  expect(most).toBeLessThanOrEqual(70)
  supply.release()
  expect(play.live.size).toBe(0)
})

test('what soon returns is kept: a loop is drawn once', async () => {
  const { supply, play, has } = supplied(texts(20, { loop: true }))
  for (; play.t < 100_000; play.t += 500) {
    await supply.advance(told)
    expect(has(play.t)).toBe(true)
  }
  expect(play.drawn).toBe(20)
})

test('large bitmaps are kept only as far as there is room for what is not needed now', async () => {
  const { supply, play, has, bytes } = supplied(texts(40, { loop: true }, { width: 1_500, height: 1_000 }))
  for (; play.t < 100_000; play.t += 500) {
    await supply.advance(told)
    expect(has(play.t)).toBe(true)
    // Needed: four seconds ahead, the piece that is begun, and what was there just now.
    expect(bytes()).toBeLessThanOrEqual(KEEP_BYTES + 2 * bytesOf({ width: 1_500, height: 1_000 }))
  }
})

test('without memory nothing more is drawn, which is told once, and made good when there is some again', async () => {
  const { supply, play, has } = supplied(texts(100))
  play.room = 0
  for (let n = 0; n < 3; n++) await supply.advance(told)
  expect([play.drawn, new Set(play.failed)]).toEqual([0, new Set(['OVERLAY_TOO_LARGE'])])
  const times = play.failed.length
  await supply.advance(told)
  expect(play.failed).toHaveLength(times)
  play.room = MOST_BYTES
  await supply.advance(told)
  expect(has(0)).toBe(true)
})

test('memory is given back only when the mixer has let go', async () => {
  const { supply, play } = supplied(texts(300))
  const held: (() => void)[] = []
  const gone: string[] = []
  const tell = ({ drop }: SpriteDelta) => {
    gone.push(...drop)
    return drop.length > 0 ? new Promise<void>(resolve => held.push(resolve)) : Promise.resolve()
  }
  for (; play.t < 90_000; play.t += 500) await supply.advance(tell)
  expect(gone.length).toBeGreaterThan(10)
  for (const key of gone) expect(play.live).toContain(key)
  for (const letGo of held) letGo()
  await Promise.resolve()
  await Promise.resolve()
  for (const key of gone) expect(play.live).not.toContain(key)
})

test('a renderer that fails for a while is asked again; one that fails at this very picture is not', async () => {
  let error: Error | undefined = new VistterError('RENDERER_FAILED', 'It was stopped.')
  let asked = 0
  const { supply, play, has } = supplied(texts(2), async () => {
    asked++
    if (error) throw error
  })
  await supply.advance(told)
  expect([has(0), asked]).toEqual([false, 2])
  error = undefined
  await supply.advance(told)
  expect([has(0), has(1_500), play.drawn]).toEqual([true, true, 2])
  error = new JobFailed('It ended.')
  asked = 0
  const other = supplied(texts(2), async () => {
    asked++
    if (error) throw error
  })
  for (let n = 0; n < 3; n++) await other.supply.advance(told)
  expect(asked).toBe(2)
})

test('drawing that cannot keep up leaves out what is over, ends, and looks further ahead the next time', async () => {
  let slow = 1_500
  const { supply, play, has } = supplied(texts(1_000), async () => {
    play.t += slow
  })
  await supply.advance(told)
  expect(play.t).toBeLessThan(20_000)
  slow = 0
  for (; play.t < 30_000; play.t += 500) await supply.advance(told)
  for (let ahead = 0; ahead < 4_000; ahead += 500) expect(has(play.t - 500 + ahead)).toBe(true)
})

test('a clock that is put back finds what it needs again', async () => {
  const { supply, play, has } = supplied(texts(1_000))
  for (play.t = 500_000; play.t < 600_000; play.t += 500) await supply.advance(told)
  play.t = 500_000
  expect(has(play.t)).toBe(false)
  await supply.advance(told)
  expect(has(play.t)).toBe(true)
})

test('what was given up while it was drawn is given back', async () => {
  let finish = () => {}
  const drawing = new Promise<void>(resolve => {
    finish = resolve
  })
  const { supply, play } = supplied(texts(3), () => drawing)
  const advancing = supply.advance(told)
  supply.release()
  finish()
  await advancing
  expect([play.drawn, play.live.size]).toEqual([1, 0])
})

test('what stands in for a bitmap is there before it, and costs no more than a few', async () => {
  const slides = Array.from({ length: 100 }, (_, n) => ({ ...asset(`a${n}`), fallback: 'spare' }))
  const items = slides.map(({ id }) => ({ assetRef: id }))
  const document = documentOf(
    [{ ...{ id: 'c', start: 0, duration: 10_000, layer: 0 }, slides: { items, every: 100 } }],
    { assets: [...slides, asset('spare')] },
  )
  const order: string[] = []
  const { supply } = supplied(document, async ({ content }) => {
    if (content.kind === 'asset') order.push(content.assetRef)
  })
  await supply.advance(told, 2_000)
  expect(order.slice(0, 3)).toEqual(['spare', 'a0', 'a1'])
  expect(order.filter(id => id === 'spare')).toHaveLength(1)
})
