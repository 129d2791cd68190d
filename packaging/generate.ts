import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { CODES } from '../runtime/contract/error-codes.ts'
import { unlistedEvents } from './event-types.ts'
import { oclReference, type Schema } from './ocl-reference.ts'
import { asyncApi, studioReference } from './studio-reference.ts'

/**
 * Types from schemas: runtime/contract/schemas/NAME.json becomes runtime/contract/generated/NAME.ts, and the overlay
 * language's descriptions become docs/reference/ocl.md; the Studio channel's become docs/reference/studio.md and asyncapi.json.
 * With --check nothing is written and a difference is an error, so a schema cannot change without its types.
 */
const contract = join(import.meta.dirname, '..', 'runtime', 'contract')
const check = process.argv.includes('--check')
const stale: string[] = []

for (const file of readdirSync(join(contract, 'schemas')).filter(name => name.endsWith('.json'))) {
  const source = JSON.parse(readFileSync(join(contract, 'schemas', file), 'utf8')) as JSONSchema & { openapi?: string }
  const types = await compile(source.openapi ? schemasOf(source) : source, file, {
    bannerComment: `// Generated from ../schemas/${file} by \`npm run generate\`. Do not edit.`,
    additionalProperties: false,
    unreachableDefinitions: true,
    format: false,
  })
  keep(join(contract, 'generated', file.replace(/\.json$/, '.ts')), types)
}

const language = JSON.parse(readFileSync(join(contract, 'schemas', 'ocl.v1.json'), 'utf8')) as Schema
keep(join(import.meta.dirname, '..', 'docs', 'reference', 'ocl.md'), oclReference(language))

const channel = JSON.parse(readFileSync(join(contract, 'schemas', 'studio.v1.json'), 'utf8'))
keep(join(import.meta.dirname, '..', 'docs', 'reference', 'asyncapi.json'), asyncApi(channel))
keep(join(import.meta.dirname, '..', 'docs', 'reference', 'studio.md'), studioReference(channel, CODES))

const unlisted = unlistedEvents(join(import.meta.dirname, '..'))
if (unlisted.length > 0) {
  console.error(`Events that runtime/contract/events.ts does not list; add them there:\n  ${unlisted.join('\n  ')}`)
  process.exit(1)
}

if (stale.length > 0) {
  console.error(`Generated files differ from their schemas; run \`npm run generate\`:\n  ${stale.join('\n  ')}`)
  process.exit(1)
}

function keep(target: string, content: string): void {
  if (check) {
    if (readOr(target, '') !== content) stale.push(target)
    return
  }
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, content)
}

/** The component schemas of an OpenAPI document, as one JSON Schema with $defs. */
function schemasOf(document: JSONSchema): JSONSchema {
  const text = JSON.stringify(document.components?.schemas).replaceAll('#/components/schemas/', '#/$defs/')
  return { title: 'Api', type: 'object', additionalProperties: false, $defs: JSON.parse(text) }
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return fallback
  }
}
