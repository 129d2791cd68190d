import { beforeEach, describe, expect, it } from 'vitest'
import type { Transition } from '../../runtime/contract/generated/engine.v1.ts'
import { Ring } from '../../runtime/engine/memory/ring.ts'
import type { Desk } from '../../runtime/engine/mixer/desk.ts'
import { bytes, DeskStage } from './desk-stage.ts'

let stage: DeskStage
let desk: Desk
beforeEach(() => {
  stage = new DeskStage()
  desk = stage.desk
})

const source = (id: string, luma: number, level: number) => stage.source(id, luma, level)
const list = () => stage.list()
const tick = (frames?: number) => stage.tick(frames)
const pixel = (x?: number, y?: number) => stage.pixel(x, y)
const sound = () => stage.sound()
const take = (id: string, to: string, transition?: Transition) =>
  stage.take({ id, source: to, ...(transition && { transition }) })

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
        stage.rings.clear()
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
    const before = stage.out.audioHead
    take('2', 'b')
    tick()
    expect(pixel()).toBe(200)
    expect(stage.out.samples[2 * (before + 1_000)]).toBe(-4_000)
    expect(stage.out.samples[2 * before]).toBe(8_000)
  })

  it('keeps the last picture of a source that gets a new ring until that one has a picture, without falling back', () => {
    source('a', 40, 0)
    list()
    take('1', 'a')
    tick(3)
    source('a', 90, 0)
    const fresh = stage.rings.get('a')
    list()
    stage.rings.clear()
    tick(10)
    expect([pixel(), desk.chooser.onAir, desk.chooser.fallback]).toEqual([40, 'a', false])
    if (fresh) stage.rings.set('a', fresh)
    tick()
    expect(pixel()).toBe(90)
  })

  it('repeats the last picture for a missed tick, its sound goes on, and a dropped one leaves time and sound in step', () => {
    source('a', 40, 8_000)
    list()
    take('1', 'a')
    tick(3)
    const before = stage.out.audioHead
    desk.repeat(stage.n, stage.due(), () => stage.due())
    stage.n++
    expect(pixel()).toBe(40)
    for (let at = before; at < stage.out.audioHead; at++) expect(stage.out.samples[2 * at]).toBe(8_000)
    desk.drop(stage.n, stage.n + 500)
    stage.n += 500
    tick()
    expect(stage.out.ptsOf(stage.out.head - 1)).toBe(504 * 40_000)
    expect(stage.out.audioStart + (stage.out.audioHead * 1e6) / 48_000).toBe(505 * 40_000)
    expect(desk.counts).toEqual({ produced: 5, dropped: 500, repeated: 1 })
  })

  it('composes again from the newest frame when the one it read was overwritten meanwhile', () => {
    source('a', 40, 0)
    list()
    take('1', 'a')
    tick(3)
    const ring = stage.rings.get('a')
    if (!ring) throw new Error('no ring')
    const intact = Ring.prototype.intact
    let asked = 0
    Ring.prototype.intact = function (this: Ring, frame: number) {
      if (this.layout.header !== ring.layout.header || ++asked < 3) return intact.call(this, frame)
      if (asked === 3) for (let more = 0; more < 12; more++) ring.publish(stage.due() * 1_000, stage.due())
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
    expect([pixel(), desk.report(stage.n, 0).take]).toEqual([200, '2'])
    desk.setOverride(undefined)
    tick()
    expect([pixel(), desk.report(stage.n, 0).override]).toEqual([90, undefined])
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
    const wall = 1e12 + stage.n * 40
    desk.takes.add({ id: 'x', source: 'a', why: 'test', askedAt: wall - 25 }, stage.n)
    tick()
    expect(desk.report(stage.n, 0).taken).toEqual({ take: 'x', latencyMs: 25 })
    desk.takes.add(
      { id: 'y', source: 'a', why: 'test', askedAt: wall, at: 1e12 + (stage.n + 2) * 40 - 10 },
      stage.n + 2,
    )
    tick(4)
    expect(desk.report(stage.n, 0).taken).toEqual({ take: 'y', latencyMs: 10 })
  })

  it('a gain that changes, and a source that is muted, take 20 ms: longer than a frame, and no step is heard', () => {
    source('a', 50, 16_384)
    const [ring] = stage.rings.values()
    const listed = (gain: number, audio = true) =>
      desk.setSources([{ id: 'a', ring: ring.layout, still: false, audio, gain }])
    listed(1)
    take('1', 'a')
    tick(20)
    const from = stage.out.audioHead
    listed(0.5)
    tick(2)
    listed(2, false)
    tick(2)
    listed(1)
    tick(2)
    const heard = Array.from({ length: stage.out.audioHead - from }, (_, pair) => stage.out.samples[2 * (from + pair)])
    const steps = heard.slice(1).map((value, at) => Math.abs(value - heard[at]))
    expect(Math.max(...steps)).toBeLessThanOrEqual(Math.ceil(16_384 / 960))
    expect([heard[960], heard[2 * 1_920 + 960], heard[4 * 1_920 + 960]]).toEqual([8_192, 0, 16_384])
  })

  it('a gain makes a source quieter, and the level of what goes out is told', () => {
    source('a', 50, 16_384)
    const [ring] = stage.rings.values()
    const listed = (gain: number) => desk.setSources([{ id: 'a', ring: ring.layout, still: false, audio: true, gain }])
    listed(1)
    take('1', 'a')
    tick(20)
    expect(sound()).toBe(16_384)
    listed(0.5)
    tick(2)
    expect(sound()).toBe(8_192)
    desk.report(stage.n, 0)
    tick()
    expect(desk.report(stage.n, 0).sound.peak).toBe(-12)
  })
})
