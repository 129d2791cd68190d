/**
 * The pixel kernel (AssemblyScript, WASM SIMD): everything that touches every pixel of a frame.
 * It owns no memory: all addresses are given, and all pictures are I420, tightly packed, with even width and height.
 * Rounding: every function gives the nearest integer of its float formula (blends: +-1 for the fixed-point alpha).
 */

/** Luma rows composed at a time: this much of the target and its layers stays in the first-level caches. */
const BAND: i32 = 16

/** A layer in the display list: 16 words. See Kernel.setLayer in kernel.ts for their meaning. */
const LAYER_BYTES: usize = 64
const FULL: i32 = 32767

@inline
function word(layer: usize, n: i32): i32 {
  return load<i32>(layer + (<usize>n << 2))
}

/** 255-based alpha of eight pixels as a share of 32767: byte twice in 16 bits is a * 257; half of it fills 15 bits. */
@inline
function lowShare(a: v128): v128 {
  return i16x8.shr_u(i8x16.shuffle(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7), 1)
}

@inline
function highShare(a: v128): v128 {
  return i16x8.shr_u(i8x16.shuffle(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15), 1)
}

/** dst * (255 - a) / 255 + p for 16 pixels. */
@inline
function over(d: v128, p: v128, a: v128): v128 {
  const inverse = v128.not(a)
  const low = i16x8.relaxed_q15mulr_s(i16x8.extend_low_i8x16_u(d), lowShare(inverse))
  const high = i16x8.relaxed_q15mulr_s(i16x8.extend_high_i8x16_u(d), highShare(inverse))
  return i8x16.add_sat_u(i8x16.narrow_i16x8_u(low, high), p)
}

/** (d * (32767 - share) + p * o) / 32768 of eight pixels in 16 bits, rounded once. */
@inline
function fadedHalf(d: v128, p: v128, share: v128, o: v128): v128 {
  const keep = i16x8.sub(i16x8.splat(<i16>FULL), i16x8.relaxed_q15mulr_s(share, o))
  const half = i32x4.splat(0x4000)
  const low = i32x4.dot_i16x8_s(
    i8x16.shuffle(d, p, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23),
    i8x16.shuffle(keep, o, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23),
  )
  const high = i32x4.dot_i16x8_s(
    i8x16.shuffle(d, p, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31),
    i8x16.shuffle(keep, o, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31),
  )
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 15), i32x4.shr_s(i32x4.add(high, half), 15))
}

@inline
function faded(d: v128, p: v128, a: v128, o: v128): v128 {
  return i8x16.narrow_i16x8_u(
    fadedHalf(i16x8.extend_low_i8x16_u(d), i16x8.extend_low_i8x16_u(p), lowShare(a), o),
    fadedHalf(i16x8.extend_high_i8x16_u(d), i16x8.extend_high_i8x16_u(p), highShare(a), o),
  )
}

/** The same two formulas for one pixel: rows narrower than 16. */
@inline
function onePixel(d: i32, p: i32, a: i32, o: i32): i32 {
  const share = (a * 257) >> 1
  if (o >= FULL) return min(255, ((d * (FULL - share) + 0x4000) >> 15) + p)
  return min(255, (d * (FULL - ((share * o + 0x4000) >> 15)) + p * o + 0x4000) >> 15)
}

function blendShort(d: usize, p: usize, a: usize, count: i32, opacity: i32): void {
  for (const end = d + <usize>count; d < end; d++, p++, a++) {
    const alpha = <i32>load<u8>(a)
    if (alpha) store<u8>(d, onePixel(load<u8>(d), load<u8>(p), alpha, opacity))
  }
}

/** Sixteen pixels of which those outside the mask keep their value: the ends of a row, without a slow loop. */
function blendMasked(d: usize, p: usize, a: usize, mask: v128, opacity: i32): void {
  const alpha = v128.and(v128.load(a), mask)
  if (!v128.any_true(alpha)) return
  const colour = v128.and(v128.load(p), mask)
  if (opacity >= FULL) v128.store(d, over(v128.load(d), colour, alpha))
  else v128.store(d, faded(v128.load(d), colour, alpha, i16x8.splat(<i16>opacity)))
}

