import { FULL } from './blend.as'
import { Layer } from './layer.as'
import { fadePair, onePair, threePair, twoPair } from './pair.as'
import { fade, one, three, two } from './single.as'

/** The pixels below as they are. */
export function copyRun(d: usize, s: usize, second: usize, count: usize): void {
  if (d == s) return
  memory.copy(d, s, count)
  if (second) memory.copy(d + second, s + second, count)
}

/** `count` pixels of the row at d from column x on: what is at s, with layer l, m on it and n on that; null: none. */
export function blendRun(
  d: usize, s: usize, second: usize, x: usize, count: usize, l: Layer | null, m: Layer | null, n: Layer | null,
): void {
  d += x
  s += x
  if (!l) return copyRun(d, s, second, count)
  if (!second) {
    if (l.opacity < FULL) return fade(d, s, x, count, l)
    if (!m) return one(d, s, x, count, l)
    if (!n) return two(d, s, x, count, l, m)
    return three(d, s, x, count, l, m, n)
  }
  if (l.opacity < FULL) return fadePair(d, s, second, x, count, l)
  if (!m) return onePair(d, s, second, x, count, l)
  if (!n) return twoPair(d, s, second, x, count, l, m)
  threePair(d, s, second, x, count, l, m, n)
}
