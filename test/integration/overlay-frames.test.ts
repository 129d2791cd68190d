import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import type { Airing } from '../../runtime/engine/mixer/airings.ts'
import { orderOf } from '../../runtime/engine/picture/order.ts'
import { render } from '../../runtime/engine/picture/render.ts'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { bt709, Cells, Reel } from '../peers/cells.ts'
import { EngineStage, program } from '../peers/engine-stage.ts'
import { CASES, cells, coming, cue, due, FRAME, white } from '../peers/frame-cases.ts'
import { decodeErrors, pictures } from '../peers/media.ts'
import { run, scratch, until } from '../peers/run.ts'

/**
 * What documents say of frames, looked for in the frames of a decoded recording: each cue has a cell of the picture, and is
 * there on its own frames and on no other, at 30 and at 59.94 frames a second.
 */
const small = new Cells(320, 180)
const evidence = scratch('evidence')
const stage = new EngineStage({ evidence: evidence.path })
/** ms of a frame of the quick program */
const SHORT = 1_001 / 60
/** The play begins so long before its first frame, where sums of fractions cannot fall on its other side. */
const HAIR = 0.001

const COLOURS = ['#ff0000', '#00ff00', '#0000ff', '#ffffff', '#808080', '#c08020', '#102030']
const FIRST_PATCH = 8
let assets: NonNullable<OclDocument['assets']> = []
let files: Record<string, string> = {}
let startedAt = 0
let reel: Reel
let quick: Reel

const documentOf = (rate: unknown, { width, height }: Cells, cues: object[], more: object = {}) => ({
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: rate, resolution: { width, height }, ...more },
  scenes: [{ id: 's', start: 0, tracks: [{ id: 'k', kind: 'any', cues }] }],
})

function overlay(id: string, document: object, more: Partial<Overlay> = {}): Overlay {
  const checked = validateOcl(document)
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
  return {
    ...{ id, program: 'main', document: { ...checked.document }, assets: files, tokens: {} },
    ...{ playing: { startedAt, reached: { presets: { Pier: startedAt + 1_110 }, milestones: {} } }, ...more },
  }
}

async function writeFiles(): Promise<void> {
  const still = (name: string, colour: string) => {
    const canvas = createCanvas(80, 90)
    const context = canvas.getContext('2d')
    context.fillStyle = colour
    context.fillRect(0, 0, 80, 90)
    writeFileSync(stage.path(name), canvas.toBuffer('image/png'))
  }
  still('black.png', '#000000')
  still('white.png', '#ffffff')
  still('grey.png', '#808080')
  const blink = ['-i', stage.path('white.png'), '-i', stage.path('grey.png')]
  const filter = '[0]trim=end_frame=1[a];[1]trim=end_frame=1[b];[a][b]concat=n=2,setpts=N/10/TB,fps=10'
  await run('ffmpeg', ['-v', 'error', ...blink, '-filter_complex', filter, '-f', 'apng', stage.path('blinks.png')])
  files = { white: stage.path('white.png'), grey: stage.path('grey.png'), blinks: stage.path('blinks.png') }
  assets = Object.entries(files).map(([id, file]) => {
    const content = readFileSync(file)
    const url = `data:image/png;base64,${content.toString('base64')}`
    return { id, url, sha256: createHash('sha256').update(content).digest('hex'), mediaType: 'image/png' }
  })
}

const mark = (grid: Cells) => cue(0, 't+0f', '150f', white, grid)
const patches = COLOURS.map((color, n) =>
  cue(FIRST_PATCH + n, 't+120f', '30f', { shape: { type: 'rectangle', color } }),
)
const whole = () => ({ ...documentOf(30, cells, [mark(cells), ...CASES.map(({ cue }) => cue), ...patches]), assets })

/** Puts something on air for a moment, and answers the UTC ms of its first frame: where frames are. */
async function firstFrame(): Promise<number> {
  startedAt = Date.now()
  stage.desired = { ...stage.desired, overlays: [overlay('probe', documentOf(30, cells, [cue(30, 0, '60s')]))] }
  await stage.engine.apply(stage.desired)
  await until('it is on air', () => stage.engine.state().programs[0]?.overlays[0]?.layers === 1)
  stage.desired = { ...stage.desired, overlays: [] }
  await stage.engine.apply(stage.desired)
  return (await until('the probe', () => aired().find(({ overlay }) => overlay === 'probe'))).firstAt
}

const aired = () =>
  stage.events
    .filter(({ type }) => type === 'overlay.aired')
    .map(({ data }) => data as unknown as Airing & { picture?: string })