@inline
function lanesBelow(n: i32): v128 {
  return i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>n))
}

/** Head up to a multiple of 16 of the target (stores that cross cache lines cost twice), body, tail. */
function blendRow(d: usize, p: usize, a: usize, count: i32, opacity: i32): void {
  if (count < 16) return blendShort(d, p, a, count, opacity)
  const head = (16 - (<i32>d & 15)) & 15
  if (head) {
    blendMasked(d, p, a, lanesBelow(head), opacity)
    d += head
    p += head
    a += head
    count -= head
  }
  const body = count & ~15
  if (opacity >= FULL) blendBody(d, p, a, body)
  else fadeBody(d, p, a, body, opacity)
  const rest = count - body
  if (!rest) return
  const back = <usize>(count - 16)
  blendMasked(d + back, p + back, a + back, v128.not(lanesBelow(16 - rest)), opacity)
}

function blendBody(d: usize, p: usize, a: usize, count: i32): void {
  const end = d + <usize>count
  for (const even = d + <usize>(count & ~31); d < even; d += 32, p += 32, a += 32) {
    const first = v128.load(a)
    const second = v128.load(a, 16)
    if (!v128.any_true(v128.or(first, second))) continue
    v128.store(d, over(v128.load(d), v128.load(p), first))
    v128.store(d, over(v128.load(d, 16), v128.load(p, 16), second), 16)
  }
  if (d < end) v128.store(d, over(v128.load(d), v128.load(p), v128.load(a)))
}

function fadeBody(d: usize, p: usize, a: usize, count: i32, opacity: i32): void {
  const o = i16x8.splat(<i16>opacity)
  for (const end = d + <usize>count; d < end; d += 16, p += 16, a += 16) {
    const alpha = v128.load(a)
    if (!v128.any_true(alpha)) continue
    v128.store(d, faded(v128.load(d), v128.load(p), alpha, o))
  }
}

/**
 * Blends rows [from, to) of a target plane with a sprite's plane at (x, y), inside the clip rectangle.
 * `spans`: address of two i32 a sprite row, the first and the end of its columns that are not transparent; 0 when unknown.
 */
function blendPlane(
  target: usize, stride: i32, from: i32, to: i32,
  p: usize, a: usize, width: i32, height: i32, x: i32, y: i32, opacity: i32,
  left: i32, top: i32, right: i32, bottom: i32, spans: usize,
): void {
  const x0 = max(left, x)
  const x1 = min(right, x + width)
  const y1 = min(min(bottom, y + height), to)
  for (let row = max(max(top, y), from); row < y1; row++) {
    let begin = x0
    let end = x1
    if (spans) {
      const span = spans + (<usize>(row - y) << 3)
      begin = max(begin, x + load<i32>(span))
      end = min(end, x + load<i32>(span, 4))
    }
    if (begin >= end) continue
    const at = <usize>((row - y) * width + begin - x)
    blendRow(target + <usize>(row * stride + begin), p + at, a + at, end - begin, opacity)
  }
}

/** Blends the layer's planes onto the planes given, luma rows [from, to) (both even). Odd positions: chroma rounds down. */
function blendLayer(layer: usize, y: usize, u: usize, v: usize, width: i32, from: i32, to: i32): void {
  const w = word(layer, 5), h = word(layer, 6), px = word(layer, 7), py = word(layer, 8), o = word(layer, 9)
  const l = word(layer, 10), t = word(layer, 11), r = word(layer, 12), b = word(layer, 13)
  blendPlane(y, width, from, to, word(layer, 0), word(layer, 3), w, h, px, py, o, l, t, r, b, word(layer, 14))
  const cl = (l + 1) >> 1, ct = (t + 1) >> 1, cr = (r + 1) >> 1, cb = (b + 1) >> 1
  const cw = w >> 1, ch = h >> 1, cx = px >> 1, cy = py >> 1, ac = word(layer, 4), spans = word(layer, 15)
  blendPlane(u, width >> 1, from >> 1, to >> 1, word(layer, 1), ac, cw, ch, cx, cy, o, cl, ct, cr, cb, spans)
  blendPlane(v, width >> 1, from >> 1, to >> 1, word(layer, 2), ac, cw, ch, cx, cy, o, cl, ct, cr, cb, spans)
}

