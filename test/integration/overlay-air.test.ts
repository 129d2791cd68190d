import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DataValue, Event, OverlaySummary } from '../../runtime/contract/generated/openapi.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { pictureSlider } from '../browser/picture-slider.ts'
import { bt709, Reel } from '../peers/cells.ts'
import { frameHashes, pictures } from '../peers/media.ts'
import { OverlayStage, square } from '../peers/overlay-stage.ts'
import { cue, documentOf, misbehave, ON, poster, type Story, scene, story, white } from '../peers/overlay-story.ts'
import { until } from '../peers/run.ts'

/**
 * Overlays on the whole appliance, as a viewer sees them: files from a server that misbehaves, flows that hang, and a
 * control that is killed in the middle. Each element has a cell of the picture; the recording is decoded.
 */
const FRAME = 1_000 / 30
const stage = new OverlayStage()

const [WHITE, GREY] = [1, 0.5]

const told = {} as Story
let reel: Reel

const frameNow = () => Math.floor((Date.now() - told.startedAt) / FRAME)
/** Of a frame that falls on a whole ms. */
const momentOf = (frame: number) => new Date(told.startedAt + (frame / 3) * 100).toISOString()
const soon = (frames: number) => 3 * Math.ceil((frameNow() + frames) / 3)
const passed = (frame: number) => until(`frame ${frame}`, () => frameNow() >= frame, { everyMs: 10 })
const play = (id: string, body: object = {}) => stage.api.post<OverlaySummary>(`/overlays/${id}/play`, body)

beforeAll(async () => {
  await stage.begin()
  misbehave(stage)
  const blink = { ...cue(ON.beat, 'beat', white), duration: '5f' }
  await stage.api.put('/overlays/beat', documentOf('beat', [scene('s', [blink])], { duration: '20f', loop: true }))
  const names = ['one', 'two', 'three'] as const
  const parts = names.map((id, n) => scene(id, [cue(ON[id], id, white)], n * 3_600_000))
  await stage.api.put('/overlays/scenes', documentOf('scenes', parts))
  await stage.api.put('/overlays/story', story(stage))
  await stage.api.put('/overlays/poster', poster(stage, '#ffffff'))
  const settled = async () => {
    const { assets } = await stage.overlay('story')
    const waits = assets.some(({ id, status }) => status === 'fetching' || (id === 'whole' && status !== 'ready'))
    return !waits && assets
  }
  told.assets = await until('every file is here or has failed', settled)
  told.ranges = stage.assets.requests.filter(({ path }) => path === '/whole.png').map(({ range }) => range)

  const recording = await stage.record()
  const preview = await stage.preview()
  told.frames = [(await stage.program()).frames]
  told.startedAt = Date.now() + 1_000
  const at = new Date(told.startedAt).toISOString()
  await Promise.all([
    play('story', { at }),
    play('beat', { at }),
    play('scenes', { at, scene: 'one' }),
    play('poster', { at }),
  ])
  await passed(15)
  told.pushed = await stage.api.put<DataValue>('/data/word', { value: 'HHH' })
  const before = frameNow()
  await stage.api.put('/overlays/poster', poster(stage, '#808080'))
  told.swapped = [before, frameNow()]
  await stage.press('ask')
  await until('the flow waits for an answer', () => stage.hanging.length > 0)
  await stage.press('weather-show')
  await until('the weather plays', async () => (await stage.overlay('weather')).playing)

  // It comes while control is dead.
  told.turn = soon(15)
  await play('scenes', { scene: 'two', at: momentOf(told.turn) })
  const began = systemClock.mono()
  const old = stage.appliance.kill('control')
  await stage.appliance.reborn('control', old)
  await until('it obeys', () => stage.overlay('story'))
  told.killedFor = systemClock.mono() - began

  told.expires = Date.now() + 1_500
  await stage.api.put('/overlays/story', story(stage, told.expires))
  expect(frameNow()).toBeGreaterThan(told.turn)
  expect((await stage.overlay('scenes')).playing?.scene).toBe('two')
  await until('the flow is back', () => stage.press('scene-three').then(() => true))
  await until('scene three', async () => (await stage.overlay('scenes')).playing?.scene === 'three')
  await stage.press('say')
  // A heartbeat that finds it in step, and one that does not.
  const beat = (off: number) => {
    const now = Date.now()
    return play('beat', { at: new Date(now).toISOString(), position: now - told.startedAt + off })
  }
  expect(Date.parse((await beat(20)).playing?.startedAt ?? '')).toBe(told.startedAt)
  told.resynced = frameNow()
  expect(Date.parse((await beat(10 * FRAME)).playing?.startedAt ?? '')).toBeCloseTo(told.startedAt - 10 * FRAME, -1)
  await until('the right has ended', () => Date.now() > told.expires + 500)
  told.shownAt = frameNow()
  const query = `at=${Math.round(told.shownAt * FRAME)}&width=640&ground=black`
  const answer = await stage.api.open('GET', `/api/v1/overlays/story/picture?${query}`)
  told.shown = Buffer.concat(await answer.toArray())
  told.ends = soon(15)
  await stage.api.post('/overlays/scenes/stop', { at: momentOf(told.ends) })
  await stage.press('weather-hide')
  await until('it has stopped', async () => !(await stage.overlay('weather')).playing)
  await passed(told.ends + 10)
  expect(await stage.overlay('scenes')).toMatchObject({ playing: null })
  told.frames.push((await stage.program()).frames)
  told.events = await stage.api.get<Event[]>('/events?limit=200')
  told.proof = await stage.proof('beat')
  told.file = await stage.recorded(recording)
  await preview.end()
  told.preview = preview.file
  reel = await Reel.of(told.file)
}, 120_000)
afterAll(() => stage.end())

