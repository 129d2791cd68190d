import { FULL, faded, highShare, kept, lowShare, over } from './blend.as'
import { Layer } from './layer.as'
import { blendRun } from './run.as'

@inline
function lanesBelow(n: i32): v128 {
  const limit = i8x16.splat(<i8>max(0, min(16, n)))
  return i8x16.lt_s(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), limit)
}

/** Sixteen pixels from column x on, of which the layer may cover only some. */
function onto(c: v128, x: i32, plane: usize, l: Layer): v128 {
  if (l.begin >= x + 16 || l.end <= x) return c
  const lanes = v128.andnot(lanesBelow(l.end - x), lanesBelow(l.begin - x))
  const alpha = v128.and(v128.load(l.alpha + <usize>x), lanes)
  const p = v128.and(v128.load(plane + <usize>x), lanes)
  if (l.opacity < FULL) {
    const o = i16x8.splat(<i16>l.opacity)
    return faded(c, p, kept(lowShare(alpha), o), kept(highShare(alpha), o), o)
  }
  const k = v128.not(alpha)
  return over(c, p, lowShare(k), highShare(k))
}

/** Stores the first `count` of sixteen pixels and touches nothing else: what follows may be another thread's. */
function put(d: usize, c: v128, count: i32): void {
  if (count == 16) return v128.store(d, c)
  for (const end = d + <usize>count; d < end; d++) {
    v128.store8_lane(d, c, 0)
    c = i8x16.shuffle(c, c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0)
  }
}

/** Up to sixteen pixels from column x on in which a layer begins or ends, or the row does. */
function blendEdge(
  d: usize, s: usize, second: usize, x: i32, count: i32, l: Layer, m: Layer | null, n: Layer | null,
): void {
  d += <usize>x
  s += <usize>x
  let c = onto(v128.load(s), x, l.colour, l)
  if (m) c = onto(c, x, m.colour, m)
  if (n) c = onto(c, x, n.colour, n)
  put(d, c, count)
  if (!second) return
  c = onto(v128.load(s + second), x, l.second, l)
  if (m) c = onto(c, x, m.second, m)
  if (n) c = onto(c, x, n.second, n)
  put(d + second, c, count)
}

@inline
function on(l: Layer, x: i32): bool {
  return x >= l.begin && x < l.end
}

/** The next column, `stop` at the latest, in which the layer begins or ends. */
@inline
function cut(l: Layer, x: i32, stop: i32): i32 {
  return min(stop, x < l.begin ? l.begin : x < l.end ? l.end : stop)
}

/**
 * The row at d: what is at s, with layer l, m on it and n on that; null: none. It is cut where a layer begins or ends and
 * where d is a multiple of sixteen, since stores that cross cache lines cost twice.
 */
export function blendRow(d: usize, s: usize, second: usize, width: i32, l: Layer, m: Layer | null, n: Layer | null): void {
  for (let x = 0; x < width; ) {
    let stop = cut(l, x, width)
    if (m) stop = cut(m, x, stop)
    if (n) stop = cut(n, x, stop)
    const skew = <i32>(d + <usize>x) & 15
    const whole = skew ? 0 : (stop - x) & ~15
    if (whole) {
      // Those that cover the run, lowest first.
      let i: Layer | null = null, j: Layer | null = null, k: Layer | null = null
      if (n && on(n, x)) i = n
      if (m && on(m, x)) {
        j = i
        i = m
      }
      if (on(l, x)) {
        k = j
        j = i
        i = l
      }
      blendRun(d, s, second, x, whole, i, j, k)
      x += whole
    } else {
      const count = min(width - x, 16 - skew)
      blendEdge(d, s, second, x, count, l, m, n)
      x += count
    }
  }
}
