import type { FlowFault } from '../../runtime/contract/flow.ts'
import { isRecord } from './values.ts'

/** An expected failure inside a node, in the same shape as the appliance's own errors: code, what happened, what to do. */
export class NodeError extends Error {
  readonly code: string
  readonly hint: string

  constructor(code: string, detail: string, hint: string) {
    super(detail)
    this.name = 'NodeError'
    this.code = code
    this.hint = hint
  }
}

/** The feed arrived at a node that has no use for it: the wires are in the wrong order. */
export const misplaced = (detail: string): NodeError =>
  new NodeError('FEED_MISPLACED', detail, 'Wire camera and slate to a program, then overlay, encoder and destination.')

/** Code and sentence of anything thrown, for a status line. */
export function statusTextOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const code = 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.code}: ` : ''
  return `${code}${thrown.message}`.slice(0, 120)
}

/** Anything that went wrong, as messages carry it: code, what happened, what to do. */
export function faultOf(thrown: unknown): FlowFault {
  const said: Record<string, unknown> = isRecord(thrown) ? thrown : {}
  const { code, hint } = said
  const detail = thrown instanceof Error ? thrown.message : said.detail
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    detail: typeof detail === 'string' ? detail : 'It failed for an unknown reason.',
    hint: typeof hint === 'string' ? hint : 'Try again; if it stays, look into the log of the appliance.',
  }
}

/** A catch node's message carries only `message`, `code` and `cause` of an error: the rest travels in the cause. */
export function forCatchNode(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('hint' in thrown)) return thrown
  const extra = 'extra' in thrown && typeof thrown.extra === 'object' ? thrown.extra : {}
  thrown.cause = { code: thrown.code, detail: thrown.message, hint: thrown.hint, ...extra }
  return thrown
}
