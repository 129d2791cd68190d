import { Ajv2020, type AnySchemaObject, type ErrorObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** One thing wrong with a value: where (JSON pointer, RFC 6901, "" is the whole) and what, in words for a person. */
export interface Problem {
  path: string
  message: string
  /** The JSON Schema keyword that failed, and its parameters (such as `additionalProperty`). */
  keyword: string
  params: Record<string, unknown>
  /** Title of the schema that failed: what kind of value it should have been. */
  title?: string
  /** What would have been right: the keys that there are, or the values. */
  known?: string[]
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] }

/**
 * What a start would spend on checking our own schemas, and on making code smaller that runs a few times: a test checks
 * the schemas (unit/schemas), and a box that starts in two thirds of the time is back sooner after a crash.
 */
const SWIFT = { meta: false, validateSchema: false, code: { optimize: false } }

/**
 * Compiles a JSON Schema 2020-12 into a check that answers with every problem at once. Nothing is coerced, no defaults
 * are filled in: what crosses a boundary is right or it is not. Compile once, at start: it takes milliseconds.
 */
export function validator<T>(schema: AnySchemaObject): (value: unknown) => Checked<T> {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, discriminator: true, ...SWIFT })
  formats.default(ajv)
  const validate = ajv.compile<T>(schema)
  return (value): Checked<T> =>
    validate(value) ? { ok: true, value: value as T } : { ok: false, problems: (validate.errors ?? []).map(problemOf) }
}

/** The problems in one sentence, for errors that carry text only. */
export function problemText(problems: Problem[]): string {
  return problems.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ')
}

function problemOf(error: ErrorObject): Problem {
  const { keyword, instancePath, params, parentSchema } = error
  const title = parentSchema?.title
  return {
    path: instancePath,
    message: wordsFor(error),
    keyword,
    params,
    ...(typeof title === 'string' && { title }),
    ...knownOf(error),
  }
}

function knownOf({ keyword, params, parentSchema }: ErrorObject): { known?: string[] } {
  if (keyword === 'additionalProperties') return { known: Object.keys(parentSchema?.properties ?? {}) }
  return keyword === 'enum' ? { known: params.allowedValues.map(String) } : {}
}

function wordsFor({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `has the unknown key "${params.additionalProperty}"`
    case 'required':
      return `lacks "${params.missingProperty}"`
    case 'enum':
      return `must be one of ${params.allowedValues.join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`
    default:
      return message ?? 'is not valid'
  }
}
