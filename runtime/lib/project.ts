import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)

/** The project's folder: the nearest one above this file with a package.json, from sources and from dist/ alike. */
export function projectRoot(): string {
  let folder = dirname(here)
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** A program of the project (`runtime/flow-host/main`): its source when this runs from source, its bundle when this is bundled. */
export function programFile(path: string): string {
  const extension = extname(here)
  return join(projectRoot(), extension === '.ts' ? '' : 'dist', `${path}${extension}`)
}
