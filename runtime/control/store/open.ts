import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { VistterError } from '../../contract/errors.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { Database } from './database.ts'
import { type Migration, migrations } from './migrations.ts'

/** How SQLite says that a file's content, not its place or rights, is wrong. */
const BROKEN = /SQLITE_(NOTADB|CORRUPT)/

/**
 * Opens the database and brings it to this release's version. Before an upgrade a copy is put into backups/ beside it.
 * Throws DATABASE_NEWER and DATABASE_BROKEN (nothing touched) and DATABASE_UPGRADE_FAILED (the copy is back in place): all
 * refuse to start.
 */
export async function openStore(
  file: string,
  clock: Clock,
  steps: readonly Migration[] = migrations,
): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true })
  const database = await Database.open(file).catch(error => {
    throw BROKEN.test(error.message)
      ? new VistterError('DATABASE_BROKEN', `${file} is damaged, or is not a database (${error.message}).`)
      : error
  })
  // SQLite gives its -wal and -shm files the same mode.
  chmodSync(file, 0o600)
  const version = await versionOf(database)
  if (version === steps.length) return database
  if (version > steps.length) {
    await database.close()
    throw new VistterError(
      'DATABASE_NEWER',
      `The database has version ${version}, but this release knows only versions up to ${steps.length}.`,
    )
  }
  const copy = version > 0 ? await backup(database, file, version, clock) : undefined
  try {
    for (let next = version; next < steps.length; next++) await climb(database, steps[next], next + 1)
    return database
  } catch (error) {
    await database.close()
    putBack(file, copy)
    const reason = error instanceof Error ? error.message : String(error)
    throw new VistterError('DATABASE_UPGRADE_FAILED', `The database could not be upgraded from ${version}: ${reason}.`)
  }
}

async function climb(database: Database, step: Migration | undefined, version: number): Promise<void> {
  if (!step) return
  await database.script(`BEGIN IMMEDIATE; ${step.sql}; PRAGMA user_version = ${version}; COMMIT;`)
}

async function versionOf(database: Database): Promise<number> {
  return (await database.get<{ user_version: number }>('PRAGMA user_version'))?.user_version ?? 0
}

/** VACUUM INTO gives a whole, consistent copy, also of what still stands in the write-ahead file. */
async function backup(database: Database, file: string, version: number, clock: Clock): Promise<string> {
  const folder = join(dirname(file), 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o750 })
  const copy = join(folder, `vistter-v${version}-${rfc3339(clock.now()).replaceAll(':', '-')}.db`)
  await database.run('VACUUM INTO ?', copy)
  chmodSync(copy, 0o600)
  return copy
}

function putBack(file: string, copy: string | undefined): void {
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  if (copy) copyFileSync(copy, file)
  else rmSync(file, { force: true })
}
