import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, Response } from 'express'
import { HttpError } from 'express-openapi-validator/dist/framework/types.js'
import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { Log } from '../../lib/log.ts'

/** Sends an error as a problem document (RFC 9457). */
function sendProblem(response: Response, error: VistterError): void {
  const { status, fault, extra } = error
  const { retryAfter, ...members } = extra
  if (typeof retryAfter === 'number') response.set('retry-after', String(retryAfter))
  const problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...fault, ...members }
  response
    .status(status)
    .type('application/problem+json')
    .set('cache-control', 'no-store')
    .send(JSON.stringify(problem))
}

/** The last handler: everything thrown becomes a problem document; what nobody expected is logged whole, and told in general. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = refusedByValidator(thrown) ?? asVistterError(thrown)
    if (error.status >= 500 && error.code !== 'ENGINE_DOWN')
      log.error({ err: thrown, method: request.method, path: request.path }, 'request failed')
    if (response.headersSent) response.destroy()
    else sendProblem(response, error)
  }
}

/** What the OpenAPI validator and the body parser throw, in our words. */
function refusedByValidator(thrown: unknown): VistterError | undefined {
  if (thrown instanceof HttpError) {
    if (thrown.status === 404) return new VistterError('NOT_FOUND', `There is nothing at ${thrown.path}.`)
    if (thrown.status === 405)
      return new VistterError('METHOD_NOT_ALLOWED', `This method is not offered at ${thrown.path}.`)
    if (thrown.status >= 500) return undefined
    const findings = thrown.errors.map(({ path, message }) => `${path.replace(/^\/body/, '') || '/'}: ${message}`)
    return new VistterError('BAD_REQUEST', [...new Set(findings)].join('; ') || thrown.message)
  }
  if (!(thrown instanceof Error) || !('type' in thrown)) return undefined
  if (thrown.type === 'entity.too.large')
    return new VistterError('TOO_LARGE', 'The request is larger than allowed here.')
  if (thrown.type === 'entity.parse.failed') return new VistterError('BAD_REQUEST', 'The body is not valid JSON.')
  return 'status' in thrown && thrown.status === 400 ? new VistterError('BAD_REQUEST', thrown.message) : undefined
}
