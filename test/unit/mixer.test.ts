import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { frameBytes, releaseRing } from '../../runtime/engine/memory/ring.ts'
import type { PreparedOverlay } from '../../runtime/engine/memory/sprite.ts'
import { Mixer, type MixerReport } from '../../runtime/engine/mixer/mixer.ts'
import { monotonicMs } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { spritesOf } from '../../runtime/ocl/index.ts'
import { arena, Grey, height, type Seen, until, Watcher, whiteSprite, width } from './mixer-peers.ts'

const picture = { width, height, frameRate: { num: 30, den: 1 } }
const log = createLog('test', 'silent')

let mixer: Mixer
let watcher: Watcher
const reports: MixerReport[] = []
const sources: Grey[] = []
const onAir = () => reports.at(-1)?.onAir
const listed = (list: Record<string, Grey>, still: string[] = []) =>
  Object.entries(list).map(([id, { layout }]) => ({ id, ring: layout, still: still.includes(id), audio: true }))
const grey = (luma: number, level = 0) => {
  const made = new Grey(luma, level)
  sources.push(made)
  return made
}
let takes = 0
const take = (source: string, more: Partial<Parameters<Mixer['take']>[0]> = {}) =>
  mixer.take({ id: `take ${++takes}`, source, why: 'test', ...more })

const memoryBefore = arena.bytesInUse
beforeAll(async () => {
  mixer = new Mixer({ id: 'main', picture, slateAfterMs: 600 }, { arena, log, report: report => reports.push(report) })
  await mixer.start()
  await mixer.addBuses([
    { id: 'clean', overlays: [] },
    { id: 'air', overlays: 'all' },
  ])
  watcher = new Watcher(mixer.ringOf('air'))
})
afterEach(async () => {
  for (const source of sources) source.stop()
  await mixer.setSources([])
  for (const { layout } of sources.splice(0)) releaseRing(arena, layout)
})
afterAll(async () => {
  watcher.stop()
  await mixer.stop()
  expect(arena.bytesInUse).toBe(memoryBefore)
})

/** When a frame was due. */
const monoOf = ({ pts }: Seen) => (mixer.anchor?.mono ?? 0) + pts / 1_000
const wallOf = ({ pts }: Seen) => (mixer.anchor?.wall ?? 0) + pts / 1_000

