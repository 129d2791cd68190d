import type { NewTimeline } from '../../../contract/generated/openapi.v1.ts'
import api from '../../../contract/schemas/openapi.v1.json' with { type: 'json' }
import { problemText, validator } from '../../../contract/validate.ts'
import { refusal } from '../refusal.ts'

/** The one description of timelines, as a JSON Schema by itself. */
const $defs = JSON.parse(JSON.stringify(api.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'))

let isTimeline: ReturnType<typeof validator<NewTimeline>> | undefined

/** What the appliance says of a timeline, and does not take. */
const SAID = new Set(['id', 'duration', 'problems', 'state'])

/** The timeline of a segment, as the appliance takes it. Throws SEGMENT_INVALID. */
export function timelineOf(name: string, timeline: Record<string, unknown>): NewTimeline {
  isTimeline ??= validator<NewTimeline>({ $ref: '#/$defs/NewTimeline', $defs })
  const given = Object.fromEntries(Object.entries(timeline).filter(([key]) => !SAID.has(key)))
  const checked = isTimeline({ name, ...given })
  if (checked.ok) return checked.value
  const problems = checked.problems.slice(0, 10).map(problem => ({ ...problem, path: `/timeline${problem.path}` }))
  throw refusal('SEGMENT_INVALID', 'segment.json', problemText(problems))
}
