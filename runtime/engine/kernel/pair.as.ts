import { faded, highShare, kept, lowShare, over } from './blend.as'
import { Layer } from './layer.as'

/** The runs of single.as.ts for both chroma planes at once: they share alpha. The other one is `second` bytes further. */
export function onePair(d: usize, s: usize, second: usize, x: usize, count: usize, l: Layer): void {
  const u1 = l.colour + x, v1 = l.second + x, a1 = l.alpha + x
  for (let i: usize = 0; i < count; i += 16) {
    let c = v128.load(s + i), e = v128.load(s + second + i)
    let alpha = v128.load(a1 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u1 + i), low, high)
      e = over(e, v128.load(v1 + i), low, high)
    }
    v128.store(d + i, c)
    v128.store(d + second + i, e)
  }
}

export function twoPair(d: usize, s: usize, second: usize, x: usize, count: usize, l: Layer, m: Layer): void {
  const u1 = l.colour + x, v1 = l.second + x, a1 = l.alpha + x
  const u2 = m.colour + x, v2 = m.second + x, a2 = m.alpha + x
  for (let i: usize = 0; i < count; i += 16) {
    let c = v128.load(s + i), e = v128.load(s + second + i)
    let alpha = v128.load(a1 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u1 + i), low, high)
      e = over(e, v128.load(v1 + i), low, high)
    }
    alpha = v128.load(a2 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u2 + i), low, high)
      e = over(e, v128.load(v2 + i), low, high)
    }
    v128.store(d + i, c)
    v128.store(d + second + i, e)
  }
}

export function threePair(d: usize, s: usize, second: usize, x: usize, count: usize, l: Layer, m: Layer, n: Layer): void {
  const u1 = l.colour + x, v1 = l.second + x, a1 = l.alpha + x
  const u2 = m.colour + x, v2 = m.second + x, a2 = m.alpha + x
  const u3 = n.colour + x, v3 = n.second + x, a3 = n.alpha + x
  for (let i: usize = 0; i < count; i += 16) {
    let c = v128.load(s + i), e = v128.load(s + second + i)
    let alpha = v128.load(a1 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u1 + i), low, high)
      e = over(e, v128.load(v1 + i), low, high)
    }
    alpha = v128.load(a2 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u2 + i), low, high)
      e = over(e, v128.load(v2 + i), low, high)
    }
    alpha = v128.load(a3 + i)
    if (v128.any_true(alpha)) {
      const rest = v128.not(alpha), low = lowShare(rest), high = highShare(rest)
      c = over(c, v128.load(u3 + i), low, high)
      e = over(e, v128.load(v3 + i), low, high)
    }
    v128.store(d + i, c)
    v128.store(d + second + i, e)
  }
}

export function fadePair(d: usize, s: usize, second: usize, x: usize, count: usize, l: Layer): void {
  const u = l.colour + x, v = l.second + x, a = l.alpha + x
  const o = i16x8.splat(<i16>l.opacity)
  for (let i: usize = 0; i < count; i += 16) {
    const alpha = v128.load(a + i)
    let c = v128.load(s + i), e = v128.load(s + second + i)
    if (v128.any_true(alpha)) {
      const low = kept(lowShare(alpha), o), high = kept(highShare(alpha), o)
      c = faded(c, v128.load(u + i), low, high, o)
      e = faded(e, v128.load(v + i), low, high, o)
    }
    v128.store(d + i, c)
    v128.store(d + second + i, e)
  }
}
