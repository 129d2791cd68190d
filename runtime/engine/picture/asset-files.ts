import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'

type Asset = NonNullable<OclDocument['assets']>[number]

interface Found {
  /** Local file of each asset that is here, by its id. */
  files: Record<string, string>
  /** What is wrong with a file that is here, one sentence each. */
  remarks: string[]
}

/**
 * Files of assets where nothing is fetched: in `folder`, under the last part of the address, under the asset's id (with any
 * ending the address has), or under its sha256; `data:` addresses are written into `scratch`.
 */
export function assetFiles(assets: Asset[], folder: string, scratch: string): Found {
  const files: Record<string, string> = {}
  const remarks: string[] = []
  for (const asset of assets) {
    const file = asset.url.startsWith('data:') ? unpacked(asset, scratch) : candidates(asset, folder).find(isFile)
    if (file === undefined) continue
    files[asset.id] = file
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
    if (sha256 !== asset.sha256)
      remarks.push(`${file} is not the file that asset ${asset.id} means: its sha256 is ${sha256}`)
  }
  return { files, remarks }
}

const isFile = (file: string): boolean => existsSync(file)

function candidates({ id, url, sha256 }: Asset, folder: string): string[] {
  const name = URL.canParse(url) ? decodeURIComponent(new URL(url).pathname) : url
  // Only names: an address must not lead out of the folder.
  return [basename(name), `${basename(id)}${extname(name)}`, basename(id), sha256].flatMap(each =>
    each === '' || each === '.' || each === '..' ? [] : [join(folder, each)],
  )
}

function unpacked({ url, sha256 }: Asset, scratch: string): string | undefined {
  const comma = url.indexOf(',')
  if (comma < 0) return undefined
  const base64 = url.slice(0, comma).endsWith(';base64')
  mkdirSync(scratch, { recursive: true })
  const file = join(scratch, sha256)
  const text = url.slice(comma + 1)
  writeFileSync(file, base64 ? Buffer.from(text, 'base64') : decodeURIComponent(text))
  return file
}
