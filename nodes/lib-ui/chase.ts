/** How far behind the newest picture a player likes to be (s): enough to bridge the gaps between what arrives. */
const CLOSE = 0.3
/** Each stall of the last while asks for a little more, up to a bound. */
const MORE_A_STALL = 0.12
const MOST_STALLS = 2
/** From this much later than it likes (s) a player hurries, and goes on until it is close again. */
const LATE = 0.15
const FASTEST = 1.3
/** From this far behind (s) it jumps: nobody wants to watch the way back. */
const FAR = 0.9

/** What a player does about being behind: its speed, and where to jump to (s before the newest picture), if it is to. */
export interface Chase {
  rate: number
  jump?: number
}

/** How a player that is `behind` seconds late, plays at `rate` and has stalled so often lately, stays close to live. Pure. */
export function chase(behind: number, rate: number, stalls: number): Chase {
  const close = CLOSE + MORE_A_STALL * Math.min(stalls, MOST_STALLS)
  if (behind > FAR) return { rate: 1, jump: close }
  const hurries = rate > 1 ? behind > close : behind > close + LATE
  return { rate: hurries ? Math.min(FASTEST, 1.05 + (behind - close)) : 1 }
}