beforeAll(async () => {
  await writeFiles()
  const dark = {
    kind: 'slate',
    id: 'slate',
    name: 'Dark',
    title: '',
    subtitle: '',
    image: stage.path('black.png'),
  } as const
  await stage.show(
    [dark],
    [program('main', '640x360', '30', 'slate'), program('quick', '320x180', '60000/1001', 'slate')],
  )
  await stage.record({ videoBitrate: 20_000 })
  const grid = await firstFrame()
  startedAt = grid + Math.ceil((Date.now() + 1_200 - grid) / FRAME) * FRAME - HAIR
  const words = documentOf(30, cells, [cue(20, 0, '150f', { text: { value: '{{word}}', size: 24 } })])
  const round = documentOf(30, cells, [cue(24, 't+5f', '5f')], { duration: '20f', loop: true })
  const fast = documentOf('60000/1001', small, [
    mark(small),
    cue(1, 't+61f', '7f', white, small),
    cue(2, 1_000, '500ms', white, small),
    { ...cue(3, 't+90f', '30f', coming('fade'), small), properties: small.whole(3) },
  ])
  // A play that gives way to another one, and that to nothing.
  const one = documentOf(30, cells, [cue(25, 0, '60s')])
  const two = documentOf(30, cells, [cue(26, 't+5f', '60s')])
  const turns = (now: object, at: number, then: object) => {
    const begins = startedAt + 100 * FRAME
    const playing = { startedAt: now === two ? begins : startedAt }
    const next = { at: startedAt + at * FRAME, tokens: {}, document: { ...then } }
    return overlay('turns', now, { playing, next: then === two ? { ...next, playing: { startedAt: begins } } : next })
  }
  const saying = (word: string, frame: number, then: string) =>
    overlay('words', words, { tokens: { word }, next: { at: startedAt + frame * FRAME, tokens: { word: then } } })
  const show = async (...now: Overlay[]) => {
    const fixed = [overlay('all', whole()), overlay('round', round), overlay('quick', fast, { program: 'quick' })]
    stage.desired = { ...stage.desired, overlays: [...fixed, ...now] }
    await stage.engine.apply(stage.desired)
  }
  await show(saying('.', 60, 'MMM'), turns(one, 100, two))
  // As control does it: what was to come is there, and the next is told.
  await until('the first change', () => Date.now() > startedAt + 65 * FRAME, { everyMs: 5 })
  await show(saying('MMM', 90, '.'), turns(one, 100, two))
  await until('the turn', () => Date.now() > startedAt + 105 * FRAME, { everyMs: 5 })
  await show(saying('.', 900, 'M'), turns(two, 130, { ...two, scenes: [] }))
  await until('the end', () => Date.now() > startedAt + 160 * FRAME, { everyMs: 20 })
  const recorded = await stage.recorded()
  reel = await Reel.of(recorded.main ?? '')
  quick = await Reel.of(recorded.quick ?? '')
}, 60_000)
afterAll(async () => {
  await stage.end()
  evidence.remove()
})

const cellOf = ({ id }: { id: string }) => Number(id.slice(1).split('-')[0])
/** Its stretches of frames, before the colours come. */
const seen = (cue: { id: string }) => reel.lit(cellOf(cue)).filter(([from]) => from < 120)

test('the recording has every frame of the play', async () => {
  expect(await decodeErrors(reel.file)).toBe('')
  expect(reel.lit(0)).toEqual([[0, 150]])
  for (const frame of [1, 50, 149]) expect(Math.abs(reel.timeOf(frame) - frame * FRAME)).toBeLessThanOrEqual(1.1)
})

describe('on the very frame', () => {
  test.each(CASES)('$what', ({ cue, on, course }) => {
    expect(seen(cue)).toEqual(on ? [on] : [])
    if (!course || !on) return
    for (let frame = on[0]; frame < on[1]; frame++)
      expect(Math.abs(reel.light(cellOf(cue), frame) - course(frame)), `frame ${frame}`).toBeLessThanOrEqual(0.03)
  })

  test('rounds of a loop', () => {
    const rounds = reel.lit(24).filter(([from]) => from < 140)
    expect(rounds).toEqual([0, 1, 2, 3, 4, 5, 6].map(n => [20 * n + 5, 20 * n + 10]))
  })

  test('words that change: at their moment, in one frame', () => {
    const light = (frame: number) => reel.light(20, frame)
    const [few, many] = [light(30), light(75)]
    expect(many - few).toBeGreaterThan(0.05)
    const changes = Array.from({ length: 149 }, (_, n) => n + 1).filter(n => Math.abs(light(n) - light(n - 1)) > 0.02)
    expect(changes).toEqual([60, 90])
  })

  test('a play that takes the place of another one, and its end', () => {
    expect(reel.lit(25)).toEqual([[0, 100]])
    expect(reel.lit(26)).toEqual([[105, 130]])
  })

  test('at 59.94 frames a second', () => {
    const own = aired().find(({ overlay, cue }) => overlay === 'quick' && cue === 'c0-t+0f')
    const lag = Number(own?.firstAt) - startedAt
    expect(lag).toBeGreaterThanOrEqual(0)
    expect(lag).toBeLessThan(SHORT)
    expect(quick.lit(0)).toEqual([[0, 150]])
    expect(quick.lit(1)).toEqual([[61, 68]])
    expect(quick.lit(2)).toEqual([[due(1_000, SHORT, lag), due(1_500, SHORT, lag)]])
    expect(quick.lit(3).at(-1)?.[1]).toBe(120)
    for (let frame = 90; frame < 100; frame++)
      expect(Math.abs(quick.light(3, frame) - (frame + lag / SHORT - 90) / 10)).toBeLessThan(0.03)
  })
})

