import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { VistterError } from '../../../contract/errors.ts'
import { request } from './request.ts'
import { brokenOff } from './trouble.ts'
import type { Rules } from './way.ts'

interface Wanted {
  url: string
  sha256: string
  /** Where it is put. */
  path: string
  /** Bytes. */
  most: number
}

/** However a server dawdles (ms). */
const PATIENCE = 600_000

/** Fetches a file that is no asset of an overlay, by the same rules. What is not as announced is gone again. Throws ASSET_…. */
export async function fetchFile({ url, sha256, path, most }: Wanted, rules: Rules): Promise<void> {
  const response = await request({ url, headers: {}, rules, signal: AbortSignal.timeout(PATIENCE) })
  const { host } = new URL(url)
  try {
    if (response.statusCode !== 200)
      throw new VistterError('ASSET_ANSWER', `${host} answered with status ${response.statusCode}.`)
    const hash = createHash('sha256')
    const file = await open(path, 'w', 0o640)
    let size = 0
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > most) throw new VistterError('ASSET_TOO_LARGE', `It has more than ${most} bytes.`)
        hash.update(chunk)
        await file.writeFile(chunk)
      }
    } finally {
      await file.close()
    }
    if (hash.digest('hex') !== sha256.toLowerCase())
      throw new VistterError('ASSET_CHECKSUM', `What ${host} sends has another checksum than was announced.`)
  } catch (error) {
    await rm(path, { force: true })
    throw brokenOff(error, host)
  } finally {
    response.destroy()
  }
}
