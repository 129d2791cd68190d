import schema from '../../../runtime/contract/schemas/studio.v1.json' with { type: 'json' }

type Schema = Record<string, unknown>
const definitions = schema.$defs as Record<string, Schema>
const nameOf = (ref: unknown) => String(ref).split('/').at(-1) ?? ''

/** Without references: as the page makes forms of it. */
function whole(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(whole)
  if (typeof part !== 'object' || part === null) return part
  const { $ref, ...rest } = part as Schema
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, whole(value)]))
  return $ref === undefined ? own : { ...(whole(definitions[nameOf($ref)]) as Schema), ...own }
}

export interface CommandForm {
  type: string
  description: string
  /** JSON Schema of its data. */
  data: Schema
}

/** Every command of the contract, with all that a form needs. */
export const COMMANDS: CommandForm[] = schema.$defs.Command.oneOf.map(({ $ref }) => {
  const { description, properties } = whole(definitions[nameOf($ref)]) as {
    description: string
    properties: { type: { const: string }; data: Schema }
  }
  return { type: properties.type.const, description, data: properties.data }
})
