import { apiBody } from '../../../contract/api-body.ts'
import { VistterError } from '../../../contract/errors.ts'
import type { Cue } from '../../../contract/generated/openapi.v1.ts'
import { problemText } from '../../../contract/validate.ts'
import { problemsOf, type Stock } from './readiness.ts'
import { checkScore, type ScoredCue } from './score.ts'

const check = apiBody<Cue>('Cue')

/** A cue as nodes of the flow have changed it, checked as one of the API is. Throws what keeps it from being shown. */
export function checkedCue(cue: Cue, stock: Stock): ScoredCue {
  const found = check(cue)
  if (!found.ok) throw new VistterError('BAD_REQUEST', `/payload: ${problemText(found.problems)}`)
  const scored = { ...found.value, id: cue.id ?? '' }
  checkScore([scored], false)
  const [problem] = problemsOf([scored], stock)
  if (problem) throw new VistterError('UNKNOWN_REFERENCE', problem.detail)
  return scored
}
