/** FFmpeg's FLV writer keeps 31 bits of a timestamp: after 24.8 days on air it begins again at 0. */
const WRAP = 0x7fffffff

/** Milliseconds from one timestamp to another (negative when it is earlier), right across the wrap. */
export function elapsed(from: number, to: number): number {
  const forward = (to - from) & WRAP
  return forward > WRAP / 2 ? forward - WRAP - 1 : forward
}
