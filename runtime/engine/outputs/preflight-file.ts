import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { VistterError } from '../../contract/errors.ts'
import { fileCommand } from './copy-command.ts'

/** Whether a recording could be written there, in a sentence. Nothing is made or changed. Throws OUTPUT_FILE. */
export function checkFolder(url: string): string {
  const { file = '' } = fileCommand(url)
  const folder = firstThatExists(dirname(file))
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder')
    accessSync(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(folder)
    return `${folder} can be written; ${Math.round((bavail * bsize) / 1e8) / 10} GB are free.`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new VistterError('OUTPUT_FILE', `The folder ${folder} cannot be written: ${why}.`)
  }
}

const firstThatExists = (folder: string): string =>
  existsSync(folder) || folder === dirname(folder) ? folder : firstThatExists(dirname(folder))
