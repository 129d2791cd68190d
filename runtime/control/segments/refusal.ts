import { type ErrorCode, VistterError } from '../../contract/errors.ts'

type SegmentCode = Extract<ErrorCode, `SEGMENT_${string}`>

/** A package that is not taken, and the file in it that is why. */
export const refusal = (code: SegmentCode, file: string, what: string, extra: Record<string, unknown> = {}) =>
  new VistterError(code, file ? `${shownName(file)} ${what}` : what, {
    ...(file && { file: shownName(file) }),
    ...extra,
  })

const CONTROLS = /\p{Cc}/gu

/** A file name for people: whoever made it may have put anything into it. */
export const shownName = (name: string): string => {
  const plain = name.replace(CONTROLS, '?')
  return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain
}
