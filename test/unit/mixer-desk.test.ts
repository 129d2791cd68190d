import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Transition } from '../../runtime/contract/generated/engine.v1.ts'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import { allocBus } from '../../runtime/engine/mixer/bus.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Desk } from '../../runtime/engine/mixer/desk.ts'

/** The desk without its thread: every frame is made by hand, so every frame can be looked at. */
const [width, height] = [64, 32]
const rate = { num: 25, den: 1 }
const bytes = frameBytes(width, height)
const kernel = loadKernel()

let arena: Arena
let desk: Desk
let out: Ring
let n: number
const rings = new Map<string, Ring>()

beforeEach(() => {
  arena = new Arena()
  const [black, held, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5].map(() => arena.alloc(bytes))
  const frames = { black, held, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
  const birth = { memory: arena.memory, picture: { width, height, frameRate: rate }, slateAfterMs: 2_000, frames }
  desk = new Desk(birth, kernelOn(kernel, arena.memory), new FrameTimes(rate))
  const bus = allocBus(arena, 'b', 'all', allocRing(arena, { width, height, slots: 8, audioFrames: 192_000 }))
  desk.setBuses([bus], 0)
  out = new Ring(arena.memory, bus.ring)
  n = 0
})
afterEach(() => rings.clear())

const due = (frame: number) => 100_000 + frame * 40

/** A source whose rings get one grey picture for each frame that is made. */
function source(id: string, luma: number, level: number): void {
  const ring = new Ring(arena.memory, allocRing(arena, { width, height, slots: 12, audioFrames: 192_000 }))
  ring.bytes.fill(luma, ring.layout.video, ring.layout.video + bytes * 12)
  ring.samples.fill(level)
  ring.audioStart = (due(n) - 1_000) * 1_000
  ring.publishAudio(48_000)
  rings.set(id, ring)
}

const list = () =>
  desk.setSources([...rings].map(([id, { layout }]) => ({ id, ring: layout, still: false, audio: true })))

function tick(frames = 1): void {
  for (; frames > 0; frames--, n++) {
    for (const ring of rings.values()) {
      ring.publish(due(n) * 1_000, due(n))
      ring.publishAudio(1_920)
    }
    desk.tick(n, due(n), 1e12 + n * 40, () => due(n))
  }
}

const pixel = (x = 0, y = 0) => out.bytes[out.addressOf(out.head - 1) + y * width + x]
const sound = () => out.samples[2 * ((out.audioHead - 1) % 192_000)]
const take = (id: string, to: string, transition?: Transition) =>
  desk.takes.add({ id, source: to, why: 'test', ...(transition && { transition }) }, n)

describe('Desk', () => {
  it.each([
    ['left', [40, 16], [20, 16]],
    ['right', [20, 16], [40, 16]],
    ['up', [32, 20], [32, 10]],
    ['down', [32, 10], [32, 20]],
    ['up-left', [60, 30], [4, 2]],
    ['up-right', [4, 30], [60, 2]],
    ['down-left', [60, 2], [4, 30]],
    ['down-right', [4, 2], [60, 30]],
  ] satisfies [Transition['direction'], [number, number], [number, number]][])(
    'wipe and slide to the %s: half way the new picture is behind the edge',
    (direction, fresh, old) => {
      for (const type of ['wipe', 'slide'] as const) {
        rings.clear()
        source('a', 50, 0)
        source('b', 200, 0)
        list()
        take(`${type} a`, 'a')
        tick(3)
        take(`${type} b`, 'b', { type, durationMs: 280, direction })
        tick(4)
        expect(pixel(...fresh)).toBe(200)
        expect(pixel(...old)).toBe(50)
        tick(3)
        expect(desk.chooser.onAir).toBe('b')
        tick()
        for (const spot of [fresh, old]) expect(pixel(...spot)).toBe(200)
      }
    },
  )

  it('goes on from the half-done picture when a transition interrupts another', () => {
    source('a', 40, 8_000)
    source('b', 200, -8_000)
    source('c', 100, 0)
    list()
    take('1', 'a')
    tick(3)
    expect([pixel(), sound()]).toEqual([40, 8_000])
    take('2', 'b', { type: 'fade', durationMs: 280 })
    tick(4)
    expect(pixel()).toBe(120)
    expect(Math.abs(sound())).toBeLessThan(10)
    take('3', 'c', { type: 'fade', durationMs: 120 })
    tick()
    expect(pixel()).toBe(115)
    tick(2)
    expect(pixel()).toBe(105)
    tick()
    expect([pixel(), sound()]).toEqual([100, 0])
  })

  it('cuts the picture at once and the sound within 20 ms', () => {
    source('a', 40, 8_000)
    source('b', 200, -4_000)
    list()
    take('1', 'a')
    tick(3)
    const before = out.audioHead
    take('2', 'b')
    tick()
    expect(pixel()).toBe(200)
    expect(out.samples[2 * (before + 1_000)]).toBe(-4_000)
    expect(out.samples[2 * before]).toBe(8_000)
  })

  it('keeps the last picture of a source that gets a new ring until that one has a picture, without falling back', () => {
    source('a', 40, 0)
    list()
    take('1', 'a')
    tick(3)
    source('a', 90, 0)
    const fresh = rings.get('a')
    list()
    rings.clear()
    tick(10)
    expect([pixel(), desk.chooser.onAir, desk.chooser.fallback]).toEqual([40, 'a', false])
    if (fresh) rings.set('a', fresh)
    tick()
    expect(pixel()).toBe(90)
  })

  it('repeats the last picture for a missed tick, its sound goes on, and a dropped one leaves time and sound in step', () => {
    source('a', 40, 8_000)
    list()
    take('1', 'a')
    tick(3)
    const before = out.audioHead
    desk.repeat(n, due(n), () => due(n))
    n++
    expect(pixel()).toBe(40)
    for (let at = before; at < out.audioHead; at++) expect(out.samples[2 * at]).toBe(8_000)
    desk.drop(n, n + 500)
    n += 500
    tick()
    expect(out.ptsOf(out.head - 1)).toBe(504 * 40_000)
    expect(out.audioStart + (out.audioHead * 1e6) / 48_000).toBe(505 * 40_000)
    expect(desk.counts).toEqual({ produced: 5, dropped: 500, repeated: 1 })
  })

  it('composes again from the newest frame when the one it read was overwritten meanwhile', () => {
    source('a', 40, 0)
    list()
    take('1', 'a')
    tick(3)
    const ring = rings.get('a')
    if (!ring) throw new Error('no ring')
    const intact = Ring.prototype.intact
    let asked = 0
    Ring.prototype.intact = function (this: Ring, frame: number) {
      if (this.layout.header !== ring.layout.header || ++asked < 3) return intact.call(this, frame)
      if (asked === 3) for (let more = 0; more < 12; more++) ring.publish(due(n) * 1_000, due(n))
      if (asked === 3) ring.bytes.fill(77, ring.layout.video, ring.layout.video + bytes * 12)
      return intact.call(this, frame)
    }
    try {
      tick()
    } finally {
      Ring.prototype.intact = intact
    }
    expect(asked).toBeGreaterThanOrEqual(3)
    expect(pixel()).toBe(77)
  })

  it('an override outranks takes, and what was taken meanwhile is shown at its end', () => {
    source('a', 50, 1_000)
    source('b', 90, 2_000)
    source('slate', 200, 0)
    list()
    take('1', 'a')
    tick(20)
    desk.setOverride('slate')
    tick()
    expect([pixel(), desk.chooser.onAir, desk.chooser.fallback]).toEqual([200, 'slate', false])
    take('2', 'b')
    tick(5)
    expect([pixel(), desk.report(n, 0).take]).toEqual([200, '2'])
    desk.setOverride(undefined)
    tick()
    expect([pixel(), desk.report(n, 0).override]).toEqual([90, undefined])
  })

  it('a hold keeps the picture in silence, whatever the sources do, and lets go at once', () => {
    source('a', 50, 1_000)
    source('b', 90, 2_000)
    list()
    take('1', 'a')
    tick(20)
    desk.setOverride('hold')
    tick(2)
    expect([pixel(), sound()]).toEqual([50, 0])
    take('2', 'b')
    tick(5)
    expect([pixel(), sound()]).toEqual([50, 0])
    desk.setOverride(undefined)
    tick(2)
    expect([pixel(), sound()]).toEqual([90, 2_000])
  })

  it('tells how long a take took, from the asking or from its moment', () => {
    source('a', 50, 0)
    list()
    tick(5)
    const wall = 1e12 + n * 40
    desk.takes.add({ id: 'x', source: 'a', why: 'test', askedAt: wall - 25 }, n)
    tick()
    expect(desk.report(n, 0).taken).toEqual({ take: 'x', latencyMs: 25 })
    desk.takes.add({ id: 'y', source: 'a', why: 'test', askedAt: wall, at: 1e12 + (n + 2) * 40 - 10 }, n + 2)
    tick(4)
    expect(desk.report(n, 0).taken).toEqual({ take: 'y', latencyMs: 10 })
  })

  it('a gain that changes, and a source that is muted, take 20 ms: longer than a frame, and no step is heard', () => {
    source('a', 50, 16_384)
    const [ring] = rings.values()
    const listed = (gain: number, audio = true) =>
      desk.setSources([{ id: 'a', ring: ring.layout, still: false, audio, gain }])
    listed(1)
    take('1', 'a')
    tick(20)
    const from = out.audioHead
    listed(0.5)
    tick(2)
    listed(2, false)
    tick(2)
    listed(1)
    tick(2)
    const heard = Array.from({ length: out.audioHead - from }, (_, pair) => out.samples[2 * (from + pair)])
    const steps = heard.slice(1).map((value, at) => Math.abs(value - heard[at]))
    expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil(16_384 / 960))
    expect([heard[960], heard[2 * 1_920 + 960], heard[4 * 1_920 + 960]]).toEqual([8_192, 0, 16_384])
  })

  it('a gain makes a source quieter, and the level of what goes out is told', () => {
    source('a', 50, 16_384)
    const [ring] = rings.values()
    const listed = (gain: number) => desk.setSources([{ id: 'a', ring: ring.layout, still: false, audio: true, gain }])
    listed(1)
    take('1', 'a')
    tick(20)
    expect(sound()).toBe(16_384)
    listed(0.5)
    tick(2)
    expect(sound()).toBe(8_192)
    desk.report(n, 0)
    tick()
    expect(desk.report(n, 0).sound.peak).toBe(-12)
  })
})
