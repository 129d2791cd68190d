import type { Clock } from '../../contract/generated/ocl.v1.ts'
import { timeText } from './calendar.ts'
import { fieldsOf } from './pattern.ts'
import { type DataWorld, HAIR, type Said } from './types.ts'

export function clockSaid({ pattern, timezone }: Clock, world: DataWorld): Said {
  const now = Math.floor(world.now + HAIR)
  const step = stepOf(pattern)
  return {
    text: timeText(now, pattern, world.locale, timezone ?? world.timezone) ?? '',
    hidden: false,
    until: (Math.floor(now / step) + 1) * step,
  }
}

/** How often it may turn. Not less than each minute: days begin at other minutes elsewhere, and hours are skipped. */
function stepOf(pattern: string): number {
  const fields = fieldsOf(pattern)
  if (fields.includes('SSS')) return 1
  return fields.some(field => field.startsWith('s')) ? 1_000 : 60_000
}
