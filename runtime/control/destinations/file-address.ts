import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VistterError } from '../../contract/errors.ts'

/**
 * A destination of platform `file` may not write over what the appliance keeps: inside the data folder only the
 * recordings folder is allowed. What the service's user may write elsewhere is the system's affair.
 */
export function checkFileAddress(url: string, folders: { data: string; recordings: string }): void {
  let file: string
  try {
    file = resolve(fileURLToPath(url))
  } catch {
    throw new VistterError('BAD_REQUEST', '/url: this is not an absolute file address, such as file:///media/show.flv.')
  }
  if (inside(file, folders.data) && !inside(file, folders.recordings))
    throw new VistterError('BAD_REQUEST', `/url: inside the data folder only ${folders.recordings} may be written.`)
}

function inside(file: string, folder: string): boolean {
  const path = relative(folder, file)
  return !path.startsWith('..') && !isAbsolute(path)
}
