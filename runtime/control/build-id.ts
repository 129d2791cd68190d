import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../lib/project.ts'

/** Which build this is: the version, and the first digits of the checksum of the running program. */
export function buildId(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }
  const program = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')
  return `${version}+${program.slice(0, 8)}`
}
