import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'

/** Bytes: at 20 KB each some 50,000. */
const QUOTA = 1_000_000_000
const TIDY_EVERY = 3_600_000
/** An engine that died in the middle of a picture leaves a part of it. */
const PICTURE = /^[0-9a-f]{64}\.jpg(\.part)?$/

interface Deps {
  folder: string
  log: Pick<Log, 'error'>
  quota?: number
}

/** What the engine has seen of what was on air. The oldest go first; the rows keep their hashes. */
export class EvidencePictures {
  private timer: NodeJS.Timeout | undefined
  private tidying: Promise<void> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => this.tidySoon(), TIDY_EVERY).unref()
    this.tidySoon()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.tidying
  }

  file(sha256: string): string {
    return join(this.deps.folder, `${sha256}.jpg`)
  }

  private tidySoon(): void {
    this.tidying = this.tidy().catch(error => this.deps.log.error({ err: error }, 'pictures of proof were not tidied'))
  }

  /** Within the quota from here on, until more come. */
  async tidy(): Promise<void> {
    const { folder, quota = QUOTA } = this.deps
    await mkdir(folder, { recursive: true, mode: 0o750 })
    const names = (await readdir(folder)).filter(name => PICTURE.test(name))
    const files: { path: string; size: number; at: number }[] = []
    for (const name of names) {
      const path = join(folder, name)
      const { size, mtimeMs } = await stat(path)
      files.push({ path, size, at: mtimeMs })
    }
    let sum = files.reduce((all, { size }) => all + size, 0)
    for (const { path, size } of files.sort((a, b) => a.at - b.at)) {
      if (sum <= quota) return
      await rm(path, { force: true })
      sum -= size
    }
  }
}
