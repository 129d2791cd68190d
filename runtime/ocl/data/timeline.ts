import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { timelineOf } from '../compile.ts'
import { positionAt } from '../plan.ts'
import { parseTime } from '../time.ts'
import type { DataWorld } from './types.ts'

/** Where a document stands when it, or one of its scenes, has played for so long (ms): for countdowns to a time of it. */
export function timelineAt(document: OclDocument, t: number, scene?: string): NonNullable<DataWorld['timeline']> {
  const { rate } = timelineOf(document)
  const position = positionAt(document, t, scene === undefined ? {} : { scene })
  return { at: position?.at ?? 0, timeOf: time => parseTime(time, rate)?.ms }
}
