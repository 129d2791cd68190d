import type { OclTransition } from '../contract/generated/ocl.v1.ts'
import { parseDuration } from './time.ts'

/** A transition that takes time, with its defaults filled in. */
export type Motion = Required<Pick<OclTransition, 'type' | 'direction' | 'from'>> &
  Pick<OclTransition, 'easing'> & { duration: number }

/** Undefined: it is a cut. */
export function motionOf(transition: OclTransition | undefined, rate: number): Motion | undefined {
  if (!transition || transition.type === 'cut') return undefined
  const duration = parseDuration(transition.duration, rate) ?? 0
  if (duration === 0) return undefined
  const { type, direction = 'right', from = 0, easing } = transition
  return { type, direction, from, easing, duration }
}
