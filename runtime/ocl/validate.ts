import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import schema from '../contract/schemas/ocl.v1.json' with { type: 'json' }
import { type Checked, type Problem, validator } from '../contract/validate.ts'
import { dropOf, errorOf } from './directives.ts'
import { finding, type Remark } from './finding.ts'
import { inlined } from './inline.ts'
import { checkMeaning } from './meaning.ts'
import { isBelow } from './pointer.ts'
import { checkSafeArea } from './safe-area.ts'
import { childOf, copyOf, NotATree, remove } from './tree.ts'
import type { Finding } from './types.ts'

export type OclCheck = { ok: true; document: OclDocument; warnings: Finding[] } | { ok: false; errors: Finding[] }

export interface OclRules {
  /** Refuse what this version does not know instead of leaving it out. */
  strict?: boolean
}

/** Nobody reads more, and an answer must stay small. */
const MOST_FINDINGS = 1_000
/** With more than that it is something else than a document, and not worth the time. */
const MOST_PROBLEMS = 10_000

const TOO_MUCH = {
  deep: finding('OCL_STRUCTURE', '', 'is nested too deeply for a document'),
  large: finding('OCL_TOO_LARGE', '', 'has more than 100,000 values'),
}

let compiled: ((value: unknown) => Checked<OclDocument>) | undefined

/**
 * Checks a document of any origin; it never throws. A wrong structure, a reference to nothing, an id used twice: errors,
 * all of them at once. What this version does not know (a key, a transition type, a direction, an easing, an automated
 * property, a sync directive) is left out of the returned document, with a warning each; `strict`: refused.
 * Another major version: OCL_VERSION.
 */
export function validateOcl(input: unknown, { strict = false }: OclRules = {}): OclCheck {
  const tree = safeCopy(input)
  if ('reason' in tree) return refused([TOO_MUCH[tree.reason]])
  const { copy } = tree
  const version = childOf(copy, 'ocl')
  if (typeof version === 'string' && !/^1\.\d+$/.test(version))
    return refused([finding('OCL_VERSION', '/ocl', `version "${version.slice(0, 40)}" is not known here`)])

  const first = check(copy)
  const problems = first.ok ? [] : first.problems
  if (problems.length > MOST_PROBLEMS)
    return refused(problems.slice(0, MOST_FINDINGS + 1).map(problem => errorOf(problem, copy)))
  const remarks = checkMeaning(copy)
  const dropped = new Map<string, Finding>()
  const mistakes: Problem[] = []
  for (const problem of problems) {
    const drop = dropOf(problem, copy)
    if (!drop) mistakes.push(problem)
    else if (!dropped.has(drop.path)) dropped.set(drop.path, drop.warning)
  }
  for (const remark of remarks)
    if (remark.weight === 'drop' && !dropped.has(remark.path)) dropped.set(remark.path, told(remark))

  const counts = ({ path }: { path: string }) => !isBelow(dropped, path)
  const of = (weight: Remark['weight']) =>
    remarks.filter(remark => remark.weight === weight && counts(remark)).map(told)
  const errors = [...mistakes.filter(counts).map(problem => errorOf(problem, copy)), ...of('error')]
  if (strict) errors.push(...dropped.values())
  if (errors.length > 0) return refused(errors)

  remove(copy, dropped.keys())
  const checked = dropped.size > 0 || !first.ok ? check(copy) : first
  if (!checked.ok) return refused(checked.problems.map(problem => errorOf(problem, copy)))
  const warnings = [...dropped.values(), ...of('warning'), ...checkSafeArea(checked.value)]
  return { ok: true, document: checked.value, warnings: bounded(warnings) }
}

const told = ({ weight: _, ...found }: Remark): Finding => found

const refused = (errors: Finding[]): OclCheck => ({ ok: false, errors: bounded(errors) })

function bounded(findings: Finding[]): Finding[] {
  if (findings.length <= MOST_FINDINGS) return findings
  const more = findings.length - MOST_FINDINGS
  return [...findings.slice(0, MOST_FINDINGS), finding('OCL_TOO_LARGE', '', `and ${more} more of the kind`)]
}

function check(value: unknown): Checked<OclDocument> {
  compiled ??= validator<OclDocument>(inlined(schema))
  return compiled(value)
}

function safeCopy(input: unknown): { copy: unknown } | NotATree {
  try {
    return { copy: copyOf(input) }
  } catch (error) {
    if (error instanceof NotATree) return error
    throw error
  }
}
