import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EngineEvent, Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import { Renderer } from '../../runtime/engine/graphics/renderer.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { Ring } from '../../runtime/engine/memory/ring.ts'
import type { PreparedOverlay, Sprite } from '../../runtime/engine/memory/sprite.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { resolve, spriteKeyOf } from '../../runtime/ocl/index.ts'

const picture = { width: 1_920, height: 1_080, frameRate: { num: 30, den: 1 } }
const log = createLog('test', 'silent')
const events: Omit<EngineEvent, 'time'>[] = []
const arena = new Arena()
const renderer = new Renderer({ clock: systemClock, log, event: event => events.push(event) })
const graphics = new Graphics({ arena, renderer, log, event: event => events.push(event) })
const folder = mkdtempSync(join(tmpdir(), 'vistter-graphics-'))
const file = (name: string) => join(folder, name)

beforeAll(() => {
  const canvas = createCanvas(64, 32)
  const context = canvas.getContext('2d')
  context.fillStyle = '#ff0000'
  context.fillRect(0, 0, 32, 32)
  context.fillStyle = 'rgba(0, 0, 255, 0.5)'
  context.fillRect(32, 0, 32, 32)
  const png = canvas.toBuffer('image/png')
  writeFileSync(file('logo.png'), png)
  writeFileSync(file('cut.png'), png.subarray(0, png.length - 20))
  writeFileSync(file('page.png'), '<html><body>404</body></html>')
  // A PNG that claims 60,000 x 60,000 pixels.
  const bomb = Buffer.from(png)
  bomb.writeUInt32BE(60_000, 16)
  bomb.writeUInt32BE(60_000, 20)
  writeFileSync(file('bomb.png'), bomb)
  renderer.start()
})

afterEach(() => {
  events.length = 0
})

afterAll(async () => {
  await renderer.stop()
  rmSync(folder, { recursive: true })
})

const cue = (id: string, what: object, more: object = {}) => ({
  id,
  start: 0,
  duration: 60_000,
  layer: 0,
  ...what,
  ...more,
})

function overlay(cues: object[], assets: Record<string, string> = {}, tokens: Record<string, string> = {}): Overlay {
  return {
    id: 'o',
    program: 'main',
    document: {
      ocl: '1.0',
      timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 1_920, height: 1_080 } },
      assets: Object.keys(assets).map(id => ({
        id,
        url: `file:${id}`,
        sha256: '0'.repeat(64),
        mediaType: 'image/png',
      })),
      scenes: [{ id: 's', start: 0, tracks: [{ id: 'k', kind: 'any', cues }] }],
    },
    assets,
    tokens,
    playing: { startedAt: Date.now() },
  }
}

const bytes = () => new Uint8Array(arena.memory.buffer)
const pixel = ({ y, a, u, v, ac, width }: Sprite, column: number, row: number) => {
  const memory = bytes()
  const half = (row >> 1) * (width / 2) + (column >> 1)
  const at = row * width + column
  return { y: memory[y + at], a: memory[a + at], u: memory[u + half], v: memory[v + half], ac: memory[ac + half] }
}

const spriteFor = (prepared: PreparedOverlay, cueId: string, t = 0): Sprite => {
  const layer = resolve(prepared.document, t, prepared.context).layers.find(candidate => candidate.cue === cueId)
  const sprite = layer && prepared.sprites.find(({ key }) => key === spriteKeyOf(layer))
  if (!sprite) throw new Error(`no sprite for ${cueId}`)
  return sprite
}

test('an image with alpha becomes premultiplied BT.709 planes, at its own size', async () => {
  const prepared = await graphics.prepare(
    overlay([cue('logo', { assetRef: 'logo' })], { logo: file('logo.png') }),
    picture,
  )
  const sprite = spriteFor(prepared, 'logo')
  expect(sprite).toMatchObject({ width: 64, height: 32 })
  expect(pixel(sprite, 10, 10)).toEqual({ y: 63, a: 255, u: 102, v: 240, ac: 255 })
  const half = pixel(sprite, 50, 10)
  expect(Math.abs(half.a - 128)).toBeLessThanOrEqual(1)
  for (const [value, whole] of [
    [half.y, 32],
    [half.u, 240],
    [half.v, 118],
  ])
    expect(Math.abs(value - (whole * 128) / 255)).toBeLessThanOrEqual(1.5)
  const chromaSpans = new DataView(arena.memory.buffer, sprite.spans?.chroma, 16 * 8)
  expect([0, 4, 15 * 8, 15 * 8 + 4].map(at => chromaSpans.getInt32(at, true))).toEqual([0, 32, 0, 32])
  expect(events).toEqual([])
  graphics.release(prepared)
  expect(arena.bytesInUse).toBe(0)
})

