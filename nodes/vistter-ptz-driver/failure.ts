import { NodeError } from '../lib/node-error.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'

/**
 * Why a camera did not do what it was asked, as nodes on the way say it: a catch node in `error`, an http request node in
 * `statusCode`, which is the name of the trouble where there was no answer. Undefined: nothing failed. Pure.
 */
export function failureIn({ error, statusCode }: NodeMessage): NodeError | undefined {
  if (error !== undefined && error !== null) return failed(codeIn(error), textIn(error))
  if (typeof statusCode === 'number') return statusCode < 400 ? undefined : failed(codeOf(statusCode), said(statusCode))
  if (typeof statusCode !== 'string' || statusCode === '') return undefined
  const number = Number(statusCode)
  if (Number.isFinite(number)) return failureIn({ statusCode: number })
  const code = statusCode.includes('TIMEDOUT') ? 'PTZ_TIMEOUT' : 'PTZ_UNREACHABLE'
  return failed(code, `The camera does not answer (${statusCode}).`)
}

const said = (status: number): string => `The camera answered with status ${status}.`

function codeOf(status: number): string {
  if (status === 401 || status === 403) return 'PTZ_AUTH'
  if (status === 404 || status === 405 || status === 501) return 'PTZ_UNSUPPORTED'
  return 'PTZ_REFUSED'
}

/** A function node may name one of the appliance's own codes. */
function codeIn(error: unknown): string {
  const code = isRecord(error) || error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' && code.startsWith('PTZ_') ? code : 'PTZ_REFUSED'
}

function textIn(error: unknown): string {
  const text = isRecord(error) || error instanceof Error ? (error as { message?: unknown }).message : error
  return typeof text === 'string' && text !== '' ? text.slice(0, 200) : 'The flow reported an error.'
}

const failed = (code: string, detail: string): NodeError => new NodeError(code, detail, 'Look into the flow.')
