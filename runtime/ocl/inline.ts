type Schema = Record<string, unknown>

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A schema without references: what they name stands in their place. For a schema that does not hold itself. A check made
 * of it needs time in proportion to what is wrong; one with references copies all errors so far at each new one.
 */
export function inlined(schema: Schema): Schema {
  const definitions = isSchema(schema.$defs) ? schema.$defs : {}
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved)
    if (!isSchema(value)) return value
    const { $ref, ...own } = value
    const named = typeof $ref === 'string' ? definitions[$ref.replace('#/$defs/', '')] : undefined
    const whole = isSchema(named) ? { ...named, ...own } : own
    return Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, resolved(part)]))
  }
  const { $defs: _, ...root } = schema
  return Object.fromEntries(Object.entries(root).map(([key, part]) => [key, resolved(part)]))
}
