import { SAMPLE_RATE } from '../memory/ring.ts'

/** An end and a beginning that do not meet are crossfaded over so many pairs (20 ms); the loop is shorter by them. */
export const OVERLAP = SAMPLE_RATE / 50

/**
 * Crossfades the beginning of a loop (interleaved stereo s16) with its end, both OVERLAP long, when the one does not lead
 * on to the other. A loop that meets itself is left as it is, to the sample. Answers whether it was changed: then the loop
 * ends where `tail` begins.
 */
export function mendSeam(head: Int16Array, tail: Int16Array): boolean {
  const sides = [0, 1].map(side => [tail, head].map(part => part.filter((_, n) => n % 2 === side)))
  if (sides.every(([end, begin]) => meet(end, begin))) return false
  const pairs = head.length / 2
  for (let n = 0; n < head.length; n++) {
    const share = Math.floor(n / 2) / pairs
    head[n] = Math.round(head[n] * share + tail[n] * (1 - share))
  }
  return true
}

/** Whether sound bends no more where one follows the other than it does anyway on both sides of it. */
function meet(end: Int16Array, begin: Int16Array): boolean {
  const across = Int16Array.of(...end.slice(-2), ...begin.slice(0, 2))
  return bend(across) <= 2 * Math.max(bend(end), bend(begin)) + 8
}

/** How far a curve departs from going straight on, at most. */
function bend(values: Int16Array): number {
  let most = 0
  for (let n = 2; n < values.length; n++) most = Math.max(most, Math.abs(values[n] - 2 * values[n - 1] + values[n - 2]))
  return most
}
