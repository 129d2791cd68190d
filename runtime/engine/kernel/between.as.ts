/** Pictures between two pictures. */

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
