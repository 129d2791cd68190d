import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RequestHandler } from 'express'
import { VistterError } from '../../contract/errors.ts'

/** As the appliance makes them: nothing else is ever part of a file's name. */
const ID = /^[0-9A-Z]{26}$/
const SHA256 = /^[0-9a-f]{64}$/

/** The picture of a preset. */
export function thumbnailHandler(fileOf: (preset: string) => string): RequestHandler {
  return (request, response, next) => {
    const preset = String(request.params.pid)
    const none = () => next(new VistterError('NOT_FOUND', `The preset ${preset} has no picture.`))
    if (!ID.test(preset)) return none()
    readFile(fileOf(preset)).then(picture => response.type('jpeg').set('cache-control', 'no-store').send(picture), none)
  }
}

/** A picture of what was on air. One that is not what its row says any more is none. */
export function evidenceHandler(fileOf: (sha256: string) => string): RequestHandler {
  return (request, response, next) => {
    const sha256 = String(request.params.sha256)
    const none = (why: string) => next(new VistterError('NOT_FOUND', `The picture ${sha256} ${why}.`))
    if (!SHA256.test(sha256)) return none('does not exist')
    readFile(fileOf(sha256)).then(
      picture => {
        if (createHash('sha256').update(picture).digest('hex') !== sha256) return none('was changed since')
        response.type('jpeg').set('cache-control', 'private, max-age=31536000, immutable').send(picture)
      },
      () => none('is not kept any more'),
    )
  }
}
