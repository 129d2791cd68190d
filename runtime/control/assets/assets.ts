import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asset, OclDocument } from '../../contract/generated/ocl.v1.ts'
import { sleep } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import type { Recorder } from '../ports.ts'
import { isOfType } from './media-type.ts'

const LARGEST = 50 * 1024 * 1024
const FETCH_MS = 30_000
/** Whoever asks for all files of a document waits at most this long; slow ones come after (ms). */
const WAIT_MS = 5_000

interface Deps {
  folder: string
  record: Recorder
  /** A file has come that was not here before, or is known not to come for now. */
  changed(): Promise<void>
}

/** Files that overlays show, kept by the checksum of their content: the same file is fetched once, whatever it is called. */
export class Assets {
  private readonly kept = new Set<string>()
  private readonly underWay = new Map<string, Promise<void>>()
  private readonly told = new Set<string>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    mkdirSync(this.deps.folder, { recursive: true, mode: 0o750 })
    for (const name of readdirSync(this.deps.folder)) if (/^[0-9a-f]{64}$/.test(name)) this.kept.add(name)
  }

  /** Local file of each asset that is here. */
  here({ assets = [] }: OclDocument): Record<string, string> {
    const present = assets.filter(({ sha256 }) => this.kept.has(sha256.toLowerCase()))
    return Object.fromEntries(present.map(({ id, sha256 }) => [id, join(this.deps.folder, sha256.toLowerCase())]))
  }

  /** Whether a file of it is on its way: who speaks of it now would speak too early. */
  coming({ assets = [] }: OclDocument): boolean {
    return assets.some(({ sha256 }) => this.underWay.has(sha256.toLowerCase()))
  }

  /** Fetches what is missing. Resolves when all has come or failed, at the latest after 5 s. Never throws. */
  async fetch({ assets = [] }: OclDocument): Promise<void> {
    const missing = assets.filter(({ sha256 }) => !this.kept.has(sha256.toLowerCase()))
    const given = new AbortController()
    await Promise.race([Promise.all(missing.map(asset => this.bring(asset))), sleep(WAIT_MS, given.signal)])
    given.abort()
  }

  private bring(asset: Asset): Promise<void> {
    const sha256 = asset.sha256.toLowerCase()
    const known = this.underWay.get(sha256)
    if (known !== undefined) return known
    const under = this.bringOnce(asset, sha256)
      .finally(() => this.underWay.delete(sha256))
      .then(() => this.deps.changed())
    this.underWay.set(sha256, under)
    return under
  }

  private async bringOnce(asset: Asset, sha256: string): Promise<void> {
    try {
      const content = await download(asset.url)
      const found = createHash('sha256').update(content).digest('hex')
      if (found !== sha256) throw new Error(`its checksum is ${found}, not ${sha256}`)
      if (!isOfType(content, asset.mediaType)) throw new Error(`it is not ${asset.mediaType}`)
      const file = join(this.deps.folder, sha256)
      const part = `${file}.${newId()}.part`
      await writeFile(part, content, { mode: 0o640 })
      await rename(part, file)
    } catch (error) {
      this.tell(asset, sha256, error instanceof Error ? error.message : String(error))
      return
    }
    this.kept.add(sha256)
    this.told.delete(sha256)
  }

  /** A file that stays away is asked for again and again; it is told once. */
  private tell({ id, url }: Asset, sha256: string, reason: string): void {
    if (this.told.has(sha256)) return
    this.told.add(sha256)
    const from = url.startsWith('data:') ? 'its data: address' : url
    const message = `Asset ${id} could not be had from ${from}: ${reason}.`
    this.deps.record({ type: 'asset.missing', severity: 'warning', message, data: { asset: id, sha256 } })
  }
}

async function download(url: string): Promise<Buffer> {
  if (!/^(data:|https?:\/\/)/i.test(url)) throw new Error('only data:, http: and https: addresses are fetched')
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) }).catch(error => {
    throw new Error(error.cause instanceof Error ? error.cause.message : 'the address does not answer')
  })
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body) {
    size += part.length
    if (size > LARGEST) throw new Error(`it is larger than ${LARGEST / 1024 / 1024} MiB`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
