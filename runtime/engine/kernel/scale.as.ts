/**
 * Scaling (AssemblyScript, WASM SIMD): a part of one I420 picture into a box of another, bilinear, each plane by itself.
 * The two source rows of a target row are blended first, sixteen pixels at a time; then eight target pixels at a time are
 * gathered from that row with the positions and weights of a plan, which is made once for each plane.
 */

/** One group of a plan: where to load, two shuffles and eight weights. */
const GROUP: usize = 64
/** Eight pixels that lie further apart than this many sixteenths of a source pixel do not fit into one load of sixteen. */
const WIDEST: i32 = 30

/** A position in source pixels, as 16.16: the middle of target pixel n, clamped to the part that is shown. */
@inline
function position(n: i32, source: i32, target: i32): i32 {
  const at = ((<i64>(2 * n + 1) * <i64>source * 32768) / <i64>target) - 32768
  return <i32>max<i64>(0, min<i64>(at, <i64>(source - 1) << 16))
}

/** One byte for each pixel and the pixel to its right, relative to the group's first, and the share of the right one. */
function planGroup(group: usize, first: i32, source: i32, target: i32): void {
  const base = position(first, source, target) >> 16
  store<i32>(group, base)
  for (let n = 0; n < 8; n++) {
    const at = position(min(first + n, target - 1), source, target)
    const left = (at >> 16) - base
    store<u8>(group + 16 + <usize>n, <u8>left)
    store<u8>(group + 32 + <usize>n, <u8>(left + 1))
    store<i16>(group + 48 + (<usize>n << 1), <i16>((at & 0xffff) >> 1))
  }
}

/** row = a + (b - a) * weight / 32768, and its last pixel once more for whoever reads one further. */
function blendRows(row: usize, a: usize, b: usize, count: i32, weight: i32): void {
  const w = i16x8.splat(<i16>weight)
  const whole = count & ~15
  const end = row + <usize>whole
  for (; row < end; row += 16, a += 16, b += 16) {
    const p = v128.load(a), q = v128.load(b)
    const pl = i16x8.extend_low_i8x16_u(p), ph = i16x8.extend_high_i8x16_u(p)
    const low = i16x8.relaxed_q15mulr_s(i16x8.sub(i16x8.extend_low_i8x16_u(q), pl), w)
    const high = i16x8.relaxed_q15mulr_s(i16x8.sub(i16x8.extend_high_i8x16_u(q), ph), w)
    v128.store(row, i8x16.narrow_i16x8_u(i16x8.add(pl, low), i16x8.add(ph, high)))
  }
  for (let n = 0; n < count - whole; n++, row++, a++, b++) {
    const p = <i32>load<u8>(a)
    store<u8>(row, p + (((<i32>load<u8>(b) - p) * weight + 0x4000) >> 15))
  }
  store<u8>(row, load<u8>(row - 1))
}

/** Eight target pixels of a planned group. */
@inline
function gather(row: usize, group: usize): v128 {
  const from = v128.load(row + <usize>load<i32>(group))
  const left = i16x8.extend_low_i8x16_u(i8x16.swizzle(from, v128.load(group, 16)))
  const right = i16x8.extend_low_i8x16_u(i8x16.swizzle(from, v128.load(group, 32)))
  const sum = i16x8.add(left, i16x8.relaxed_q15mulr_s(i16x8.sub(right, left), v128.load(group, 48)))
  return i8x16.narrow_i16x8_u(sum, sum)
}

function onePixel(row: usize, n: i32, source: i32, target: i32): u8 {
  const at = position(n, source, target)
  const from = row + <usize>(at >> 16)
  const left = <i32>load<u8>(from)
  return <u8>(left + (((<i32>load<u8>(from, 1) - left) * ((at & 0xffff) >> 1) + 0x4000) >> 15))
}

function scaleRow(target: usize, row: usize, plan: usize, width: i32, source: i32): void {
  let n = 0
  if (<i64>source * 16 <= <i64>width * WIDEST)
    for (; n + 8 <= width; n += 8, plan += GROUP) v128.store64_lane(target + <usize>n, gather(row, plan), 0)
  for (; n < width; n++) store<u8>(target + <usize>n, onePixel(row, n, source, width))
}

/** Source (cw x ch at `from`, rows `stride` apart) to target (w x h at `to`). `scratch`: a row, then the plan. */
function scalePlane(
  to: usize, toStride: i32, w: i32, h: i32, from: usize, stride: i32, cw: i32, ch: i32, scratch: usize,
): void {
  const plan = scratch + ((<usize>cw + 47) & ~15)
  for (let n = 0; n < w; n += 8) planGroup(plan + <usize>(n >> 3) * GROUP, n, cw, w)
  for (let y = 0; y < h; y++) {
    const at = position(y, ch, h)
    const upper = from + <usize>((at >> 16) * stride)
    const lower = (at >> 16) + 1 < ch ? upper + <usize>stride : upper
    blendRows(scratch, upper, lower, cw, (at & 0xffff) >> 1)
    scaleRow(to + <usize>(y * toStride), scratch, plan, w, cw)
  }
}

/**
 * The part (cx, cy, cw, ch) of a picture of width x height into the box (x, y, w, h) of one of toWidth x toHeight; all even.
 * `scratch` holds max(cw, w) * 10 + 128 bytes.
 */
export function scale(
  target: usize, toWidth: i32, toHeight: i32, x: i32, y: i32, w: i32, h: i32,
  from: usize, width: i32, height: i32, cx: i32, cy: i32, cw: i32, ch: i32, scratch: usize,
): void {
  scalePlane(target + <usize>(y * toWidth + x), toWidth, w, h, from + <usize>(cy * width + cx), width, cw, ch, scratch)
  for (let plane = 0; plane < 2; plane++) {
    const to = target + <usize>(toWidth * toHeight + plane * ((toWidth * toHeight) >> 2))
    const source = from + <usize>(width * height + plane * ((width * height) >> 2))
    scalePlane(
      to + <usize>((y >> 1) * (toWidth >> 1) + (x >> 1)), toWidth >> 1, w >> 1, h >> 1,
      source + <usize>((cy >> 1) * (width >> 1) + (cx >> 1)), width >> 1, cw >> 1, ch >> 1, scratch,
    )
  }
}
