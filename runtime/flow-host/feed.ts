import { VistterError } from '../contract/errors.ts'
import type { Feed, ProgramFeed, SourceFeed, TimelineFeed } from '../contract/flow.ts'
import wiring from '../contract/schemas/wiring.v1.json' with { type: 'json' }
import { type Checked, problemText, validator } from '../contract/validate.ts'

const schemaOf = (properties: Record<string, unknown>) => ({
  $defs: wiring.$defs,
  type: 'object',
  additionalProperties: false,
  required: ['round', ...Object.keys(properties)],
  properties: { round: { type: 'integer', minimum: 1 }, ...properties },
})

/** Function and change nodes may stand on the wire, so what arrives as a feed is checked like any input from outside. */
const checks: Record<Feed['kind'], (value: unknown) => Checked<Feed>> = {
  source: validator<SourceFeed>(
    schemaOf({
      kind: { const: 'source' },
      role: { enum: ['source', 'fallback'] },
      order: { type: 'number' },
      source: { $ref: '#/$defs/SourceRef' },
    }),
  ),
  timeline: validator<TimelineFeed>(
    schemaOf({ kind: { const: 'timeline' }, timeline: { type: 'string', minLength: 1, maxLength: 100 } }),
  ),
  program: validator<ProgramFeed>(
    schemaOf({
      kind: { const: 'program' },
      program: { type: 'string', minLength: 1 },
      overlays: { type: 'array', items: { type: 'string' }, maxItems: 100 },
      profile: wiring.$defs.WiredOutput.properties.profile,
    }),
  ),
}

/** The feed in a message. Throws FEED_INVALID with what is wrong with it. */
export function readFeed(value: unknown): Feed {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  if (kind !== 'source' && kind !== 'program' && kind !== 'timeline') {
    throw new VistterError('FEED_INVALID', 'What this message carries as its feed is not a feed.')
  }
  const checked = checks[kind](value)
  if (checked.ok) return checked.value
  throw new VistterError('FEED_INVALID', `The feed of this message cannot be used: ${problemText(checked.problems)}.`)
}