const lit = (cell: number, frame: number) => reel.light(cell, frame)
/** Frames at which a cell changes by more than `by`. */
const changes = (cell: number, by = 0.1): number[] =>
  Array.from({ length: reel.length - 1 }, (_, n) => n + 1).filter(n => Math.abs(lit(cell, n) - lit(cell, n - 1)) > by)

test('no frame was lost: not by a file that hangs, not by a flow that does, not by a control that was killed', () => {
  expect(told.killedFor).toBeLessThan(5_000)
  const [before, after] = told.frames
  expect([after.dropped, after.repeated]).toEqual([before.dropped, before.repeated])
  for (let n = 1; n < reel.length; n++) expect(Math.abs(reel.timeOf(n) - n * FRAME), `frame ${n}`).toBeLessThan(2)
})

describe('files', () => {
  test('come by https, go on after a cut, and those that must not or cannot come say why', () => {
    const of = Object.fromEntries(told.assets.map(asset => [asset.id, asset]))
    expect(of).toMatchObject({
      plain: { status: 'ready' },
      whole: { status: 'ready' },
      ends: { status: 'ready' },
      wrong: { status: 'failed', error: { code: 'ASSET_CHECKSUM' } },
      closed: { status: 'failed', error: { code: 'ASSET_ADDRESS' } },
      led: { status: 'failed', error: { code: 'ASSET_ADDRESS' } },
    })
    expect(told.ranges).toEqual([undefined, 'bytes=20000-'])
    const asked = new Set(stage.assets.requests.map(({ path }) => path))
    expect([asked.has('/led.png'), asked.has('/inside.png'), asked.has('/closed.png')]).toEqual([true, false, false])
  })

  test('are on air from the first frame, their fallbacks where they are not', () => {
    for (const frame of [0, 10, 60]) {
      expect(lit(ON.whole, frame)).toBeGreaterThan(0.6)
      for (const cell of [ON.wrong, ON.closed, ON.led]) expect(Math.abs(lit(cell, frame) - GREY)).toBeLessThan(0.02)
    }
  })

  test('whose right ends leave the air before that moment, for their fallback, and it is told', () => {
    const end = Math.floor((told.expires - told.startedAt) / FRAME)
    const [at, ...more] = changes(ON.ends)
    expect(more).toEqual([])
    expect(at).toBeGreaterThan(end - 18)
    expect(at).toBeLessThanOrEqual(end)
    expect(Math.abs(lit(ON.ends, at - 1) - WHITE)).toBeLessThan(0.02)
    expect(Math.abs(lit(ON.ends, at) - GREY)).toBeLessThan(0.02)
    const [event] = told.events.filter(({ type }) => type === 'asset.expired')
    expect(event?.data).toMatchObject({ overlay: 'story', asset: 'ends', code: 'ASSET_EXPIRED' })
  })
})

test('a cache that is full says so with a way out, keeps what is on air, and a larger one is used at once', async () => {
  await stage.api.patch('/settings', { assets: { quotaGb: 0.001 } })
  const large = stage.asset('large', square(undefined, 700))
  await stage.api.put('/overlays/large', { ...documentOf('large', [scene('s', [])]), assets: [large] })
  const state = async () => (await stage.overlay('large')).assets[0]
  const { error } = await until('it has failed', async () => {
    const now = await state()
    return now.status === 'failed' && now
  })
  expect(error).toMatchObject({ code: 'ASSET_CACHE_FULL', hint: expect.stringMatching(/\w+ \w+/) })
  expect((await stage.overlay('story')).assets).toMatchObject([
    { status: 'ready' },
    { status: 'ready' },
    {},
    {},
    {},
    {},
  ])
  await stage.api.patch('/settings', { assets: { quotaGb: 1 } })
  await until('it is here', async () => (await state()).status === 'ready')
})

test('a play goes on over the death of control, in step to the frame, and leaves its step only when it is told', () => {
  const [jump, ...others] = Array.from({ length: reel.length }, (_, n) => n).filter(n => {
    const on = lit(ON.beat, n) > 0.5
    return n < reel.length && on !== n % 20 < 5
  })
  expect(jump).toBeGreaterThanOrEqual(told.resynced)
  expect(jump).toBeLessThanOrEqual(told.resynced + 25)
  expect(others.length).toBeGreaterThan(0)
  for (let n = jump; n < reel.length - 1; n++) expect(lit(ON.beat, n) > 0.5, `frame ${n}`).toBe((n + 10) % 20 < 5)
})

