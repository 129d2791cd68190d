import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import type { Request, RequestHandler } from 'express'
import { VistterError } from '../../contract/errors.ts'
import { newId } from '../../lib/ids.ts'

/** Segment packages may have as much (bytes). */
const MOST = 1_024 * 1_048_576

/**
 * Puts the field `package` of a multipart form into a file of `folder`, and gives the file's path to the operation as the
 * field's value. A file that the operation leaves there is deleted with the end of the request.
 */
export function packageUpload(folder: string, most = MOST): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'POST' || !request.is('multipart/form-data')) return next()
    receive(request, folder, most).then(file => {
      request.body = { package: file }
      response.once('close', () => void rm(file, { force: true }))
      next()
    }, next)
  }
}

async function receive(request: Request, folder: string, most: number): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const file = join(folder, `${newId()}.part`)
  let saved: Promise<void> | undefined
  try {
    const form = formOf(request, most)
    form.on('file', (field, stream) => {
      if (field !== 'package' || saved) return void stream.resume()
      saved = pipeline(stream, createWriteStream(file, { mode: 0o640 })).then(() => {
        if (stream.truncated) throw new VistterError('TOO_LARGE', `A package may have ${most} bytes.`)
      })
      saved.catch(error => (error instanceof VistterError ? undefined : form.destroy(error))) // the disk refused: nobody reads on
    })
    await pipeline(request, form)
    if (!saved) throw malformed('/package: send the package as this file of the form.')
    await saved
    return file
  } catch (error) {
    await rm(file, { force: true })
    throw error instanceof VistterError ? error : malformed('The form broke off.')
  }
}

function formOf({ headers }: Request, most: number): busboy.Busboy {
  try {
    return busboy({ headers, limits: { files: 1, fields: 10, fieldSize: 1_000, fileSize: most, parts: 20 } })
  } catch {
    throw malformed('This is no multipart form.')
  }
}

const malformed = (detail: string) => new VistterError('BAD_REQUEST', detail)
