import { describe, expect, it } from 'vitest'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import { Scaler } from '../../runtime/engine/mixer/scaler.ts'
import { place } from '../../runtime/engine/mixer/view.ts'

const arena = new Arena()
const bytes = new Uint8Array(arena.memory.buffer)
const kernel = kernelOn(loadKernel(), arena.memory)
const scratch = arena.alloc(SCALE_SCRATCH)
const middle = { focusX: 0.5 }

interface Plane {
  at: number
  width: number
  height: number
}

const planesOf = (at: number, width: number, height: number): Plane[] => [
  { at, width, height },
  { at: at + width * height, width: width / 2, height: height / 2 },
  { at: at + (width * height * 5) / 4, width: width / 2, height: height / 2 },
]

/** The float formula: bilinear between pixel centres, edges repeated. */
function model({ at, width }: Plane, part: { x: number; y: number; w: number; h: number }, w: number, h: number) {
  const read = (x: number, y: number) =>
    bytes[at + (part.y + Math.min(part.h - 1, y)) * width + part.x + Math.min(part.w - 1, x)]
  const place = (n: number, source: number, target: number) =>
    Math.max(0, Math.min(source - 1, ((n + 0.5) * source) / target - 0.5))
  const out: number[] = []
  for (let row = 0; row < h; row++)
    for (let column = 0; column < w; column++) {
      const [x, y] = [place(column, part.w, w), place(row, part.h, h)]
      const [x0, y0] = [Math.floor(x), Math.floor(y)]
      const mix = (a: number, b: number, share: number) => a + (b - a) * share
      const upper = mix(read(x0, y0), read(x0 + 1, y0), x - x0)
      out.push(mix(upper, mix(read(x0, y0 + 1), read(x0 + 1, y0 + 1), x - x0), y - y0))
    }
  return out
}

let seed = 7
const noise = () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return seed >>> 24
}

describe('scale', () => {
  it.each([
    ['up', 64, 36, { x: 0, y: 0, w: 64, h: 36 }, 108, 192, { x: 0, y: 66, w: 108, h: 60 }],
    ['a cropped part up', 128, 72, { x: 42, y: 2, w: 40, h: 70 }, 108, 192, { x: 0, y: 0, w: 108, h: 192 }],
    ['down', 192, 108, { x: 0, y: 0, w: 192, h: 108 }, 108, 60, { x: 0, y: 0, w: 108, h: 60 }],
    ['far down', 384, 216, { x: 0, y: 0, w: 384, h: 216 }, 96, 54, { x: 2, y: 0, w: 92, h: 54 }],
    ['to its own size', 64, 36, { x: 0, y: 0, w: 64, h: 36 }, 64, 36, { x: 0, y: 0, w: 64, h: 36 }],
  ])('%s: every pixel is the bilinear one, and nothing outside the box is touched', (_, w, h, part, tw, th, box) => {
    const source = arena.alloc(frameBytes(w, h))
    for (let n = 0; n < frameBytes(w, h); n++) bytes[source + n] = noise()
    const target = arena.alloc(frameBytes(tw, th) + 128) + 64
    bytes.fill(77, target - 64, target + frameBytes(tw, th) + 64)
    const to = [box.x, box.y, box.w, box.h] as const
    kernel.scale(target, tw, th, ...to, source, w, h, part.x, part.y, part.w, part.h, scratch)
    const [from, into] = [planesOf(source, w, h), planesOf(target, tw, th)]
    into.forEach((plane, n) => {
      const half = n === 0 ? 1 : 2
      const cut = { x: part.x / half, y: part.y / half, w: part.w / half, h: part.h / half }
      const wanted = model(from[n], cut, box.w / half, box.h / half)
      let worst = 0
      for (let y = 0; y < plane.height; y++)
        for (let x = 0; x < plane.width; x++) {
          const [bx, by] = [x - box.x / half, y - box.y / half]
          const inside = bx >= 0 && by >= 0 && bx < box.w / half && by < box.h / half
          const want = inside ? wanted[by * (box.w / half) + bx] : 77
          worst = Math.max(worst, Math.abs(bytes[plane.at + y * plane.width + x] - want))
        }
      expect(worst).toBeLessThanOrEqual(1.6)
    })
    expect(bytes[target - 1]).toBe(77)
    expect(bytes[target + frameBytes(tw, th)]).toBe(77)
    arena.release(source)
    arena.release(target - 64)
  })
})

describe('place', () => {
  const hd = { width: 1920, height: 1080 }
  const vertical = { width: 1080, height: 1920 }

  it('keeps a whole picture on black', () => {
    const { part, box } = place(hd, vertical, { fit: 'letterbox', ...middle })
    expect(part).toEqual({ x: 0, y: 0, ...hd })
    expect(box).toEqual({ x: 0, y: 656, width: 1080, height: 608 })
  })

  it('cuts out what fills the frame, where the focus is, on even columns', () => {
    const x = (focusX: number) => place(hd, vertical, { fit: 'crop', focusX }).part.x
    expect(place(hd, vertical, { fit: 'crop', ...middle })).toEqual({
      part: { x: 656, y: 0, width: 608, height: 1080 },
      box: { x: 0, y: 0, ...vertical },
    })
    expect([x(0), x(1)]).toEqual([0, 1312])
    expect(place(vertical, hd, { fit: 'crop', ...middle }).part).toEqual({ x: 0, y: 656, width: 1080, height: 608 })
  })
})

describe('Scaler', () => {
  it('scales a frame once, a new one and a new view anew, and leaves bars black', () => {
    const [w, h] = [64, 36]
    const picture = { width: 36, height: 64 }
    const ring = new Ring(arena.memory, allocRing(arena, { width: w, height: h, slots: 4, audioFrames: 16 }))
    bytes.fill(200, ring.layout.video, ring.layout.video + frameBytes(w, h) * 4)
    ring.publish(0, 0)
    let scaled = 0
    const scale: typeof kernel.scale = (...args) => {
      scaled++
      kernel.scale(...args)
    }
    const counting = { ...kernel, scale }
    const buffers = { scaled: [0, 1].map(() => arena.alloc(frameBytes(picture.width, picture.height))), scratch }
    const scaler = new Scaler(counting, picture, buffers)
    const letterbox = { fit: 'letterbox', ...middle } as const
    const at = scaler.frame(ring, 0, letterbox)
    expect(scaler.frame(ring, 0, letterbox)).toBe(at)
    expect(scaled).toBe(1)
    const { box } = place(ring.layout, picture, letterbox)
    expect([bytes[at], bytes[at + box.y * picture.width]]).toEqual([16, 200])
    ring.publish(1, 1)
    scaler.frame(ring, 1, letterbox)
    expect(bytes[scaler.frame(ring, 1, { fit: 'crop', ...middle })]).toBe(200)
    expect(scaled).toBe(3)
    expect(bytes[scaler.frame(ring, 1, letterbox)]).toBe(16)
  })
})