test('proof of every round is kept, also of those during which control was dead', () => {
  const zero = told.proof[0]?.firstAt ?? Number.NaN
  const kept = told.proof.map(({ firstAt, frames }) => {
    const from = Math.round((firstAt - zero) / FRAME)
    return [from, from + frames]
  })
  const last = kept.at(-1)?.[1] ?? 0
  expect(last).toBeGreaterThan(told.resynced)
  expect(kept).toEqual(reel.lit(ON.beat, 0.3).filter(([, to]) => to <= last))
})

test('another version of a file is on air in the place of the one before it, between two frames, once it is here', () => {
  const [asked, answered] = told.swapped
  const [at, ...more] = changes(ON.poster, 0.02)
  expect(more).toEqual([])
  expect(at).toBeGreaterThanOrEqual(asked)
  // The answer comes when it is on its way to the mixer.
  expect(at).toBeLessThanOrEqual(answered + 2)
  expect(Math.abs(lit(ON.poster, at - 1) - WHITE)).toBeLessThan(0.02)
  expect(Math.abs(lit(ON.poster, at) - GREY)).toBeLessThan(0.02)
})

test('words are on air two frames after they were pushed, at the latest', () => {
  const due = (Date.parse(told.pushed.time) - told.startedAt) / FRAME
  const [first = Number.NaN] = changes(ON.word, 0.01)
  expect(first).toBeGreaterThanOrEqual(Math.floor(due))
  expect(first).toBeLessThanOrEqual(due + 2)
})

test('a scene comes in the frame it was asked for, though control is dead, after the one before it; and so does the end', () => {
  const [[from, to]] = reel.lit(ON.one, 0.3)
  expect([from, to]).toEqual([0, told.turn])
  const [[begin, end], ...again] = reel.lit(ON.two, 0.3)
  expect([begin, again]).toEqual([told.turn, []])
  const [third] = reel.lit(ON.three, 0.3)
  expect(third[0] - end).toBeLessThan(10)
  expect(third[1]).toBe(told.ends)
})

test('the overlay node plays a scene, says words, and stops', async () => {
  expect(reel.lit(ON.three, 0.3)).toHaveLength(1)
  expect(changes(ON.word, 0.01).length).toBeGreaterThan(1)
  const [picture] = await pictures(told.file, reel.first + reel.length - 2)
  expect(picture?.at(32 + 290, 360 - 18 - 23)[0]).toBe(16)
})

test('the example of the weather is on air as it says: its plate, and its words', async () => {
  const [picture] = await pictures(told.file, reel.first + told.shownAt)
  const [x, y] = [32 + 290, 360 - 18 - 23]
  // #10243c, d0 of ff, on black.
  const share = 0xd0 / 0xff
  const plate = bt709('#10243c')
  const black = bt709('#000000')
  for (const [n, value] of (picture?.at(x, y) ?? []).entries())
    expect(Math.abs(value - (share * plate[n] + (1 - share) * black[n]))).toBeLessThanOrEqual(2)
  let bright = 0
  for (let row = 295; row < 342; row++)
    for (let column = 36; column < 320; column++) bright += Number((picture?.at(column, row)[0] ?? 0) > 150)
  expect(bright).toBeGreaterThan(300)
})

test('the preview is the program: the same pictures, bit for bit', async () => {
  const [seen, recorded] = await Promise.all([frameHashes(told.preview), frameHashes(told.file)])
  const changing = new Set(seen)
  expect(changing.size).toBeGreaterThan(3)
  const at = recorded.indexOf(seen[0])
  const both = seen.slice(0, recorded.length - at)
  expect(both.length).toBeGreaterThan(30)
  expect(recorded.slice(at, at + both.length)).toEqual(both)
})

test('the picture of an overlay is what was on air at that time, but for the codec', async () => {
  const image = await loadImage(told.shown)
  const canvas = createCanvas(image.width, image.height)
  canvas.getContext('2d').drawImage(image, 0, 0)
  const [aired] = await pictures(told.file, reel.first + told.shownAt, 1, 'rgb24')
  // Of noise a codec keeps little.
  const [left, width, height] = [ON.wrong * 80, 5 * 80, 90]
  const { data } = canvas.getContext('2d').getImageData(left, 0, width, height)
  let sum = 0
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = aired?.at(left + (i % width), Math.floor(i / width)) ?? []
    sum +=
      Math.abs(data[4 * i] - Number(r)) + Math.abs(data[4 * i + 1] - Number(g)) + Math.abs(data[4 * i + 2] - Number(b))
  }
  expect(sum / (3 * width * height)).toBeLessThan(1)
})

test("the node's form shows the overlay at the time that its slider chooses", () =>
  pictureSlider(stage.appliance.url, stage.api.session))
