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
  return (envelope.findLast(key => key.at <= at) ?? envelope[0]).value
}

/** The value at `at` ms since the cue's start, on the eased way from one keyframe to the next. */
export function valueAt(envelope: Envelope<number>, at: number): number {
  const next = envelope.findIndex(key => key.at > at)
  if (next === 0) return envelope[0].value
  const last = envelope[next < 0 ? envelope.length - 1 : next - 1]
  if (next < 0) return last.value
  const { at: end, value } = envelope[next]
  return last.value + (value - last.value) * ease(last.easing, (at - last.at) / (end - last.at))
}

/** Spans (ms since the cue's start) in which the value moves. */
export function movingSpans(envelope: Envelope<number>): [number, number][] {
  return envelope
    .slice(1)
    .map((key, i): [number, number] => [envelope[i].at, key.at])
    .filter(([from, to], i) => to > from && envelope[i].value !== envelope[i + 1].value)
}
