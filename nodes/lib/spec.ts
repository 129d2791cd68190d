/**
 * What a node's settings are, said once: the editor's form, defaults and checks, the runtime's checks, the help table and
 * the TypeScript type of the settings all come from it. Pure, because the editor's browser and Node-RED's runtime share it.
 */

interface FieldBase {
  /** One sentence for the help page. */
  description: string
  /** Shown only while another field has this value. */
  when?: { field: string; is: string }
  /** Part of the node's stored settings, yet not of its form. */
  hidden?: boolean
}

export type Field =
  | (FieldBase & {
      type: 'string'
      default: string
      required?: boolean
      maxLength?: number
      /** Offers what the appliance knows; `*` in the list stands for whichever the message or the operator names. */
      pick?: 'cameras' | 'destinations' | 'timelines'
      /** One of them must be named: `*` is no choice. */
      one?: boolean
    })
  | (FieldBase & {
      type: 'number'
      default: number
      min: number
      max: number
      integer?: boolean
      /** As sizes of pictures are: their colour has half as many rows and columns. */
      even?: boolean
      unit?: string
      /** May be left empty, which is 0; that counts even where it is less than `min`. */
      optional?: boolean
    })
  | (FieldBase & { type: 'boolean'; default: boolean })
  | (FieldBase & { type: 'choice'; default: string; choices: readonly string[] })
  /** Another (configuration) node, by its type; its id is stored. */
  | (FieldBase & { type: 'node'; default: ''; node: string; required?: boolean })

export interface NodeSpec {
  /** Node type, and the folder's name. */
  type: string
  /** Version of these settings; stored with each node, so that a later release can bring old flows up. */
  version: number
  category: string
  color: string
  inputs: 0 | 1
  /** How many, or the names of several: the locale's `output.NAME`. */
  outputs: 0 | 1 | readonly string[]
  fields: Readonly<Record<string, Field>>
}

type ValueOf<F extends Field> = F extends { type: 'number' }
  ? number
  : F extends { type: 'boolean' }
    ? boolean
    : F extends { choices: readonly (infer C)[] }
      ? C
      : string

/** The settings that a node with this spec runs with. */
export type SettingsOf<S extends NodeSpec> = { -readonly [K in keyof S['fields']]: ValueOf<S['fields'][K]> }

export const defineSpec = <const S extends NodeSpec>(spec: S): S => spec

/** Whether a field counts, given the other values: what `when` hides is neither checked nor used. */
export function applies(field: Field, values: Readonly<Record<string, unknown>>): boolean {
  return field.when === undefined || values[field.when.field] === field.when.is
}

/** Why a value cannot be used, as a sentence; undefined when it can. Editors give strings, so "1500" is a number here. */
export function refusal(field: Field, value: unknown): string | undefined {
  switch (field.type) {
    case 'number':
      return numberRefusal(field, value)
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false' ? undefined : 'must be on or off'
    case 'choice':
      return field.choices.includes(String(value)) ? undefined : `must be one of ${field.choices.join(', ')}`
    case 'node':
      return value || field.required === false ? undefined : `must name a ${field.node}`
    case 'string': {
      if (typeof value !== 'string') return 'must be a text'
      if (field.required && value.trim() === '') return 'must not be empty'
      if (field.one && value === '*') return 'must name one'
      const longest = field.maxLength ?? 500
      return value.length > longest ? `must not be longer than ${longest} characters` : undefined
    }
  }
}

function numberRefusal(field: Extract<Field, { type: 'number' }>, value: unknown): string | undefined {
  const given = typeof value === 'string' ? value.trim() : value
  if (field.optional && given === '') return undefined
  const number = Number(given)
  if (given === '' || given === null || typeof given === 'boolean' || !Number.isFinite(number))
    return 'must be a number'
  if (field.optional && number === 0) return undefined
  if (field.even && number % 2 !== 0) return 'must be even'
  if (field.integer && !Number.isInteger(number)) return 'must be a whole number'
  if (number < field.min || number > field.max) return `must be between ${field.min} and ${field.max}`
  return undefined
}

/** Stored values to settings of their real types; `problems` names what cannot be used, a sentence each. Changes nothing given. */
export function readSettings<S extends NodeSpec>(
  spec: S,
  stored: Readonly<Record<string, unknown>>,
): { settings: SettingsOf<S>; problems: string[] } {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(spec.fields)) values[name] = stored[name] ?? field.default
  const problems: string[] = []
  if (Number(stored.version ?? spec.version) > spec.version) problems.push('it was made by a newer release')
  for (const [name, field] of Object.entries(spec.fields)) {
    const problem = applies(field, values) ? refusal(field, values[name]) : undefined
    if (problem) problems.push(`${name} ${problem}`)
    else if (field.type === 'number') values[name] = Number(values[name])
    else if (field.type === 'boolean') values[name] = values[name] === true || values[name] === 'true'
  }
  return { settings: values as SettingsOf<S>, problems }
}
