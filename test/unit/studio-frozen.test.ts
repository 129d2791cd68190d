import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import present from '../../runtime/contract/schemas/studio.v1.json' with { type: 'json' }
import { validator } from '../../runtime/contract/validate.ts'
import { Ledger } from '../peers/studio/ledger.ts'

const frozen = join(import.meta.dirname, '../frozen')
const parse = (...path: string[]) => JSON.parse(readFileSync(join(frozen, ...path), 'utf8'))
type Schema = Record<string, unknown>
type Definitions = Record<string, Schema>

const old = parse('studio-pairing-1.0', 'schema.json') as { $schema: string; $defs: Definitions }
const compiled = new Map<object, Map<string, ReturnType<typeof validator>>>()
function check(schema: { $schema: string; $defs: object }, name: string) {
  const known = compiled.get(schema) ?? new Map<string, ReturnType<typeof validator>>()
  compiled.set(schema, known)
  const made = known.get(name) ?? validator({ $schema: schema.$schema, $ref: `#/$defs/${name}`, $defs: schema.$defs })
  known.set(name, made)
  return made
}

/** As the guide tells a Studio to read: what it does not know it leaves alone. */
function tolerant(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(tolerant)
  if (typeof part !== 'object' || part === null) return part
  const rest = Object.entries(part).filter(([key]) => key !== 'additionalProperties' && key !== 'discriminator')
  return Object.fromEntries(rest.map(([key, value]) => [key, tolerant(value)]))
}
const reader = tolerant(old) as typeof old

const told = readdirSync(join(frozen, 'studio-told-1.0'))

describe('what an appliance of 1.0 told', () => {
  test('there is one of each message, and of each status', () => {
    const all = told.map(name => parse('studio-told-1.0', name))
    const types = new Set(all.map(({ type }) => (type.startsWith('vistter.event.') ? 'event' : type)))
    const statuses = new Set(all.filter(({ type }) => type === 'vistter.ack').map(({ data }) => data.status))
    expect([...types].sort()).toEqual(
      ['ack', 'capabilities', 'proof', 'status', 'summary', 'telemetry']
        .map(name => `vistter.${name}`)
        .toSpliced(0, 0, 'event'),
    )
    expect([...statuses].sort()).toEqual([...present.$defs.AckStatus.enum].sort())
  })

  test.each(told)('%s is right by the schema of today, and by that of 1.0', name => {
    const message = parse('studio-told-1.0', name)
    for (const schema of [present, old])
      for (const part of ['Envelope', 'Told']) expect(check(schema, part)(message)).toMatchObject({ ok: true })
  })

  test.each(told)('%s with members of a later release is read by a Studio of 1.0', name => {
    const message = parse('studio-told-1.0', name)
    const later = { ...message, mood: 1, schemaversion: '1.7', data: { ...message.data, mood: { calm: true } } }
    for (const part of ['Envelope', 'Told']) expect(check(reader, part)(later)).toMatchObject({ ok: true })
    const ledger = new Ledger()
    expect(ledger.heard('box', 'event', later)).toBe(true)
    ledger.close()
  })
})

test.each(['PairRequest', 'PairAnswer'])('%s of 1.0 is right today', name => {
  const body = parse('studio-pairing-1.0', `${name}.json`)
  expect(check(present, name)(body)).toMatchObject({ ok: true })
})

test('pairing with members of a later release: a Studio of 1.0 reads the question, an appliance of any release the answer', () => {
  const [asked, answer] = ['PairRequest', 'PairAnswer'].map(name => parse('studio-pairing-1.0', `${name}.json`))
  const later = { ...asked, mood: 1, device: { ...asked.device, mood: 1, capabilities: { mood: [1] } } }
  expect(check(reader, 'PairRequest')(later)).toMatchObject({ ok: true })
  for (const schema of [old, present])
    expect(check(schema, 'PairAnswer')({ ...answer, mood: 1 })).toMatchObject({ ok: true })
})

interface Shape {
  required: string[]
  properties: Record<string, Schema>
}
const dataOf = (definition: Schema): Shape => {
  const whole = definition as Partial<Shape>
  const { required = [], properties = {} } = (whole.properties?.data ?? whole) as Partial<Shape>
  return { required, properties }
}
const typesOf = ({ type }: Schema): string[] => [type ?? []].flat() as string[]
const names = ({ oneOf }: Schema) => (oneOf as { $ref: string }[]).map(({ $ref }) => $ref.split('/').at(-1) ?? '')
const now = present.$defs as unknown as Definitions
const commands = names(old.$defs.Command ?? {})

describe('the schema of today, beside that of 1.0', () => {
  test.each(commands)('%s demands no more, and knows all that there was', name => {
    const [before, today] = [dataOf(old.$defs[name] ?? {}), dataOf(now[name] ?? {})]
    expect(today.required.filter(member => !before.required.includes(member))).toEqual([])
    expect(Object.keys(before.properties).filter(member => !(member in today.properties))).toEqual([])
  })

  test.each(names(old.$defs.Told ?? {}))('%s always says what it always said, as it said it', name => {
    const [before, today] = [dataOf(old.$defs[name] ?? {}), dataOf(now[name] ?? {})]
    expect(before.required.filter(member => !today.required.includes(member))).toEqual([])
    for (const [member, part] of Object.entries(before.properties)) {
      const other = typesOf(today.properties[member] ?? part).filter(type => !typesOf(part).includes(type))
      expect(other, member).toEqual([])
    }
  })

  test('no command is gone', () => {
    expect(commands.filter(name => !names(now.Command ?? {}).includes(name))).toEqual([])
  })
})
