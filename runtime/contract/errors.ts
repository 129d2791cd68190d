import { CODES } from './error-codes.ts'

export type ErrorCode = keyof typeof CODES

/** A code of this taxonomy that came in as text, such as from another process. */
export const asErrorCode = (text: string | undefined): ErrorCode | undefined =>
  text !== undefined && Object.hasOwn(CODES, text) ? (text as ErrorCode) : undefined

/** What went wrong, as it is shown: stable code, what happened, what to do next. */
export interface Fault {
  code: ErrorCode
  detail: string
  hint: string
}

/** The standard way to say what went wrong. `detail` is one sentence for a person, without secrets. */
export function fault(code: ErrorCode, detail: string): Fault {
  return { code, detail, hint: CODES[code][1] }
}

/** An expected failure on its way to whoever asked. Everything else that is thrown is a bug and becomes INTERNAL. */
export class VistterError extends Error {
  readonly code: ErrorCode
  /** Extra members of the problem document, such as `errors` of a refused OCL document. */
  readonly extra: Record<string, unknown>

  constructor(code: ErrorCode, detail: string, extra: Record<string, unknown> = {}) {
    super(detail)
    this.name = 'VistterError'
    this.code = code
    this.extra = extra
  }

  get status(): number {
    return CODES[this.code][0]
  }

  get hint(): string {
    return CODES[this.code][1]
  }

  get fault(): Fault {
    return fault(this.code, this.message)
  }
}

/** Translates anything thrown into a VistterError; the text of an unexpected one stays in the log, not in the answer. */
export function asVistterError(thrown: unknown): VistterError {
  if (thrown instanceof VistterError) return thrown
  return new VistterError('INTERNAL', 'Something unexpected happened inside the appliance.')
}
