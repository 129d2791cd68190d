import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Request, RequestHandler, Response } from 'express'
import { asErrorCode, VistterError } from '../../contract/errors.ts'
import { type Gate, whileWelcome } from './guard.ts'

/** Passes on a picture or stream that the engine offers on its media socket. */
export function mediaProxy(socketPath: string, gate: Gate, pathFor: (request: Request) => string): RequestHandler {
  return (request, response, next) => {
    const asking = httpRequest({ socketPath, path: pathFor(request), headers: { host: 'engine' } })
    asking.once('error', () => {
      if (response.headersSent) response.destroy()
      else next(new VistterError('ENGINE_DOWN', 'The picture engine is not there.'))
    })
    asking.once('response', answer => {
      if (answer.statusCode === 200) passOn(answer, response)
      else refusal(answer).then(next, next)
    })
    whileWelcome(gate, request, response)
    response.once('close', () => asking.destroy())
    asking.end()
  }
}

function passOn(answer: IncomingMessage, response: Response): void {
  const length = answer.headers['content-length']
  response.writeHead(200, {
    'content-type': answer.headers['content-type'] ?? 'application/octet-stream',
    'cache-control': 'no-store, no-transform',
    ...(length && { 'content-length': length }),
  })
  answer.pipe(response)
  answer.once('close', () => {
    if (!response.writableEnded) response.destroy()
  })
}

async function refusal(answer: IncomingMessage): Promise<VistterError> {
  const { code, detail } = JSON.parse(await text(answer)) as { code?: string; detail?: string }
  return new VistterError(asErrorCode(code) ?? 'NOT_FOUND', detail ?? 'There is no picture now.')
}
