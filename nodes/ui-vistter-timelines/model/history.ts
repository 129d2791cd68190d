/** How far back one can go. */
const MOST = 200

/** States of something, before and after the present one. */
export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
  /** What the last step was: steps of the same kind in a row are one, such as letters of a name. */
  step?: string
}

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [] })

/** After an edit. One that changes nothing is none. Pure. */
export function did<T>(history: History<T>, next: T, step?: string): History<T> {
  const { past, present } = history
  if (next === present) return history
  const goesOn = step !== undefined && step === history.step && past.length > 0
  return {
    past: goesOn ? past : [...past, present].slice(-MOST),
    present: next,
    future: [],
    ...(step !== undefined && { step }),
  }
}

export function undone<T>({ past, present, future }: History<T>): History<T> {
  const last = past.at(-1)
  if (last === undefined) return { past, present, future }
  return { past: past.slice(0, -1), present: last, future: [present, ...future] }
}

export function redone<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future
  if (next === undefined) return { past, present, future }
  return { past: [...past, present], present: next, future: rest }
}