/** The alpha planes of a layer onto those of a flattened one: alpha composes by the same formula as colour. */
function blendAlpha(layer: usize, a: usize, ac: usize, width: i32, height: i32): void {
  const w = word(layer, 5), h = word(layer, 6), px = word(layer, 7), py = word(layer, 8), o = word(layer, 9)
  const l = word(layer, 10), t = word(layer, 11), r = word(layer, 12), b = word(layer, 13)
  const pa = word(layer, 3), pc = word(layer, 4)
  blendPlane(a, width, 0, height, pa, pa, w, h, px, py, o, l, t, r, b, 0)
  blendPlane(
    ac, width >> 1, 0, height >> 1, pc, pc, w >> 1, h >> 1, px >> 1, py >> 1, o,
    (l + 1) >> 1, (t + 1) >> 1, (r + 1) >> 1, (b + 1) >> 1, 0,
  )
}

/** Copies `base` to `target` and blends `count` layers of the list onto it, band by band. */
export function compose(target: usize, base: usize, width: i32, height: i32, list: usize, count: i32): void {
  const luma = width * height
  const chroma = luma >> 2
  const u = target + <usize>luma
  const v = u + <usize>chroma
  const half = width >> 1
  for (let from = 0; from < height; from += BAND) {
    const to = min(height, from + BAND)
    const at = <usize>(from * width)
    const atChroma = <usize>((from >> 1) * half)
    const bytesChroma = <usize>(((to - from) >> 1) * half)
    memory.copy(target + at, base + at, <usize>((to - from) * width))
    memory.copy(u + atChroma, base + <usize>luma + atChroma, bytesChroma)
    memory.copy(v + atChroma, base + <usize>(luma + chroma) + atChroma, bytesChroma)
    for (let n = 0; n < count; n++) blendLayer(list + <usize>n * LAYER_BYTES, target, u, v, width, from, to)
  }
}

/** Draws `count` layers of the list into one transparent layer `flat` (width x height), and finds its spans. */
export function flatten(flat: usize, list: usize, count: i32): void {
  const width = word(flat, 5), height = word(flat, 6)
  const luma = <usize>(width * height)
  const y = word(flat, 0), u = word(flat, 1), v = word(flat, 2), a = word(flat, 3), ac = word(flat, 4)
  memory.fill(y, 0, luma)
  memory.fill(u, 0, luma >> 2)
  memory.fill(v, 0, luma >> 2)
  memory.fill(a, 0, luma)
  memory.fill(ac, 0, luma >> 2)
  for (let n = 0; n < count; n++) {
    const layer = list + <usize>n * LAYER_BYTES
    blendLayer(layer, y, u, v, width, 0, height)
    blendAlpha(layer, a, ac, width, height)
  }
  findSpans(a, width, height, word(flat, 14))
  findSpans(ac, width >> 1, height >> 1, word(flat, 15))
}

function findSpans(a: usize, width: i32, height: i32, spans: usize): void {
  for (let row = 0; row < height; row++, spans += 8) {
    const start = a + <usize>(row * width)
    let first = 0
    while (first < width && !load<u8>(start + <usize>first)) first++
    let end = width
    while (end > first && !load<u8>(start + <usize>(end - 1))) end--
    store<i32>(spans, first)
    store<i32>(spans, end, 4)
  }
}

