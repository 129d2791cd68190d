import { asErrorCode, VistterError } from '../../contract/errors.ts'
import type { OclAccepted } from '../../contract/generated/openapi.v1.ts'
import type { validateOcl } from '../../ocl/index.ts'

type Check = ReturnType<typeof validateOcl>

export function accepted(check: Check): OclAccepted {
  if (!check.ok) throw refusal(check.errors)
  return { accepted: true, warnings: check.warnings }
}

/** The first error gives the problem its code; all of them are in `errors`. */
export function refusal(errors: Extract<Check, { ok: false }>['errors']): VistterError {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const detail = `The document was refused: ${first?.path || '/'} ${first?.message}${more}.`
  return new VistterError(asErrorCode(first?.code) ?? 'OCL_STRUCTURE', detail, { errors })
}