test('shapes and texts are drawn in the size that resolve gives, scaled to the picture', async () => {
  const shape = {
    shape: { type: 'rectangle', color: '#00ff0080', radius: 20 },
    properties: { size: { width: 301, height: 90 } },
  }
  const text = { text: { value: 'Welcome to {{place}}', size: 60, background: '#000000' } }
  const prepared = await graphics.prepare(overlay([cue('box', shape), cue('words', text)], {}, { place: 'Harbour' }), {
    ...picture,
    width: 1_280,
    height: 720,
  })
  const box = spriteFor(prepared, 'box')
  expect(box).toMatchObject({ width: 202, height: 60 })
  expect(pixel(box, 0, 0).a).toBe(0)
  expect(Math.abs(pixel(box, 100, 30).a - 128)).toBeLessThanOrEqual(1)
  expect(pixel(box, 201, 30).a).toBe(0)

  const [, layer] = resolve(prepared.document, 0, prepared.context).layers
  const words = spriteFor(prepared, 'words')
  expect(Math.abs(words.width - (layer.width * 2) / 3)).toBeLessThanOrEqual(2)
  expect(pixel(words, 1, 1)).toMatchObject({ y: 16, a: 255 })
  const luma = bytes().subarray(words.y, words.y + words.width * words.height)
  const white = luma.reduce((count, value) => count + (value > 200 ? 1 : 0), 0)
  expect(white / luma.length).toBeGreaterThan(0.05)
  expect(white / luma.length).toBeLessThan(0.4)
  // The words begin and end inside the margin that measuring left for them.
  const bright = (column: number) =>
    Array.from({ length: words.height }, (_, row) => luma[row * words.width + column]).some(value => value > 60)
  const columns = Array.from({ length: words.width }, (_, column) => column).filter(bright)
  expect(columns[0]).toBeGreaterThanOrEqual(18)
  expect(columns.at(-1)).toBeLessThanOrEqual(words.width - 18)
  graphics.release(prepared)
})

test('a new value of a token draws only the text anew; bitmaps live as long as an overlay uses them', async () => {
  const cues = [cue('logo', { assetRef: 'logo' }), cue('words', { text: { value: '{{temperature}}' } })]
  const before = await graphics.prepare(overlay(cues, { logo: file('logo.png') }, { temperature: '20' }), picture)
  const after = await graphics.prepare(overlay(cues, { logo: file('logo.png') }, { temperature: '21' }), picture)
  expect(spriteFor(after, 'logo').y).toBe(spriteFor(before, 'logo').y)
  expect(spriteFor(after, 'words').y).not.toBe(spriteFor(before, 'words').y)
  graphics.release(before)
  expect(pixel(spriteFor(after, 'logo'), 10, 10).y).toBe(63)
  graphics.release(before)
  graphics.release(after)
  expect(arena.bytesInUse).toBe(0)
})

test('files that are missing or no images cost their own layer only, and are told once', async () => {
  const assets = {
    logo: file('logo.png'),
    cut: file('cut.png'),
    page: file('page.png'),
    bomb: file('bomb.png'),
    gone: file('gone.png'),
  }
  const cues = Object.keys(assets).map(id => cue(id, { assetRef: id }))
  const prepared = await graphics.prepare(overlay(cues, assets), picture)
  expect(resolve(prepared.document, 0, prepared.context).layers.map(layer => layer.cue)).toEqual(['logo'])
  expect(prepared.sprites).toHaveLength(1)
  const told = events
    .map(({ type, data }) => [type, Reflect.get(data, 'what'), Reflect.get(data, 'code')].join(' '))
    .sort()
  expect(told).toEqual(
    ['cut ASSET_BROKEN', 'page ASSET_BROKEN', 'bomb ASSET_BROKEN', 'gone ASSET_MISSING']
      .map(what => `overlay.incomplete asset ${what}`)
      .sort(),
  )
  const again = await graphics.prepare(overlay(cues, assets), picture)
  expect(events).toHaveLength(4)
  graphics.release(prepared)
  graphics.release(again)
})

test('an element too large to be drawn is left out, the others stay', async () => {
  const huge = cue('huge', { shape: { type: 'rectangle', color: '#ffffff' }, properties: { scale: 100 } })
  const prepared = await graphics.prepare(overlay([huge, cue('words', { text: { value: 'Hello' } })]), picture)
  expect(prepared.sprites).toHaveLength(1)
  expect(events).toMatchObject([{ data: { code: 'OVERLAY_TOO_LARGE' } }])
  graphics.release(prepared)
})

const slate = {
  kind: 'slate' as const,
  id: 'slate',
  name: 'Slate',
  title: 'Back soon',
  subtitle: 'Thank you for your patience',
}
const frameOf = (ring: Ring) => ring.bytes.subarray(ring.addressOf(0), ring.addressOf(0) + ring.slotBytes)

