import { type ErrorCode, fault } from '../contract/errors.ts'
import type { Finding } from './types.ts'

/** Something found in a document, with what to do about it: the usual advice of its code, unless there is better. */
export function finding(code: ErrorCode, path: string, message: string, hint?: string): Finding {
  return { code, path, message, hint: hint ?? fault(code, message).hint }
}

/** What the meaning of a document was found to be worth saying. */
export interface Remark extends Finding {
  /**
   * error: refused. warning: accepted as it is. drop: this appliance cannot do it, so it is left out, as an unknown
   * directive is.
   */
  weight: 'error' | 'warning' | 'drop'
}

export const wrong = (code: ErrorCode, path: string, message: string, hint?: string): Remark => ({
  ...finding(code, path, message, hint),
  weight: 'error',
})

export const useless = (path: string, message: string, hint?: string): Remark => ({
  ...finding('OCL_NO_EFFECT', path, message, hint),
  weight: 'warning',
})

export const unknown = (path: string, message: string, hint?: string): Remark => ({
  ...finding('OCL_UNSUPPORTED_DIRECTIVE', path, message, hint),
  weight: 'drop',
})