describe('Mixer', () => {
  it('makes exactly one frame a tick for 2 s, black before any take, with exactly the sound of its frames', async () => {
    const from = watcher.frames.length
    await until('60 frames', () => watcher.frames.length >= from + 61)
    const frames = watcher.frames.slice(from, from + 61)
    // The reader here may miss some of them on a busy machine; the numbers of the published ones tell the truth.
    const [first, last] = [frames[0], frames[60]].map(({ pts }) => Math.round((pts * 30) / 1e6))
    expect(last - first).toBe(frames[60].n - frames[0].n)
    expect(last - first).toBeGreaterThanOrEqual(60)
    expect(new Set(frames.map(({ luma }) => luma))).toEqual(new Set([16]))
    const { ring } = watcher
    const head = ring.head
    const soundEnd = ring.audioStart + (ring.audioHead * 1e6) / 48_000
    const pictureEnd = ring.ptsOf(head - 1) + 1e6 / 30
    expect(Math.abs(soundEnd - pictureEnd)).toBeLessThan(2)
    expect(reports.at(-1)?.onAir).toBe('black')
  })

  it('cuts on exactly the frame that `at` names, and the same take acts once', async () => {
    await mixer.setSources(listed({ a: grey(80).start(), b: grey(160).start() }))
    take('a')
    await until('a on air', () => onAir() === 'a')
    const at = Date.now() + 300
    const from = watcher.frames.length
    const order = { id: 'exact', source: 'b', at, why: 'test' }
    mixer.take(order)
    mixer.take({ ...order, source: 'a', at: at + 100 })
    await until('b on air', () => watcher.frames.slice(from).some(({ luma }) => luma === 160))
    await pause(250)
    const frames = watcher.frames.slice(from)
    const first = frames.findIndex(({ luma }) => luma === 160)
    expect(wallOf(frames[first])).toBeGreaterThanOrEqual(at)
    expect(wallOf(frames[first - 1])).toBeLessThan(at)
    expect(frames.slice(0, first).every(({ luma }) => luma === 80)).toBe(true)
    expect(frames.slice(first).every(({ luma }) => luma === 160)).toBe(true)
    expect(reports.at(-1)).toMatchObject({ onAir: 'b', take: 'exact' })
  })

  it('counts by the clock that it was told last, and tells what is on air to its end by the one before', async () => {
    await mixer.setSources(listed({ a: grey(80).start(), b: grey(160).start() }))
    take('a')
    await until('a on air', () => onAir() === 'a')
    reports.length = 0
    const before = mixer.anchor?.wall ?? 0
    const hour = 3_600_000
    await mixer.countFrom(before - (mixer.anchor?.mono ?? 0) + hour)
    const pictures = () => reports.flatMap(report => report.pictures)
    await until('it is told', () => pictures().length > 1)
    const [ended, anew] = pictures()
    expect(ended).toMatchObject({ cue: 'a', ended: true })
    expect(anew).toMatchObject({ cue: 'a', ended: false })
    expect(Math.round((anew?.firstAt ?? 0) - (ended?.lastAt ?? 0) - hour)).toBe(33)
    const at = monotonicMs() - (mixer.anchor?.mono ?? 0) + (mixer.anchor?.wall ?? 0) + 200
    const from = watcher.frames.length
    take('b', { at })
    await until('b on air', () => watcher.frames.slice(from).some(({ luma }) => luma === 160))
    const frames = watcher.frames.slice(from)
    const first = frames.findIndex(({ luma }) => luma === 160)
    expect(wallOf(frames[first])).toBeGreaterThanOrEqual(at)
    expect(wallOf(frames[first - 1])).toBeLessThan(at)
    await mixer.countFrom(before - (mixer.anchor?.mono ?? 0))
  })

  it('fades evenly over exactly the frames of its duration, sound with it', async () => {
    await mixer.setSources(listed({ a: grey(40, 8_000).start(), b: grey(200, -8_000).start() }))
    take('a')
    await until('a on air', () => onAir() === 'a')
    await pause(200)
    const from = watcher.frames.length
    const soundFrom = watcher.ring.audioHead
    take('b', { transition: { type: 'fade', durationMs: 300 } })
    await until('b alone', () => watcher.frames.slice(from).some(({ luma }) => luma === 200))
    const mixed = watcher.frames.slice(from).filter(({ luma }) => luma > 40 && luma < 200)
    expect(mixed.map(({ luma }) => luma)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(k => 40 + k * 16))
    await pause(100)
    const { ring } = watcher
    let step = 0
    for (let n = soundFrom + 1; n < ring.audioHead; n++)
      step = Math.max(step, Math.abs(ring.samples[2 * (n % 192_000)] - ring.samples[2 * ((n - 1) % 192_000)]))
    expect(ring.samples[2 * ((ring.audioHead - 1) % 192_000)]).toBe(-8_000)
    expect(step).toBeLessThan(40)
  })

  it('shows the slate within the threshold and one frame of the last picture, and comes back by itself, not at once', async () => {
    const camera = grey(90)
    const slate = grey(120)
    slate.push()
    await mixer.setSources(listed({ camera: camera.start(), slate }, ['slate']))
    mixer.setFallback(['slate'])
    take('camera')
    await until('camera on air', () => onAir() === 'camera')
    await until('camera seen', () => watcher.frames.at(-1)?.luma === 90)
    camera.stop()
    const last = camera.push()
    const from = watcher.frames.length
    await until('slate', () => watcher.frames.slice(from).some(({ luma }) => luma === 120))
    const seen = watcher.frames.slice(from).find(({ luma }) => luma === 120)
    if (!seen) throw new Error('no slate')
    // By its own clock exactly; by the real one as late as this machine is busy with other things.
    expect(monoOf(seen) - last).toBeGreaterThanOrEqual(600)
    expect(monoOf(seen) - last).toBeLessThanOrEqual(600 + 1_000 / 30)
    expect(seen.arrival - monoOf(seen)).toBeLessThan(300)
    await until('report', () => reports.at(-1)?.fallback === true)
    camera.push()
    await pause(200)
    expect(onAir()).toBe('slate')
    const back = monotonicMs()
    camera.start()
    await until('camera again', () => onAir() === 'camera')
    expect(monotonicMs() - back).toBeGreaterThan(200)
    expect(reports.at(-1)?.fallback).toBe(false)
  })

  it('holds the last picture when its source is taken away, then black; the ring is not touched any more', async () => {
    const camera = grey(70).start()
    mixer.setFallback([])
    await mixer.setSources(listed({ camera }))
    take('camera')
    await until('camera on air', () => onAir() === 'camera')
    camera.stop()
    await mixer.setSources([])
    new Uint8Array(arena.memory.buffer).fill(
      222,
      camera.layout.video,
      camera.layout.video + frameBytes(width, height) * 12,
    )
    const from = watcher.frames.length
    await until('black', () => onAir() === 'black')
    expect(new Set(watcher.frames.slice(from).map(({ luma }) => luma)).has(222)).toBe(false)
  })

  it('blends overlays on their bus only, with the right opacity, from the frame of their start, and flattens them unseen', async () => {
    await mixer.setSources(listed({ a: grey(50).start() }))
    take('a')
    await until('a on air', () => onAir() === 'a')
    const rectangle = { type: 'rectangle', color: '#ffffff' } as const
    const cue = (id: string, opacity: number, layer: number) => ({
      id,
      start: 0,
      duration: 60_000,
      layer,
      unsafe: true,
      shape: rectangle,
      properties: {
        opacity,
        size: { width: 160, height: 90 },
        position: { anchor: 'top-left' as const, x: 0, y: 0 },
      },
    })
    const document: OclDocument = {
      ocl: '1.0',
      timeline: { id: 't', version: '1', frameRate: 30, resolution: { width, height } },
      assets: [],
      scenes: [
        {
          id: 's',
          start: 0,
          tracks: [{ id: 'k', kind: 'background', cues: [cue('c', 128 / 255, 0), cue('d', 0.25, 1)] }],
        },
      ],
    }
    const sprites = spritesOf(document, {}).map(({ key }) => whiteSprite(key))
    const startedAt = Date.now() + 200
    const overlay: PreparedOverlay = { id: 'o', document, startedAt, context: {}, sprites }
    const from = watcher.frames.length
    await mixer.setOverlays([overlay])
    const clean = new Watcher(mixer.ringOf('clean'))
    await until('overlay for a while', () => wallOf(watcher.frames[watcher.frames.length - 1]) > startedAt + 500)
    const once = 50 + ((235 - 50) * 128) / 255
    const twice = once + (235 - once) * 0.25
    for (const frame of watcher.frames.slice(from)) {
      expect(Math.abs(frame.corner - (wallOf(frame) >= startedAt ? twice : 50))).toBeLessThanOrEqual(2)
      expect(frame.luma).toBe(50)
    }
    clean.stop()
    expect(clean.frames.every(({ corner }) => corner === 50)).toBe(true)
    await until('report', () => reports.at(-1)?.overlays[0]?.layers === 2)
    expect(reports.at(-1)).toMatchObject({ late: [], faults: [] })
    await mixer.setOverlays([{ ...overlay, sprites: [] }])
    await until('lateness told', () => (reports.at(-1)?.late.length ?? 0) > 0)
    await mixer.setOverlays([])
    for (const { y, u, v, a, ac } of sprites) for (const address of [y, u, v, a, ac]) arena.release(address)
  })

  it('adds and removes a bus without touching the others', async () => {
    const from = watcher.frames.length
    await mixer.addBuses([{ id: 'third', overlays: [] }])
    const third = new Watcher(mixer.ringOf('third'))
    await until('frames on the new bus', () => third.frames.length > 5)
    const { ring } = third
    expect(
      Math.abs(ring.audioStart + (ring.audioHead * 1e6) / 48_000 - ring.ptsOf(ring.head - 1) - 1e6 / 30),
    ).toBeLessThan(2)
    third.stop()
    await mixer.keepBuses([{ id: 'air', overlays: 'all' }])
    const [first, last] = [watcher.frames[from], watcher.frames[watcher.frames.length - 1]]
    expect(Math.round(((last.pts - first.pts) * 30) / 1e6)).toBe(last.n - first.n)
    expect(() => mixer.ringOf('third')).toThrow('no bus third')
  })
})
