import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs/studio/examples')

interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  properties?: Record<string, Schema>
  items?: Schema
  oneOf?: Schema[]
  enum?: string[]
  const?: string
}

const language: Schema = read(join(root, 'runtime/contract/schemas/ocl.v1.json'))
const typeOf = (schema: Schema): string | undefined => schema.properties?.type?.const

function read(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function named(schema: Schema): Schema {
  const found = schema.$ref ? language.$defs?.[schema.$ref.replace('#/$defs/', '')] : schema
  if (!found) throw new Error(`the schema has no ${schema.$ref}`)
  return found
}

/** Every path of the language, and every word that may stand there: "scenes.tracks.cues.text.fit", "…fit = shrink". */
function directives(schema: Schema, path = ''): string[] {
  const { properties = {}, items, oneOf = [], enum: words = [] } = named(schema)
  return [
    ...Object.entries(properties).flatMap(([key, value]) => [`${path}.${key}`, ...directives(value, `${path}.${key}`)]),
    ...(items ? directives(items, path) : []),
    ...oneOf.map(named).flatMap(each => directives(each, `${path}(${typeOf(each)})`)),
    ...words.map(word => `${path} = ${word}`),
  ]
}

/** Those that a document uses, written alike. */
function used(schema: Schema, value: unknown, path = ''): string[] {
  const { properties = {}, items, oneOf = [], enum: words } = named(schema)
  if (Array.isArray(value)) return value.flatMap(each => (items ? used(items, each, path) : []))
  if (words) return [`${path} = ${value}`]
  if (typeof value !== 'object' || value === null) return []
  const kind = oneOf.map(named).find(each => 'type' in value && typeOf(each) === value.type)
  if (kind) return used(kind, value, `${path}(${typeOf(kind)})`)
  return Object.entries(value).flatMap(([key, part]) =>
    properties[key] ? [`${path}.${key}`, ...used(properties[key], part, `${path}.${key}`)] : [],
  )
}

test('every directive of the language, and every word that it takes, stands in an example', () => {
  const all = directives(language)
  expect(all.length).toBeGreaterThan(300)
  const examples = readdirSync(folder).filter(name => name.endsWith('.json'))
  const shown = new Set(examples.flatMap(name => used(language, read(join(folder, name)))))
  expect(all.filter(directive => !shown.has(directive))).toEqual([])
})
