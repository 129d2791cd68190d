import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transition } from '../../runtime/contract/generated/engine.v1.ts'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import { allocBus } from '../../runtime/engine/mixer/bus.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Desk } from '../../runtime/engine/mixer/desk.ts'

/**
 * Every pixel of every frame of every transition, all three planes, against a second way to draw it: pixel by pixel, by
 * where its centre lies. Two noisy stills, so no pixel of one can be taken for one of the other.
 */
const [width, height] = [64, 36]
const rate = { num: 25, den: 1 }
const FRAMES = 8
const area = width * height
const WAYS = ['left', 'right', 'up', 'down', 'up-left', 'up-right', 'down-left', 'down-right'] as const
type Way = (typeof WAYS)[number]

const arena = new Arena()
const stills: Ring[] = []
let desk: Desk
let out: Ring
let n = 0

/** Even values in one, odd ones in the other, never near black. */
function still(odd: number): Ring {
  const ring = new Ring(arena.memory, allocRing(arena, { width, height, slots: 2, audioFrames: 96_000 }))
  for (let k = 0; k < frameBytes(width, height); k++)
    ring.bytes[ring.writeAddress + k] = 64 + 2 * ((k * 7919 + (k >> 5) * 31) % 80) + odd
  ring.publish(0, 0)
  return ring
}

beforeAll(() => {
  const bytes = frameBytes(width, height)
  const [black, held, kept, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5, 6].map(() => arena.alloc(bytes))
  const frames = { black, held, still: kept, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
  const birth = { memory: arena.memory, picture: { width, height, frameRate: rate }, slateAfterMs: 2_000, frames }
  desk = new Desk(birth, kernelOn(loadKernel(), arena.memory), new FrameTimes(rate))
  const bus = allocBus(arena, 'b', 'all', allocRing(arena, { width, height, slots: 4, audioFrames: 96_000 }))
  desk.setBuses([bus], 0)
  out = new Ring(arena.memory, bus.ring)
  stills.push(still(0), still(1))
  desk.setSources(stills.map(({ layout }, k) => ({ id: `${k}`, ring: layout, still: true, audio: false })))
  take('0')
  tick()
})
afterAll(() => stills.splice(0))

let takes = 0
const take = (source: string, transition?: Transition, at = n) =>
  desk.takes.add({ id: `${++takes}`, source, why: 'test', ...(transition && { transition }) }, at)
function tick(): Uint8Array {
  desk.tick(n, 1_000 + n * 40, 1e12 + n * 40, () => 1_000 + n * 40)
  n++
  return out.bytes.slice(out.addressOf(out.head - 1), out.addressOf(out.head - 1) + frameBytes(width, height))
}

const pixelsOf = (k: number) => {
  const ring = stills[k]
  if (!ring) throw new Error('no such still')
  return ring.bytes.subarray(ring.addressOf(0), ring.addressOf(0) + frameBytes(width, height))
}

/** Which way the edge or the new picture goes. */
const across = (way: Way) => (way.includes('left') ? -1 : way.includes('right') ? 1 : 0)
const downwards = (way: Way) => (way.includes('up') ? -1 : way.includes('down') ? 1 : 0)

/** What chroma sample (column, row) of a half-size grid shows: [picture 0 or 1, column, row]. */
type Look = (column: number, row: number) => [fresh: boolean, column: number, row: number]

/** The edge has passed a sample when its centre lies behind it; a tie of rounding may fall to either side. */
function wiped(way: Way, progress: number): Look {
  const [dx, dy] = [across(way), downwards(way)]
  const [columns, rows] = [width / 2, height / 2]
  return (column, row) => {
    const u = dx === 0 ? 0 : dx > 0 ? (column + 0.5) / columns : 1 - (column + 0.5) / columns
    const v = dy === 0 ? 0 : dy > 0 ? (row + 0.5) / rows : 1 - (row + 0.5) / rows
    return [(u + v) / (Math.abs(dx) + Math.abs(dy)) < progress, column, row]
  }
}

function slid(way: Way, progress: number): Look {
  const x = Math.round((-across(way) * (1 - progress) * width) / 2)
  const y = Math.round((-downwards(way) * (1 - progress) * height) / 2)
  return (column, row) => {
    const [c, r] = [column - x, row - y]
    const inside = c >= 0 && c < width / 2 && r >= 0 && r < height / 2
    return inside ? [true, c, r] : [false, column, row]
  }
}

/** Samples of a frame that are not what they should be. */
function wrong(frame: Uint8Array, from: Uint8Array, to: Uint8Array, look: Look): number {
  let count = 0
  for (let row = 0; row < height / 2; row++)
    for (let column = 0; column < width / 2; column++) {
      const [fresh, c, r] = look(column, row)
      const source = fresh ? to : from
      const same = (at: number, of: number) => frame[at] === source[of]
      const chroma = row * (width / 2) + column
      const chromaOf = r * (width / 2) + c
      const good =
        [0, 1, width, width + 1].every(k => same(2 * row * width + 2 * column + k, 2 * r * width + 2 * c + k)) &&
        [area, area * 1.25].every(plane => same(plane + chroma, plane + chromaOf))
      if (!good) count++
    }
  return count
}

let shown = 0
/** Takes the other still; answers the frame before, those of the passage, and the one after. */
function passage(transition: Transition): { frames: Uint8Array[]; from: Uint8Array; to: Uint8Array } {
  const [from, to] = [pixelsOf(shown), pixelsOf(1 - shown)]
  shown = 1 - shown
  take(String(shown), transition, n + 1)
  const frames = Array.from({ length: FRAMES + 2 }, tick)
  return { frames, from, to }
}

describe.each(['wipe', 'slide'] as const)('%s', type => {
  it.each(WAYS)('%s: every frame is the old picture and the new one, each in its place', direction => {
    const { frames, from, to } = passage({ type, durationMs: FRAMES * 40, direction })
    expect(frames[0]).toEqual(from)
    expect(frames.at(-1)).toEqual(to)
    for (const [k, frame] of frames.slice(1, -1).entries()) {
      const progress = (k + 1) / (FRAMES + 1)
      const bad = wrong(frame, from, to, type === 'wipe' ? wiped(direction, progress) : slid(direction, progress))
      // One sample a row where an edge falls on a sample's centre.
      expect(bad, `frame ${k}`).toBeLessThanOrEqual(type === 'wipe' ? height / 2 : 0)
      expect(frame).not.toEqual(frames[k])
    }
  })
})

it('fade: every sample on its way, each frame another', () => {
  const { frames, from, to } = passage({ type: 'fade', durationMs: FRAMES * 40 })
  for (const [k, frame] of frames.entries()) {
    const share = Math.min(1, k / (FRAMES + 1))
    const off = frame.reduce((worst, value, at) => {
      const [a = 0, b = 0] = [from[at], to[at]]
      return Math.max(worst, Math.abs(value - a - (b - a) * share))
    }, 0)
    expect(off).toBeLessThanOrEqual(1)
  }
})

it('cut: the old picture, then the new one', () => {
  const { frames, from, to } = passage({ type: 'cut', durationMs: FRAMES * 40 })
  expect(frames[0]).toEqual(from)
  for (const frame of frames.slice(1)) expect(frame).toEqual(to)
})
