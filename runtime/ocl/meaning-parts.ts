import { bezierOf } from './bezier.ts'
import { type Remark, wrong } from './finding.ts'
import { parseDuration, parseTime } from './time.ts'
import { childOf, type Node } from './tree.ts'

const FORM = { time: /^t\+\d{1,11}(\.\d{1,6})?(ms|s|f)$/, duration: /^\d{1,11}(\.\d{1,6})?(ms|s|f)$/ }

/** Times of the right form that are longer than any document may be: they would count as nothing. */
export function checkTimes(
  { value, path }: Node,
  fields: Record<string, 'time' | 'duration'>,
  rate: number | undefined,
): Remark[] {
  return Object.entries(fields).flatMap(([key, kind]) => {
    const given = childOf(value, key)
    if (typeof given !== 'string') return []
    // Of a wrong frame rate another error tells; of a wrong form, the schema's.
    const read = (kind === 'time' ? parseTime : parseDuration)(given, rate ?? 30)
    if (read !== undefined || !FORM[kind].test(given)) return []
    return [wrong('OCL_TIME', `${path}/${key}`, `is longer than 100,000,000 seconds: "${given}"`)]
  })
}

/** A curve of the right form whose x leave 0..1 is none. */
export function checkEasing({ value, path }: Node): Remark[] {
  const easing = childOf(value, 'easing')
  if (typeof easing !== 'string' || easing.length > 80 || !easing.startsWith('cubic-bezier(') || bezierOf(easing))
    return []
  const hint = 'Use "cubic-bezier(x1, y1, x2, y2)" with four numbers, x1 and x2 within 0 to 1.'
  return [wrong('OCL_STRUCTURE', `${path}/easing`, 'is not a curve that runs from left to right', hint)]
}
