import { readFile } from 'node:fs/promises'
import type { RequestHandler } from 'express'
import { VistterError } from '../../contract/errors.ts'

/** As the appliance makes them: nothing else is ever part of a file's name. */
const ID = /^[0-9A-Z]{26}$/

/** The picture of a preset. */
export function thumbnailHandler(fileOf: (preset: string) => string): RequestHandler {
  return (request, response, next) => {
    const preset = String(request.params.pid)
    const none = () => next(new VistterError('NOT_FOUND', `The preset ${preset} has no picture.`))
    if (!ID.test(preset)) return none()
    readFile(fileOf(preset)).then(picture => response.type('jpeg').set('cache-control', 'no-store').send(picture), none)
  }
}