test('colours are BT.709 in limited range, within 2', async () => {
  const [picture] = await pictures(reel.file, reel.first + 135)
  const off = COLOURS.map((color, n) => {
    const found = picture?.at(...cells.middle(FIRST_PATCH + n)) ?? []
    return [
      color,
      Math.max(...bt709(color).map((value, part) => Math.abs(value - (found[part] ?? Number.NaN)))),
    ] as const
  })
  expect(off.filter(([, by]) => !(by <= 2))).toEqual([])
})

test('what is told as proof is what the frames show: of each cue the first, the last, and how many', () => {
  const told = aired().filter(({ overlay, ended }) => overlay === 'all' && ended)
  /** To a thousandth: nothing is told of a moment that was no frame. */
  const frameOf = (wall = Number.NaN) => Math.round((1_000 * (wall - startedAt)) / FRAME) / 1_000
  const frames = CASES.flatMap(({ cue, on }) => {
    const [stretch] = seen(cue)
    return on && stretch ? [[cue.id, stretch[0], stretch[1] - 1, stretch[1] - stretch[0]]] : []
  })
  const proof = frames.map(([id]) => {
    const all = told.filter(({ cue }) => cue === id)
    const [from, to] = [all[0]?.firstAt, all.at(-1)?.lastAt]
    return [id, frameOf(from), frameOf(to), all.reduce((sum, { frames }) => sum + frames, 0)]
  })
  expect(proof).toEqual(frames)
  const hashes = told.filter(({ cue }) => cue === 'c18-t+50f').map(({ asset, sha256 }) => [asset, sha256])
  const [one, other] = ['white', 'grey'].map(id => [id, assets.find(asset => asset.id === id)?.sha256])
  expect(hashes).toEqual([one, other, one])
})

test('with it goes a picture of what viewers saw at its first frame', async () => {
  const whites = aired().filter(
    ({ overlay, cue, asset }) => overlay === 'all' && cue === 'c18-t+50f' && asset === 'white',
  )
  const { picture = '' } = whites.find(({ ended }) => ended) ?? {}
  const jpeg = readFileSync(join(evidence.path, `${picture}.jpg`))
  expect(createHash('sha256').update(jpeg).digest('hex')).toBe(picture)
  const image = await loadImage(jpeg)
  expect([image.width, image.height, jpeg.length < 30_000]).toEqual([480, 270, true])
  const canvas = createCanvas(640, 360)
  canvas.getContext('2d').drawImage(image, 0, 0, 640, 360)
  const frame = Math.round((Number(whites[0]?.firstAt) - startedAt) / FRAME)
  const unlike = Array.from({ length: 32 }, (_, cell) => {
    const { x, y } = cells.corner(cell)
    const { data } = canvas.getContext('2d').getImageData(x, y, 80, 90)
    const light = data.reduce((sum, level, i) => sum + (i % 4 === 0 ? level : 0), 0) / (80 * 90 * 255)
    return Math.abs(light - reel.light(cell, frame))
  })
  expect(unlike.filter(by => by > 0.05)).toEqual([])
})

test('what `vistter-ocl render` draws is what was on air at those moments, but for the codec', async () => {
  const [from, count] = [50, 12]
  const out = stage.path('rendered.yuv')
  const file = stage.path('overlay.json')
  const order = orderOf([
    file,
    '--from',
    `${from * FRAME + HAIR}`,
    '--to',
    `${(from + count) * FRAME + HAIR}`,
    '--out',
    out,
  ])
  const checked = validateOcl(whole())
  if (!order || !checked.ok) throw new Error('is not understood')
  expect(await render(checked.document, order)).toMatchObject({ frames: count })
  const select = `select=between(n\\,${reel.first + from}\\,${reel.first + from + count - 1})`
  const decoded = await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-i', reel.file, '-map', '0:v:0', '-vf', select, '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
  ])
  const drawn = readFileSync(out)
  expect(decoded.length).toBe(drawn.length)
  // Of other overlays.
  const others = new Set([20, 25, 26])
  const size = (640 * 360 * 3) / 2
  const isOther = (i: number) => {
    const [x, y] = [(i % size) % 640, Math.floor((i % size) / 640)]
    return y < 360 && others.has(Math.floor(y / 90) * 8 + Math.floor(x / 80))
  }
  let most = 0
  for (let i = 0; i < drawn.length; i++)
    if (!isOther(i)) most = Math.max(most, Math.abs((drawn[i] ?? 0) - (decoded[i] ?? 0)))
  expect(most).toBeLessThanOrEqual(8)
})
