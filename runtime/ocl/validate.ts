import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import schema from '../contract/schemas/ocl.v1.json' with { type: 'json' }
import { type Problem, validator } from '../contract/validate.ts'
import { isAt, parentOf, step, stepsOf } from './pointer.ts'
import { checkMeaning, finding } from './references.ts'
import { checkSafeArea } from './safe-area.ts'
import { childOf, copyOf, remove, TooDeep } from './tree.ts'
import type { Finding } from './types.ts'

export type OclCheck = { ok: true; document: OclDocument; warnings: Finding[] } | { ok: false; errors: Finding[] }

let compiled: ((value: unknown) => ReturnType<ReturnType<typeof validator<OclDocument>>>) | undefined

/**
 * Checks a document of any origin; it never throws. A wrong structure, a reference to nothing, an id used twice: errors,
 * all of them at once. What this version does not know (a key, a transition type, a direction, an easing, an automated
 * property, a sync directive) is left out of the returned document, with a warning each. Another major version: OCL_VERSION.
 */
export function validateOcl(input: unknown): OclCheck {
  const tree = safeCopy(input)
  if (!tree) return refused([finding('OCL_STRUCTURE', '', 'is nested too deeply for a document')])
  const version = childOf(tree.copy, 'ocl')
  if (typeof version === 'string' && !/^1\.\d+$/.test(version))
    return refused([finding('OCL_VERSION', '/ocl', `version "${version.slice(0, 40)}" is not known here`)])

  const problems = problemsOf(tree.copy)
  const unknown = dropping(problems, tree.copy)
  const dropped = [...unknown.keys()]
  const isDropped = (path: string) => dropped.some(above => isAt(above, path))
  const errors = problems
    .filter(problem => !unknown.has(dropPath(problem, tree.copy) ?? '') && !isDropped(problem.path))
    .map(problem => errorOf(problem, input))
  errors.push(...checkMeaning(tree.copy).filter(({ path }) => !isDropped(path)))
  if (errors.length > 0) return refused(errors)

  remove(tree.copy, dropped)
  const checked = check(tree.copy)
  if (!checked.ok) return refused(checked.problems.map(problem => errorOf(problem, tree.copy)))
  return { ok: true, document: checked.value, warnings: [...unknown.values(), ...checkSafeArea(checked.value)] }
}

const refused = (errors: Finding[]): OclCheck => ({ ok: false, errors })

function check(value: unknown) {
  compiled ??= validator<OclDocument>(schema)
  return compiled(value)
}

function problemsOf(value: unknown): Problem[] {
  const checked = check(value)
  return checked.ok ? [] : checked.problems
}

function safeCopy(input: unknown): { copy: unknown } | undefined {
  try {
    return { copy: copyOf(input) }
  } catch (error) {
    if (error instanceof TooDeep) return undefined
    throw error
  }
}

/** What to take out for each unknown directive, by pointer, with the warning that tells of it. */
function dropping(problems: Problem[], tree: unknown): Map<string, Finding> {
  const warnings = new Map<string, Finding>()
  for (const problem of problems) {
    const path = dropPath(problem, tree)
    if (path === undefined || warnings.has(path)) continue
    const at = problem.keyword === 'additionalProperties' ? path : problem.path
    const message =
      problem.keyword === 'additionalProperties'
        ? `"${stepsOf(path).at(-1)}" is not known here and was left out`
        : `"${valueAt(tree, at)}" is not known here and was left out: it ${problem.message}`
    warnings.set(path, finding('OCL_UNSUPPORTED_DIRECTIVE', at, message))
  }
  return warnings
}

/** What to take out because of this problem; undefined: it is no unknown directive but a mistake. */
function dropPath({ keyword, path, params, title }: Problem, tree: unknown): string | undefined {
  if (keyword === 'additionalProperties') return step(path, String(params.additionalProperty))
  if (keyword === 'discriminator') return path
  if (typeof valueAt(tree, path) !== 'string') return undefined
  if (keyword === 'pattern') return title === 'Easing' ? path : undefined
  if (keyword !== 'enum') return undefined
  switch (title) {
    case 'TransitionType':
    case 'AutomatedProperty':
      return parentOf(path)
    case 'Direction':
    case 'Otherwise':
    case 'TextDirection':
    case 'TextFit':
    case 'AssetFit':
    case 'QrLevel':
    case 'StaleRule':
      return path
    default:
      return undefined
  }
}

const KINDS: Record<string, string> = { Time: 'a time', Duration: 'a duration' }

function errorOf({ path, message, title = '' }: Problem, input: unknown): Finding {
  const kind = KINDS[title]
  if (!kind) return finding('OCL_STRUCTURE', path, message)
  return finding('OCL_TIME', path, `is not ${kind}: ${JSON.stringify(valueAt(input, path))?.slice(0, 80)}`)
}

const valueAt = (tree: unknown, path: string): unknown =>
  stepsOf(path).reduce<unknown>((node, key) => childOf(node, key), tree)
