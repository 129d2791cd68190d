import { beforeEach, describe, expect, it } from 'vitest'
import { DeskStage } from './desk-stage.ts'

const FADE = { type: 'fade', durationMs: 280 } as const

let stage: DeskStage
beforeEach(() => {
  stage = new DeskStage()
  stage.source('a', 40, 8_000)
  stage.source('b', 200, -4_000)
  stage.source('slate', 120)
  stage.list()
  stage.take({ id: 'first', source: 'a' })
  stage.tick(20)
})

const shown = () => {
  const { onAir, still = false, wanted, fallback } = stage.desk.report(stage.n, 0)
  return { onAir, still, wanted, fallback }
}

/** The greys of so many frames. */
const greys = (frames: number) =>
  Array.from({ length: frames }, () => {
    stage.tick()
    return stage.pixel()
  })

describe('a still', () => {
  it('is the picture of the frame of its moment, and stays while the source moves and is heard', () => {
    stage.desk.takes.add({ id: 's', source: 'a', still: true, why: 'test' }, stage.n + 2)
    stage.turnsTo('a', 50)
    stage.tick()
    stage.turnsTo('a', 60)
    stage.tick()
    stage.turnsTo('a', 70)
    stage.tick()
    stage.turnsTo('a', 80)
    expect(greys(30)).toEqual(Array(30).fill(70))
    expect(stage.sound()).toBe(8_000)
    expect(shown()).toEqual({ onAir: 'a', still: true, wanted: 'a', fallback: false })
  })

  it('is faded out of to the living picture of the same source, frame by frame, without a word of its sound', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick(3)
    stage.turnsTo('a', 200)
    stage.take({ id: 'l', source: 'a', transition: FADE })
    expect(greys(9)).toEqual([60, 80, 100, 120, 140, 160, 180, 200, 200])
    expect(stage.sound()).toBe(8_000)
    expect(shown()).toEqual({ onAir: 'a', still: false, wanted: 'a', fallback: false })
    expect(stage.desk.report(stage.n, 0).take).toBe('l')
  })

  it('is cut to and faded to like any other picture when its source is not on air', () => {
    stage.take({ id: 's', source: 'b', still: true, transition: FADE })
    stage.tick()
    stage.turnsTo('b', 90)
    expect(greys(8).slice(-2)).toEqual([200, 200])
    expect(stage.sound()).toBe(-4_000)
    stage.take({ id: 't', source: 'a', still: true })
    expect(greys(2)).toEqual([40, 40])
  })

  it('lets a transition to its source go on', () => {
    stage.take({ id: 'l', source: 'b', transition: FADE })
    stage.tick(2)
    stage.take({ id: 's', source: 'b', still: true })
    stage.tick()
    stage.turnsTo('b', 100)
    expect(greys(6)).toEqual([120, 140, 160, 180, 200, 200])
    expect(shown()).toMatchObject({ onAir: 'b', still: true })
  })

  it('that is taken while the last one fades out begins from what is seen, and does not jump', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.turnsTo('a', 200)
    stage.take({ id: 'l', source: 'a', transition: FADE })
    stage.tick(3)
    expect(stage.pixel()).toBe(100)
    stage.take({ id: 's2', source: 'a', still: true })
    stage.tick()
    stage.turnsTo('a', 90)
    expect([stage.pixel(), ...greys(5)]).toEqual([120, 140, 160, 180, 200, 200])
    stage.take({ id: 'l2', source: 'a' })
    expect(greys(1)).toEqual([90])
  })

  it('fades to the still of another source', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.take({ id: 't', source: 'b', still: true, transition: FADE })
    stage.tick()
    for (const id of ['a', 'b']) stage.turnsTo(id, 0)
    expect([stage.pixel(), ...greys(7)]).toEqual([60, 80, 100, 120, 140, 160, 180, 200])
  })

  it('that is on air already stays the picture that it is', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.turnsTo('a', 90)
    stage.take({ id: 's2', source: 'a', still: true })
    expect(greys(3)).toEqual([40, 40, 40])
    expect(stage.desk.report(stage.n, 0).take).toBe('s2')
  })

  it('is of the present again when it was off the air in between', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.take({ id: 'l', source: 'b' })
    stage.tick(5)
    stage.turnsTo('a', 90)
    stage.take({ id: 's2', source: 'a', still: true })
    expect(greys(3)).toEqual([90, 90, 90])
  })

  it('outlives its source, whose ring is used for something else', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.turnsTo('a', 7)
    stage.rings.delete('a')
    stage.list()
    expect(greys(200)).toEqual(Array(200).fill(40))
    expect(shown()).toEqual({ onAir: 'a', still: true, wanted: 'a', fallback: false })
    stage.take({ id: 'l', source: 'a' })
    expect(new Set(greys(49))).toEqual(new Set([40]))
    stage.tick(2)
    expect([stage.pixel(), shown()]).toEqual([120, { onAir: 'slate', still: false, wanted: 'a', fallback: true }])
  })

  it('of a source that has no picture yet is taken from its first one, and nothing is black before', () => {
    stage.take({ id: 's', source: 'c', still: true })
    stage.tick(10)
    expect([stage.pixel(), shown()]).toEqual([40, { onAir: 'a', still: false, wanted: 'c', fallback: false }])
    stage.source('c', 77)
    stage.list()
    stage.tick()
    stage.turnsTo('c', 99)
    expect(greys(3)).toEqual([77, 77, 77])
    expect(shown()).toEqual({ onAir: 'c', still: true, wanted: 'c', fallback: false })
  })

  it('waits behind an override, and is there after it', () => {
    stage.take({ id: 's', source: 'a', still: true })
    stage.tick()
    stage.turnsTo('a', 90)
    stage.desk.setOverride('slate')
    expect(greys(2)).toEqual([120, 120])
    stage.desk.setOverride(undefined)
    expect(greys(2)).toEqual([40, 40])
    stage.desk.setOverride('hold')
    stage.tick()
    stage.take({ id: 'l', source: 'a' })
    expect(greys(2)).toEqual([40, 40])
    stage.desk.setOverride(undefined)
    expect(greys(1)).toEqual([90])
  })

  it('tells how long its take took', () => {
    const wall = 1e12 + stage.n * 40
    stage.take({ id: 's', source: 'a', still: true, askedAt: wall - 25 })
    stage.tick()
    expect(stage.desk.report(stage.n, 0).taken).toEqual({ take: 's', latencyMs: 25 })
  })
})
