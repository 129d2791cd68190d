import { faded, highShare, kept, lowShare, over } from './blend.as'
import { Layer } from './layer.as'

/**
 * Runs of pixels of one plane, `count` a multiple of sixteen: what is at s, with the layers given, into d; x is the column.
 * Up to three layers are blended in registers, because the way to memory and back is the long part of it; that is also why
 * colour is read only where something is to be seen.
 */
@inline
function lay(c: v128, p: usize, a: usize): v128 {
  const alpha = v128.load(a)
  if (!v128.any_true(alpha)) return c
  const rest = v128.not(alpha)
  return over(c, v128.load(p), lowShare(rest), highShare(rest))
}

export function one(d: usize, s: usize, x: usize, count: usize, l: Layer): void {
  const p = l.colour + x, a = l.alpha + x
  for (let i: usize = 0; i < count; i += 16) v128.store(d + i, lay(v128.load(s + i), p + i, a + i))
}

export function two(d: usize, s: usize, x: usize, count: usize, l: Layer, m: Layer): void {
  const p1 = l.colour + x, a1 = l.alpha + x
  const p2 = m.colour + x, a2 = m.alpha + x
  for (let i: usize = 0; i < count; i += 16) {
    const c = lay(v128.load(s + i), p1 + i, a1 + i)
    v128.store(d + i, lay(c, p2 + i, a2 + i))
  }
}

export function three(d: usize, s: usize, x: usize, count: usize, l: Layer, m: Layer, n: Layer): void {
  const p1 = l.colour + x, a1 = l.alpha + x
  const p2 = m.colour + x, a2 = m.alpha + x
  const p3 = n.colour + x, a3 = n.alpha + x
  for (let i: usize = 0; i < count; i += 16) {
    const c = lay(lay(v128.load(s + i), p1 + i, a1 + i), p2 + i, a2 + i)
    v128.store(d + i, lay(c, p3 + i, a3 + i))
  }
}

export function fade(d: usize, s: usize, x: usize, count: usize, l: Layer): void {
  const p = l.colour + x, a = l.alpha + x
  const o = i16x8.splat(<i16>l.opacity)
  for (let i: usize = 0; i < count; i += 16) {
    const alpha = v128.load(a + i)
    let c = v128.load(s + i)
    if (v128.any_true(alpha)) c = faded(c, v128.load(p + i), kept(lowShare(alpha), o), kept(highShare(alpha), o), o)
    v128.store(d + i, c)
  }
}
