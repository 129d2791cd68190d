import type { Easing } from '../contract/generated/ocl.v1.ts'
import { bezierOf } from './bezier.ts'

type Curve = (p: number) => number

const power =
  (n: number): Curve =>
  p =>
    p ** n
const reversed =
  (curve: Curve): Curve =>
  p =>
    1 - curve(1 - p)
const bothWays =
  (curve: Curve): Curve =>
  p =>
    p < 0.5 ? curve(2 * p) / 2 : 1 - curve(2 - 2 * p) / 2

const CURVES: Record<string, Curve> = {
  linear: p => p,
  'ease-in': power(2),
  'ease-out': reversed(power(2)),
  'ease-in-out': bothWays(power(2)),
  'ease-in-cubic': power(3),
  'ease-out-cubic': reversed(power(3)),
  'ease-in-out-cubic': bothWays(power(3)),
  hold: p => (p < 1 ? 0 : 1),
}

function curveOf(easing: Easing | undefined): Curve {
  if (easing === undefined) return CURVES.linear
  if (Object.hasOwn(CURVES, easing)) return CURVES[easing]
  return bezierOf(easing) ?? CURVES.linear
}

/** Eased progress; p outside 0..1 is held at the ends, and an unknown easing is linear. */
export function ease(easing: Easing | undefined, p: number): number {
  return curveOf(easing)(Math.min(1, Math.max(0, p)))
}

export interface Key<T> {
  /** ms since the cue's start */
  at: number
  value: T
  easing?: Easing
}

/** An automated property: its keyframes in order of time. Never empty. */
export type Envelope<T> = Key<T>[]

/** Keyframes in order of time; of two at the same moment the later written one holds from there on. */
export function envelopeOf<T>(keys: Key<T>[]): Envelope<T> {
  return keys.toSorted((a, b) => a.at - b.at)
}

/** The value that holds at `at` without any way in between: texts. */
export function heldAt<T>(envelope: Envelope<T>, at: number): T {
  return envelope[Math.max(0, keysUntil(envelope, at) - 1)].value
}

/** How many keyframes there are up to and with this moment. */
function keysUntil<T>(envelope: Envelope<T>, at: number): number {
  let low = 0
  let high = envelope.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (envelope[middle].at <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Where `at` stands between two keyframes: their values, and the eased progress from one to the other. */
export function wayAt<T>(envelope: Envelope<T>, at: number): { from: T; to: T; p: number } {
  const n = keysUntil(envelope, at)
  const last = envelope[Math.max(0, n - 1)]
  if (n === 0 || n === envelope.length) return { from: last.value, to: last.value, p: 0 }
  const next = envelope[n]
  return { from: last.value, to: next.value, p: ease(last.easing, (at - last.at) / (next.at - last.at)) }
}

/** The value at `at` ms since the cue's start, on the eased way from one keyframe to the next. */
export function valueAt(envelope: Envelope<number>, at: number): number {
  if (envelope.length === 1) return envelope[0].value
  const { from, to, p } = wayAt(envelope, at)
  return from + (to - from) * p
}

/** Spans (ms since the cue's start) in which the value moves. */
export function movingSpans<T>(envelope: Envelope<T>): [number, number][] {
  return envelope
    .slice(1)
    .map((key, i): [number, number] => [envelope[i].at, key.at])
    .filter(
      ([from, to], i) => to > from && envelope[i].value !== envelope[i + 1].value && envelope[i].easing !== 'hold',
    )
}