/** A frame between two others: from + (to - from) * weight / 32768. */
export function crossfade(target: usize, from: usize, to: usize, bytes: i32, weight: i32): void {
  const w = i16x8.splat(<i16>weight)
  const whole = bytes & ~15
  for (const end = target + <usize>whole; target < end; target += 16, from += 16, to += 16) {
    const a = v128.load(from)
    const b = v128.load(to)
    const al = i16x8.extend_low_i8x16_u(a), ah = i16x8.extend_high_i8x16_u(a)
    const low = i16x8.relaxed_q15mulr_s(i16x8.sub(i16x8.extend_low_i8x16_u(b), al), w)
    const high = i16x8.relaxed_q15mulr_s(i16x8.sub(i16x8.extend_high_i8x16_u(b), ah), w)
    v128.store(target, i8x16.narrow_i16x8_u(i16x8.add(al, low), i16x8.add(ah, high)))
  }
  for (const end = target + <usize>(bytes - whole); target < end; target++, from++, to++) {
    const a = <i32>load<u8>(from)
    store<u8>(target, a + (((<i32>load<u8>(to) - a) * weight + 0x4000) >> 15))
  }
}

/** One row of all that moves an edge: columns [begin, end) come from `to`, the others from `from`. */
function splitRow(target: usize, from: usize, to: usize, width: i32, begin: i32, end: i32): void {
  if (begin > 0) memory.copy(target, from, begin)
  if (end > begin) memory.copy(target + <usize>begin, to, end - begin)
  if (end < width) memory.copy(target + <usize>end, from + <usize>end, width - end)
}

/** A pair of luma rows and its chroma row; begin, end, shift count chroma columns; `source` is the chroma row of `to`. */
function splitRows(
  target: usize, from: usize, to: usize, width: i32, height: i32, row: i32, source: i32, begin: i32, end: i32, first: i32,
): void {
  const half = width >> 1
  for (let line = 0; line < 2; line++) {
    const at = <usize>((2 * row + line) * width)
    splitRow(target + at, from + at, to + <usize>((2 * source + line) * width + 2 * first), width, 2 * begin, 2 * end)
  }
  for (let plane = 0; plane < 2; plane++) {
    const base = <usize>(width * height + plane * half * (height >> 1))
    const at = base + <usize>(row * half)
    splitRow(target + at, from + at, to + base + <usize>(source * half + first), half, begin, end)
  }
}

/** An edge runs over the picture in direction (dx, dy), each -1, 0 or 1; behind it stands `to`. progress: 0..1. */
export function wipe(
  target: usize, from: usize, to: usize, width: i32, height: i32, dx: i32, dy: i32, progress: f64,
): void {
  const columns = width >> 1
  const rows = height >> 1
  for (let row = 0; row < rows; row++) {
    const down = (<f64>row + 0.5) / <f64>rows
    const v = dy > 0 ? down : 1 - down
    let begin = 0
    let end = columns
    if (dx) {
      const share = dy ? 2 * progress - v : progress
      const covered = <i32>nearest(max(0.0, min(1.0, share)) * <f64>columns)
      if (dx > 0) end = covered
      else begin = columns - covered
    } else if (v >= progress) end = 0
    splitRows(target, from, to, width, height, row, row, begin, end, begin)
  }
}

/** `to` lies over `from` with its top-left corner at (2 * x, 2 * y), any sign. */
export function slide(target: usize, from: usize, to: usize, width: i32, height: i32, x: i32, y: i32): void {
  const columns = width >> 1
  const rows = height >> 1
  const begin = min(columns, max(0, x))
  const end = max(begin, min(columns, columns + x))
  for (let row = 0; row < rows; row++) {
    const source = row - y
    if (source < 0 || source >= rows) splitRows(target, from, to, width, height, row, row, 0, 0, 0)
    else splitRows(target, from, to, width, height, row, source, begin, end, begin - x)
  }
}

export function copy(target: usize, from: usize, bytes: i32): void {
  memory.copy(target, from, bytes)
}

/** Black in limited range: Y' 16, chroma 128. */
export function black(target: usize, width: i32, height: i32): void {
  const luma = <usize>(width * height)
  memory.fill(target, 16, luma)
  memory.fill(target + luma, 128, luma >> 1)
}

export { scale } from './scale.as'
