import { VistterError } from '../../../contract/errors.ts'
import type { Entry } from './entry.ts'

/** Those that are named first, in that order; the others behind them as they were. Throws UNKNOWN_REFERENCE. Pure. */
export function arranged(waiting: readonly Entry[], ids: readonly string[]): Entry[] {
  const named = [...new Set(ids)].map(id => {
    const entry = waiting.find(each => each.id === id)
    if (!entry) throw new VistterError('UNKNOWN_REFERENCE', `Nothing that waits in the queue has the id ${id}.`)
    return entry
  })
  return [...named, ...waiting.filter(entry => !named.includes(entry))]
}

/** All but one. Throws NOT_FOUND. Pure. */
export function without(waiting: readonly Entry[], id: string): Entry[] {
  const left = waiting.filter(entry => entry.id !== id)
  if (left.length < waiting.length) return left
  throw new VistterError('NOT_FOUND', `Nothing that waits in the queue has the id ${id}.`)
}
