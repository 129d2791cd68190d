import { beforeEach, expect, test } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import type { PreparedOverlay, Sprite } from '../../runtime/engine/memory/sprite.ts'
import { allocBus } from '../../runtime/engine/mixer/bus.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Desk } from '../../runtime/engine/mixer/desk.ts'
import { Player } from '../../runtime/engine/mixer/player.ts'
import type { SpriteSpec } from '../../runtime/ocl/sprites.ts'
import { spritesWithin } from '../../runtime/ocl/window.ts'
import { asset, documentOf } from './ocl-arbitrary.ts'

/** Overlays on a desk without its thread: what each single frame shows is the luma of its middle. */
const [width, height] = [64, 32]
/** Of a frame no whole number of ms: rounding must not make anything a frame late. */
const rate = { num: 30_000, den: 1_001 }
const times = new FrameTimes(rate)
const bytes = frameBytes(width, height)
const kernel = loadKernel()
const STARTED = 1_760_000_000_123.4
const FIRST = 1_760_000_000_123.4 - times.msOf(10)

let arena: Arena
let desk: Desk
let out: Ring
let n: number

beforeEach(() => {
  arena = new Arena()
  const [black, held, still, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5, 6].map(() => arena.alloc(bytes))
  const frames = { black, held, still, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
  const birth = { memory: arena.memory, picture: { width, height, frameRate: rate }, slateAfterMs: 2_000, frames }
  desk = new Desk(birth, kernelOn(kernel, arena.memory), times)
  const bus = allocBus(arena, 'b', 'all', allocRing(arena, { width, height, slots: 8, audioFrames: 192_000 }))
  desk.setBuses([bus], 0)
  out = new Ring(arena.memory, bus.ring)
  n = 0
})

/** The luma of each frame up to this one of the play, whose frame 0 is the tenth. */
function frames(to: number): number[] {
  const seen: number[] = []
  for (; n < to + 10; n++) {
    desk.tick(n, 5_000 + times.msOf(n), FIRST + times.msOf(n), () => 5_000 + times.msOf(n))
    seen.push(out.bytes[out.addressOf(out.head - 1) + (height / 2) * width + width / 2])
  }
  return seen
}

const BLACK = 16
const inFrames = (list: [number, number][]) => list.flatMap(([luma, count]) => Array(count).fill(luma))

/** A bitmap of the whole picture, of one luma. */
function sprite(key: string, luma: number): Sprite {
  const at = [width * height, width * height, ...Array(3).fill((width * height) / 4)].map(size => arena.alloc(size))
  const [y, a, u, v, ac] = at
  const fill = (address: number, value: number, size: number) => out.bytes.fill(value, address, address + size)
  fill(y, luma, width * height)
  fill(a, 255, width * height)
  for (const [plane, value] of [
    [u, 128],
    [v, 128],
    [ac, 255],
  ])
    fill(plane, value, (width * height) / 4)
  return { key, width, height, y, u, v, a, ac }
}

const wordsOf = ({ content }: SpriteSpec) => {
  if (content.kind === 'text') return Number(content.text.value)
  return content.kind === 'asset' ? Number(content.assetRef) : 200
}

const whole = { size: { width, height }, position: { anchor: 'top-left', x: 0, y: 0 } }
const cue = (more: object) => ({
  id: 'c',
  start: 0,
  duration: '900f',
  layer: 0,
  unsafe: true,
  properties: whole,
  ...more,
})
const show = (cues: object[]): OclDocument => ({
  ...documentOf(cues),
  timeline: { id: 't', version: 1, frameRate: '30000/1001', resolution: { width, height } },
})

function prepared(document: OclDocument, more: Partial<PreparedOverlay> = {}): PreparedOverlay {
  const context = { tokens: { value: '100' }, ...more.context }
  const sprites = spritesWithin(document, context, 0, 60_000).specs.map(spec => sprite(spec.key, wordsOf(spec)))
  return { id: 'o', document, startedAt: STARTED, sprites, ...more, context }
}

const box = { shape: { type: 'rectangle', color: '#ffffff' } }
const words = { text: { value: '{{value}}' } }

test('a cue is there from the frame of its start to the last one before its end', () => {
  desk.setOverlays([{ version: 1, overlay: prepared(show([cue({ ...box, start: 't+30f', duration: '15f' })])) }])
  expect(frames(50)).toEqual(
    inFrames([
      [BLACK, 40],
      [200, 15],
      [BLACK, 5],
    ]),
  )
})

test('a play that is told its end is gone with the frame of that moment, and nothing of it comes back', () => {
  const document = show([cue({ ...box, start: 't+30f' }), cue({ ...box, id: 'd', start: 't+60f' })])
  const endsAt = STARTED + times.msOf(45)
  desk.setOverlays([{ version: 1, overlay: prepared(document, { endsAt }) }])
  const gone = frames(80).slice(10)
  expect(gone).toEqual(
    inFrames([
      [BLACK, 30],
      [200, 15],
      [BLACK, 35],
    ]),
  )
})

test('a fade begins with nothing at its first frame and is whole at the frame of its end', () => {
  const transition = { in: { type: 'fade', duration: '10f' }, out: { type: 'fade', duration: '5f' } }
  const document = show([cue({ ...box, start: 't+30f', duration: '20f', transition })])
  desk.setOverlays([{ version: 1, overlay: prepared(document) }])
  const seen = frames(55).slice(10)
  expect(seen.slice(28, 31)).toEqual([BLACK, BLACK, BLACK])
  for (let frame = 0; frame <= 10; frame++)
    expect(Math.abs(seen[30 + frame] - (BLACK + ((200 - BLACK) * frame) / 10))).toBeLessThanOrEqual(2)
  expect(seen.slice(40, 46)).toEqual(Array(6).fill(200))
  for (let frame = 0; frame <= 5; frame++)
    expect(Math.abs(seen[45 + frame] - (200 - ((200 - BLACK) * frame) / 5))).toBeLessThanOrEqual(2)
})

test('slides change in the frame that their times name, round after round', () => {
  const slides = { items: [{ assetRef: '60' }, { assetRef: '90', duration: '7f' }, { assetRef: '120' }], every: '10f' }
  desk.setOverlays([{ version: 1, overlay: prepared(show([cue({ slides })])) }])
  const round: [number, number][] = [
    [60, 10],
    [90, 7],
    [120, 10],
  ]
  expect(frames(81)).toEqual(inFrames([[BLACK, 10], ...round, ...round, ...round]))
})

test('new words come in the frame of their moment, in all of it, and the time of the play goes on', () => {
  const document = show([cue(words)])
  const now = prepared(document)
  const next = prepared(document, { context: { tokens: { value: '150' } }, at: STARTED + times.msOf(30) })
  desk.setOverlays([
    { version: 1, overlay: now },
    { version: 2, overlay: next },
  ])
  expect(frames(25)).toEqual(
    inFrames([
      [BLACK, 10],
      [100, 25],
    ]),
  )
  const after = prepared(document, { context: { tokens: { value: '180' } }, at: STARTED + times.msOf(40) })
  expect(frames(35)).toEqual(
    inFrames([
      [100, 5],
      [150, 5],
    ]),
  )
  desk.setOverlays([{ version: 2 }, { version: 3, overlay: after }])
  expect(frames(45)).toEqual(
    inFrames([
      [150, 5],
      [180, 5],
    ]),
  )
  expect(frames(901).slice(-2)).toEqual([180, BLACK])
})

test('what follows takes the place of what it follows in the order of painting', () => {
  const document = show([cue(words)])
  const later = prepared(document, { context: { tokens: { value: '150' } }, at: STARTED + times.msOf(5) })
  const below = [prepared(document), later]
  const above = prepared(show([cue({ ...box, start: 't+10f' })]), { id: 'above' })
  desk.setOverlays([...below, above].map((overlay, version) => ({ version, overlay })))
  expect(frames(12).slice(10)).toEqual(
    inFrames([
      [100, 5],
      [150, 5],
      [200, 2],
    ]),
  )
})

test('a picture that is late leaves the one before it, is told once, and is there in the next frame when it comes', () => {
  const slides = { items: [{ assetRef: '60' }, { assetRef: '90' }], every: '10f' }
  const overlay = prepared(show([cue({ slides })]))
  const late = overlay.sprites.splice(1, 1)
  desk.setOverlays([{ version: 1, overlay }])
  expect(frames(15)).toEqual(
    inFrames([
      [BLACK, 10],
      [60, 15],
    ]),
  )
  expect(desk.report(n, 0).late).toEqual([{ overlay: 'o', cue: 'c', shows: 'before' }])
  expect(desk.report(n, 0).late).toEqual([])
  desk.supply(1, { add: late, drop: [] })
  expect(frames(22)).toEqual(
    inFrames([
      [90, 5],
      [60, 2],
    ]),
  )
  desk.supply(2, { add: [], drop: late.map(({ key }) => key) })
  expect(frames(30)).toEqual(inFrames([[60, 8]]))
  expect(desk.report(n, 0).late).toEqual([])
})

test('what is late from its first frame on shows its fallback, where it would stand itself, until it comes', () => {
  const assets = [{ id: '60', fallback: '90' }, { id: '90' }].map(one => ({ ...asset(one.id), ...one }))
  const fade = { in: { type: 'fade', duration: '10f' } }
  const document = { ...show([cue({ assetRef: '60', start: 't+5f', transition: fade })]), assets }
  const drawn = (ref: string) =>
    sprite(spritesWithin(show([cue({ assetRef: ref })]), {}, 0, 1).specs[0].key, Number(ref))
  desk.setOverlays([{ version: 1, overlay: { ...prepared(document), sprites: [drawn('90')] } }])
  const seen = frames(20).slice(10)
  for (let frame = 0; frame < 20; frame++) {
    const share = Math.min(1, Math.max(0, (frame - 5) / 10))
    expect(Math.abs(seen[frame] - (BLACK + (90 - BLACK) * share))).toBeLessThanOrEqual(2)
  }
  expect(desk.report(n, 0).late).toEqual([{ overlay: 'o', cue: 'c', shows: 'fallback' }])
  desk.supply(1, { add: [drawn('60')], drop: [] })
  expect(frames(25)).toEqual(Array(5).fill(60))
  expect(desk.report(n, 0).late).toEqual([])
})

test('late words show those of the fallback; what nothing stands in for is not to be seen, and that is told', () => {
  const cues = [cue(words), cue({ ...box, id: 'd' })]
  const late = (document: OclDocument) => {
    const [{ key }] = spritesWithin(document, { standIn: true }, 0, 1).specs
    desk.setOverlays([{ version: ++version, overlay: { ...prepared(document), sprites: [sprite(key, 70)] } }])
    const seen = frames(n - 10 + 3)
    return [seen.at(-1), desk.report(n, 0).late.map(({ cue, shows }) => [cue, shows])]
  }
  let version = 0
  frames(5)
  expect(late({ ...show(cues), fallbacks: { text: '70' } })).toEqual([
    70,
    [
      ['c', 'fallback'],
      ['d', 'nothing'],
    ],
  ])
})

test('a bitmap that is taken away is not touched any more, also where it stood in for another', () => {
  const slides = { items: [{ assetRef: '60' }, { assetRef: '90' }], every: '10f' }
  const overlay = prepared(show([cue({ slides })]))
  const [first, second] = overlay.sprites
  desk.setOverlays([{ version: 1, overlay: { ...overlay, sprites: [first] } }])
  expect(frames(12).slice(-2)).toEqual([60, 60])
  desk.supply(1, { add: [], drop: [first.key] })
  out.bytes.fill(255, first.y, first.y + width * height)
  expect(frames(15)).toEqual([BLACK, BLACK, BLACK])
  // In the same memory, and nobody is fooled by it.
  out.bytes.fill(90, first.y, first.y + width * height)
  desk.supply(1, { add: [{ ...first, key: second.key }], drop: [] })
  expect(frames(20)).toEqual(Array(5).fill(90))
})

test('of a hundred cues on air only what moves is worked out anew, and nothing when nothing moves', () => {
  const still = Array.from({ length: 100 }, (_, i) => cue({ ...box, id: `c${i}`, layer: i }))
  const keyframes = [
    { at: 't+10f', value: 0 },
    { at: 't+20f', value: 10 },
  ]
  const moving = cue({ ...box, id: 'moving', layer: 200, automation: [{ property: 'position.x', keyframes }] })
  const player = new Player(prepared(show([...still, moving])), { width, height })
  const at = (frame: number) => {
    player.seek(STARTED + times.msOf(frame))
    return player.placed
  }
  const first = at(1)
  expect(first).toHaveLength(101)
  expect(at(9)).toBe(first)
  const [during, after] = [at(12), at(14)]
  expect(after[100].x).toBeGreaterThan(during[100].x)
  for (let i = 0; i < 100; i++) expect(after[i]).toBe(first[i])
  expect(at(30)).toBe(at(400))
})
