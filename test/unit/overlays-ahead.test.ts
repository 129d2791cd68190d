import { afterEach, beforeEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import type { JobKind, Jobs } from '../../runtime/engine/graphics/jobs.ts'
import type { Renderer } from '../../runtime/engine/graphics/renderer.ts'
import { planesOf } from '../../runtime/engine/graphics/yuv.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import type { PreparedOverlay } from '../../runtime/engine/memory/sprite.ts'
import { Stage } from '../../runtime/engine/mixer/stage.ts'
import { Overlays } from '../../runtime/engine/overlays.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { documentOf } from './ocl-arbitrary.ts'

/** From the engine's overlays to what the mixer shows, without threads: what a text says is the luma of its first pixel. */
const log = createLog('test', 'silent')
const picture = { width: 192, height: 108, frameRate: { num: 30, den: 1 } }

let arena: Arena
let stage: Stage
let overlays: Overlays
let away: boolean
const published: number[] = []
let wall: number
let events: string[]
const jobs: { kind: JobKind; words: string[] }[] = []
const versions = new Map<PreparedOverlay, number>()

const answers: { [K in JobKind]?: (ask: Jobs[K]['ask']) => Jobs[K]['answer'] } = {
  measure: ({ texts }) => texts.map(() => ({ width: 80, height: 40 })),
  sprite: ({ drawing }) => {
    const words = drawing.kind === 'text' ? Number(drawing.text.value) : 200
    return planesOf(new Uint8Array(8 * 8 * 4).fill(255).fill(words, 0, 1), 8, 8)
  },
}

function run<K extends JobKind>(kind: K, ask: Jobs[K]['ask']): Promise<Jobs[K]['answer']> {
  const answer = answers[kind]
  if (away || !answer) return Promise.reject(new VistterError('RENDERER_FAILED', 'It is away.'))
  const words = 'texts' in ask ? ask.texts.map(({ value }) => value) : []
  if ('drawing' in ask) words.push(ask.drawing.kind === 'text' ? ask.drawing.text.value : ask.drawing.kind)
  jobs.push({ kind, words })
  return Promise.resolve(answer(ask))
}

beforeEach(() => {
  published.length = 0
  arena = new Arena()
  stage = new Stage(picture, { msOf: n => n * 40 })
  away = false
  wall = 1_000_000
  events = []
  jobs.length = 0
  versions.clear()
  let last = 0
  const graphics = new Graphics({
    ...{ arena, log, renderer: { run } satisfies Pick<Renderer, 'run'> },
    event: ({ data }) => void events.push(String(Reflect.get(data, 'code'))),
  })
  overlays = new Overlays({
    ...{ picture, graphics, log, now: () => wall },
    publish: async list => {
      published.push(list.length)
      for (const overlay of list) if (!versions.has(overlay)) versions.set(overlay, ++last)
      stage.set(list.map(overlay => ({ version: versions.get(overlay) ?? 0, overlay })))
    },
    supply: async (overlay, delta) => stage.supply(versions.get(overlay) ?? 0, delta),
  })
})

afterEach(() => {
  overlays.stop()
  overlays.clear()
  expect(arena.bytesInUse).toBe(0)
})

const cue = (id: string, content: object) => ({ ...{ id, start: 0, duration: 9_000_000, layer: 0 }, ...content })
const document = documentOf([
  cue('still', { text: { value: '7' } }),
  cue('box', { shape: { type: 'rectangle', color: '#ffffff' } }),
  cue('words', { text: { value: '{{value}}' } }),
])

const saying = (value: number, next?: { value: number; at: number }): Overlay => ({
  ...{ id: 'o', program: 'main', document: { ...document }, assets: {} },
  tokens: { value: String(value) },
  playing: { startedAt: 900_000 },
  ...(next && { next: { at: next.at, tokens: { value: String(next.value) } } }),
})

/** How many layers there are, and the value that the words show in the frame of this moment. */
function shown(at: number): [number, string | undefined] {
  stage.seek(at)
  const placed = stage.players.get('o')?.placed ?? []
  const memory = new Uint8Array(arena.memory.buffer)
  const words = placed.at(-1)
  return [placed.length, words && drawnAs.get(memory[words.sprite.y])]
}
/** Each red value of 0 to 99 gives another luma in steps that the test can tell apart. */
const drawnAs = new Map(
  Array.from({ length: 256 }, (_, n): [number, string] => [
    planesOf(new Uint8Array(16).fill(255).fill(n, 0, 1), 2, 2).y[0],
    String(n),
  ]).filter(([, n]) => Number(n) % 10 === 0),
)

test('when one token changes only the text that has it is measured and drawn anew', async () => {
  await overlays.set(saying(10))
  expect(shown(wall)).toEqual([3, '10'])
  jobs.length = 0
  await overlays.set(saying(20))
  expect(shown(wall)).toEqual([3, '20'])
  expect(jobs).toEqual([
    { kind: 'measure', words: ['20'] },
    { kind: 'sprite', words: ['20'] },
  ])
})

test('what is said next is ready before its moment, comes in its frame, and is not drawn again when it is now', async () => {
  await overlays.set(saying(10, { value: 20, at: wall + 1_000 }))
  expect([shown(wall), shown(wall + 999)]).toEqual([
    [3, '10'],
    [3, '10'],
  ])
  expect(shown(wall + 1_000)).toEqual([3, '20'])
  wall += 1_020
  jobs.length = 0
  await overlays.set(saying(20, { value: 30, at: wall + 980 }))
  expect(jobs.map(({ words }) => words)).toEqual([['30'], ['30']])
  expect([shown(wall + 979)[1], shown(wall + 980)[1]]).toEqual(['20', '30'])
  // A value that was pushed in between is there at once, and what follows still follows.
  wall += 100
  await overlays.set(saying(40, { value: 50, at: wall + 500 }))
  expect([shown(wall)[1], shown(wall + 500)[1]]).toEqual(['40', '50'])
})

test('while what follows is drawn, what was to follow before stays: a change is not late because another one was asked for', async () => {
  await overlays.set(saying(10, { value: 20, at: wall + 1_000 }))
  published.length = 0
  await overlays.set(saying(10, { value: 30, at: wall + 1_000 }))
  expect(published).toEqual([2])
  expect([shown(wall + 999)[1], shown(wall + 1_000)[1]]).toEqual(['10', '30'])
})

test('another play takes the place of what plays in the frame of its moment, and a stop leaves nothing', async () => {
  const now = saying(10)
  const later = { at: wall + 1_000, tokens: { value: '20' }, playing: { startedAt: wall + 1_000 } }
  await overlays.set({ ...now, next: later })
  expect([shown(wall + 999), shown(wall + 1_000)]).toEqual([
    [3, '10'],
    [3, '20'],
  ])
  wall += 1_010
  jobs.length = 0
  const then = { ...now, tokens: later.tokens, playing: later.playing }
  await overlays.set({ ...then, next: { at: wall + 500, tokens: {}, document: { ...document, scenes: [] } } })
  expect(jobs).toEqual([])
  expect([shown(wall + 499)[0], shown(wall + 500)[0]]).toEqual([3, 0])
})

test('an overlay that comes with what it says next, late, shows what is due', async () => {
  await overlays.set(saying(10, { value: 20, at: wall - 100 }))
  expect(shown(wall)).toEqual([3, '20'])
})

test('while the renderer is away the last picture stays, and what is wanted comes when it is back', async () => {
  await overlays.set(saying(10))
  away = true
  const setting = overlays.set(saying(20))
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(shown(wall)).toEqual([3, '10'])
  away = false
  await setting
  expect(shown(wall)).toEqual([3, '20'])
  expect(events).toContain('RENDERER_FAILED')
  expect(Object.values([...versions.keys()].at(-1)?.context.texts ?? {})).toContainEqual({ width: 80, height: 40 })
})

test('memory stays the same over a thousand changes of a text', async () => {
  let after = 0
  for (let n = 0; n < 1_000; n++) {
    wall += 40
    const [value, following] = [10 * (n % 20), 10 * ((n + 1) % 20)]
    await overlays.set(saying(value, { value: following, at: wall + 40 }))
    expect(shown(wall)[1]).toBe(String(value))
    expect(shown(wall + 40)[1]).toBe(String(following))
    if (n === 10) after = arena.bytesInUse
  }
  expect(arena.bytesInUse).toBe(after)
})

test('pictures that soon return are not drawn anew because a text changes, and go with the last that has them', async () => {
  const shapes = ['#ff0000', '#00ff00'].map((color, n) => ({
    ...{ id: `s${n}`, start: n * 5_000, duration: 5_000, layer: 0, shape: { type: 'rectangle', color } },
  }))
  const looped = documentOf([...shapes, { ...cue('words', { text: { value: '{{value}}' } }), duration: 10_000 }])
  const timeline = { ...looped.timeline, loop: true }
  const used: number[] = []
  for (let n = 0; n < 60; n++, wall += 500) {
    await overlays.set({ ...saying(n), document: { ...looped, timeline }, playing: { startedAt: 1_000_000 } })
    used.push(arena.bytesInUse)
  }
  expect(used.at(-1)).toBe((used[0] * 3) / 2)
  expect(jobs.filter(({ kind, words }) => kind === 'sprite' && words[0] === 'shape')).toHaveLength(2)
})