test('a slate is one published frame with readable words, and its JPEG has the width that was asked for', async () => {
  const ring = new Ring(arena.memory, await graphics.slate(slate, picture))
  expect([ring.head, ring.intact(0)]).toEqual([1, true])
  const luma = frameOf(ring).subarray(0, 1_920 * 1_080)
  const white = luma.reduce((count, value) => count + (value > 200 ? 1 : 0), 0)
  expect(white).toBeGreaterThan(2_000)
  expect(luma.every(value => value >= 16 && value <= 235)).toBe(true)
  const jpeg = await loadImage(await graphics.jpeg(ring.addressOf(0), 1_920, 1_080, 480))
  expect([jpeg.width, jpeg.height]).toEqual([480, 270])
})

test('an image fills the slate; a broken one gives way to the words', async () => {
  const image = new Ring(arena.memory, await graphics.slate({ ...slate, image: file('logo.png') }, picture))
  expect(frameOf(image)[100]).toBe(63)
  const words = new Ring(arena.memory, await graphics.slate({ ...slate, image: file('cut.png') }, picture))
  const plain = new Ring(arena.memory, await graphics.slate(slate, picture))
  expect(Buffer.compare(frameOf(words), frameOf(plain))).toBe(0)
  expect(events).toMatchObject([{ data: { code: 'ASSET_BROKEN' } }])
})

test('without any renderer a slate is dark, not absent', async () => {
  const dead = new Renderer({ clock: systemClock, log, event: () => {} })
  await dead.stop()
  const waiting = new Graphics({
    arena,
    renderer: { run: () => Promise.reject(new Error('down')) },
    log,
    event: () => {},
  })
  const ring = new Ring(arena.memory, await waiting.slate(slate, picture))
  expect([frameOf(ring)[0], frameOf(ring).at(-1)]).toEqual([38, 128])
})

test('with a slow renderer a show begins with a dark slate, drawn when it can be, and never into memory given back', async () => {
  const drawn = new Uint8Array((picture.width * picture.height * 3) / 2).fill(99)
  const finish: (() => void)[] = []
  const run = () => new Promise<never>(resolve => finish.push(() => resolve(drawn as never)))
  const slow = new Graphics({ arena, renderer: { run }, log, event: () => {} })
  const left = new AbortController()
  const patience = { ms: 20, gone: left.signal }
  const [stays, goes] = await Promise.all([slow.slate(slate, picture, patience), slow.slate(slate, picture, patience)])
  const [kept, given] = [new Ring(arena.memory, stays), new Ring(arena.memory, goes)]
  expect([frameOf(kept)[0], frameOf(given)[0]]).toEqual([38, 38])
  finish[0]()
  await new Promise(resolve => setImmediate(resolve))
  expect([kept.head, kept.bytes[kept.addressOf(1)]]).toEqual([2, 99])
  left.abort()
  finish[1]()
  await new Promise(resolve => setImmediate(resolve))
  expect(given.head).toBe(1)
})

test('a renderer that is killed is back within a second, and the job it was at is done all the same', async () => {
  const victim = renderer.pid
  if (victim === undefined) throw new Error('no renderer')
  const job = renderer.run('slate', { width: 1_920, height: 1_080, title: 'Still here', subtitle: '' })
  process.kill(victim, 'SIGKILL')
  const began = performance.now()
  expect((await job).length).toBe((1_920 * 1_080 * 3) / 2)
  expect(performance.now() - began).toBeLessThan(4_000)
  expect(renderer.pid).not.toBe(victim)
  expect(events).toMatchObject([{ type: 'renderer.restarted' }])
})

test('a job that takes too long fails alone', async () => {
  const hasty = new Renderer({ clock: systemClock, log, event: event => events.push(event), jobMs: 1 })
  hasty.start()
  try {
    await expect(hasty.run('slate', { width: 4_096, height: 4_096, title: 'x', subtitle: '' })).rejects.toMatchObject({
      code: 'RENDERER_FAILED',
    })
  } finally {
    await hasty.stop()
  }
})

test('stop ends the process and every job', async () => {
  const own = new Renderer({ clock: systemClock, log, event: event => events.push(event) })
  own.start()
  await own.run('measure', { texts: [] })
  const { pid } = own
  const job = own.run('slate', { width: 4_096, height: 4_096, title: 'x', subtitle: '' })
  const refused = expect(job).rejects.toMatchObject({ code: 'RENDERER_FAILED' })
  await own.stop()
  await refused
  expect(() => process.kill(pid ?? 0, 0)).toThrow()
  expect(events).toEqual([])
})
