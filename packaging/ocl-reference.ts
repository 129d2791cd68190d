/** The reference page of the overlay language, from the descriptions in its schema. */
export interface Schema {
  title?: string
  description?: string
  type?: string | string[]
  $ref?: string
  const?: unknown
  enum?: unknown[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  required?: string[]
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  maxProperties?: number
  pattern?: string
  $defs?: Record<string, Schema>
}

interface Section {
  name: string
  schema: Schema
}

export function oclReference(root: Schema): string {
  const named: Section[] = [{ name: root.title ?? 'Document', schema: root }, ...sectionsOf(root.$defs ?? {})]
  const sections = [...named, ...named.flatMap(({ schema }) => partsOf(schema, new Set(named.map(({ name }) => name))))]
  return [
    '# OCL reference',
    '',
    'Every key of the [Overlay Composition Language](../studio/ocl.md), generated from its schema',
    '(`runtime/contract/schemas/ocl.v1.json`). Pixels are those of the base resolution, `timeline.resolution`.',
    '',
    ...sections.flatMap(section),
  ].join('\n')
}

const sectionsOf = (definitions: Record<string, Schema>): Section[] =>
  Object.entries(definitions).map(([name, schema]) => ({ name, schema }))

/** Parts that are described where they stand, but have a name of their own. */
function partsOf({ properties = {}, items }: Schema, known: Set<string>): Section[] {
  return [...Object.values(properties), ...(items ? [items] : [])].flatMap(schema => {
    const inner = [schema, schema.items].filter(part => part !== undefined).filter(part => !part.$ref)
    return inner.flatMap(part => {
      if (!part.title || known.has(part.title) || !part.properties) return part.items ? partsOf(part, known) : []
      known.add(part.title)
      return [{ name: part.title, schema: part }, ...partsOf(part, known)]
    })
  })
}

function section({ name, schema }: Section): string[] {
  const { description, properties, required = [] } = schema
  const rows = Object.entries(properties ?? {}).map(([key, value]) => {
    const must = required.includes(key) ? 'yes' : ''
    return `| \`${key}\` | ${kindOf(value)} | ${must} | ${cell(value.description)} |`
  })
  return [
    `## ${name}`,
    '',
    ...(description ? [description, ''] : []),
    ...(rows.length > 0
      ? ['| key | value | needed | |', '| --- | --- | --- | --- |', ...rows, '']
      : [kindOf(schema), '']),
  ]
}

const cell = (text = ''): string => text.replaceAll('|', '\\|')

function kindOf(schema: Schema): string {
  const { $ref, title, oneOf, items, properties, type } = schema
  if ($ref) return linkTo($ref.split('/').at(-1) ?? '')
  if (schema.enum) return schema.enum.map(value => `\`${String(value)}\``).join(', ')
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (oneOf) return oneOf.map(kindOf).join(' or ')
  if (items) return `list of ${kindOf(items)}${rangeOf(schema.minItems, schema.maxItems, ' items')}`
  if (properties && title) return linkTo(title)
  const { additionalProperties: words } = schema
  if (typeof words === 'object') return `object of ${kindOf(words)}${rangeOf(undefined, schema.maxProperties, ' keys')}`
  return [type ?? []]
    .flat()
    .map(kind => simple(kind, schema))
    .join(' or ')
}

function simple(kind: string, { minimum, exclusiveMinimum, maximum, minLength, maxLength }: Schema): string {
  if (kind === 'string') return `text${rangeOf(minLength, maxLength, ' characters')}`
  if (kind === 'boolean') return '`true` or `false`'
  const whole = kind === 'integer' ? 'whole number' : kind
  return exclusiveMinimum === undefined
    ? `${whole}${rangeOf(minimum, maximum, '')}`
    : `${whole} above ${exclusiveMinimum}${rangeOf(undefined, maximum, '')}`
}

function rangeOf(least: number | undefined, most: number | undefined, of: string): string {
  if (least === undefined && most === undefined) return ''
  if (least === undefined) return ` up to ${said(most)}${of}`
  return most === undefined ? ` from ${said(least)}${of}` : `, ${said(least)} to ${said(most)}${of}`
}

const said = (value = 0): string => value.toLocaleString('en')

const linkTo = (name: string): string => `[${name}](#${name.toLowerCase()})`
