import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unlistedEvents } from '../../packaging/event-types.ts'
import { validator } from '../../runtime/contract/validate.ts'
import { APPLIANCE_CASES } from '../conformance/appliance/suite.ts'
import { STUDIO_CASES } from '../conformance/studio/suite.ts'

const root = join(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const asyncapi = JSON.parse(text('docs/reference/asyncapi.json'))

const at = (path: string): unknown =>
  path
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], asyncapi)

describe('the AsyncAPI document', () => {
  test('refers to nothing that there is not', () => {
    const refs = [...JSON.stringify(asyncapi).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)
    expect(refs.length).toBeGreaterThan(100)
    expect(refs.filter(ref => at(ref) === undefined)).toEqual([])
  })

  const folders = ['studio-1.0', 'studio-told-1.0'].flatMap(folder =>
    readdirSync(join(root, 'test/frozen', folder)).map(name => `${folder}/${name}`),
  )
  /** As one JSON Schema. */
  const moved = (part: unknown) => JSON.parse(JSON.stringify(part).replaceAll('#/components/schemas/', '#/$defs/'))
  const topics = Object.values(asyncapi.channels) as { messages: Record<string, { $ref: string }> }[]
  const checks = topics
    .flatMap(({ messages }) => Object.values(messages))
    .map(({ $ref }) =>
      validator({ ...moved((at($ref) as { payload: object }).payload), $defs: moved(asyncapi.components.schemas) }),
    )

  test.each(folders)('has one message that is %s', name => {
    const sample = JSON.parse(text(`test/frozen/${name}`))
    expect(checks.filter(check => check(sample).ok).length).toBe(1)
  })
})

test('every clause that the conformance suite names is a heading of the guide', () => {
  const headings = [...text('docs/studio/channel.md').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading)
  const clauses = [...new Set([...STUDIO_CASES, ...APPLIANCE_CASES].map(({ clause }) => clause))]
  expect(clauses.filter(clause => !headings.includes(clause))).toEqual([])
})

test('an event that nobody listed is found', () => {
  expect(unlistedEvents(root)).toEqual([])
})
