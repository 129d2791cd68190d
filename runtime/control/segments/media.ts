import { type Dirent, type FSWatcher, watch } from 'node:fs'
import { copyFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Coalesced } from '../../lib/coalesced.ts'
import { newId } from '../../lib/ids.ts'
import type { Recorder } from '../ports.ts'
import { LIMITS } from './package/limits.ts'
import { shownName } from './refusal.ts'

interface Deps {
  /** Below it media are mounted; empty: nobody looks. */
  folder(): string
  /** Where a package is copied to before anyone looks into it: a medium may go, or change, at any moment. */
  incoming: string
  take(file: string, name: string): Promise<unknown>
  record: Recorder
}

/** No notice comes when a medium is mounted, so it is looked for as often (ms); and sooner when anything moves. */
const EVERY = 5_000
const SOON = 500
/** Media are mounted as /media/NAME or /media/USER/NAME; packages stand there, or in folders one or two deep. */
const DEPTH = 4
/** A disk full of other things is not searched to its end. */
const MOST = 5_000

/** Packages on sticks and cards: each is taken once, when it is complete, and again when it is put in again. */
export class RemovableMedia {
  /** What was done with the files that are there; and those that may still be written. By their paths. */
  private readonly done = new Map<string, string>()
  private readonly growing = new Map<string, string>()
  private readonly soon = new Coalesced(SOON, () => void this.look())
  private timer: NodeJS.Timeout | undefined
  private watcher: FSWatcher | undefined
  private watched = ''
  private looking: Promise<void> | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), EVERY)
    void this.look()
  }

  stop(): void {
    clearInterval(this.timer)
    this.soon.stop()
    this.watcher?.close()
    this.watcher = undefined
    this.watched = ''
  }

  /** One look at a time. Never fails. */
  look(): Promise<void> {
    this.looking ??= this.sweep().finally(() => {
      this.looking = undefined
    })
    return this.looking
  }

  private async sweep(): Promise<void> {
    const folder = this.deps.folder()
    this.watch(folder)
    const found = folder === '' ? new Map<string, string>() : await packagesBelow(folder)
    for (const known of [this.done, this.growing])
      for (const path of known.keys()) if (!found.has(path)) known.delete(path)
    for (const [path, mark] of found) {
      if (this.done.get(path) === mark) continue
      if (this.growing.get(path) === mark) {
        this.done.set(path, mark)
        await this.bring(path)
      } else this.soon.touch()
      this.growing.set(path, mark)
    }
  }

  private async bring(path: string): Promise<void> {
    const copy = join(this.deps.incoming, `${newId()}.part`)
    const name = path.slice(this.deps.folder().length).replace(/^\//, '')
    try {
      const { size } = await stat(path)
      if (size > LIMITS.packageBytes) return this.refuse(name, 'SEGMENT_TOO_LARGE', `it has ${size} bytes`)
      await copyFile(path, copy)
    } catch {
      await rm(copy, { force: true })
      return this.refuse(name, 'SEGMENT_UNREADABLE', 'it could not be read to its end')
    }
    try {
      await this.deps.take(copy, name)
    } catch {
      // Whoever takes packages has told why.
    } finally {
      await rm(copy, { force: true })
    }
  }

  private refuse(name: string, code: string, why: string): void {
    const message = `The segment package ${shownName(name)} was rejected: ${why}.`
    this.deps.record({ type: 'segment.rejected', severity: 'error', message, data: { code } })
  }

  private watch(folder: string): void {
    if (folder === this.watched && this.watcher) return
    this.watcher?.close()
    this.watcher = undefined
    this.watched = folder
    if (folder === '' || !this.timer) return
    try {
      const watcher = watch(folder, { persistent: false }, () => this.soon.touch())
      watcher.on('error', () => watcher.close())
      this.watcher = watcher
    } catch {
      // It is not there yet: the sweep finds it.
    }
  }
}

/** Packages below a folder, each with what tells it from another content. Links are not followed. */
async function packagesBelow(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let left = MOST
  const into = async (path: string, depth: number): Promise<void> => {
    for (const entry of await entriesOf(path)) {
      if (left-- <= 0) return
      const below = join(path, entry.name)
      if (entry.isDirectory() && depth < DEPTH && !entry.name.startsWith('.')) await into(below, depth + 1)
      if (entry.isFile() && /^[^.].*\.vseg$/i.test(entry.name)) {
        const mark = await markOf(below)
        if (mark !== undefined) found.set(below, mark)
      }
    }
  }
  await into(folder, 1)
  return found
}

/** What cannot be looked into has nothing for us. */
const entriesOf = (path: string): Promise<Dirent[]> => readdir(path, { withFileTypes: true }).catch(() => [])

const markOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ dev, ino, size, mtimeMs }) => `${dev}:${ino}:${size}:${mtimeMs}`,
    () => undefined,
  )
