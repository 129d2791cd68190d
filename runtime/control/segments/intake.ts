import { open } from 'node:fs/promises'
import { type AddressedCamera, cameraAt } from './older/camera-at.ts'
import { upgrade } from './older/upgrade.ts'
import { Archive } from './package/archive.ts'
import type { Contents } from './package/contents.ts'
import { jsonOf } from './package/json.ts'
import type { Limits } from './package/limits.ts'
import { contentsOf, readPackage, SEGMENT } from './package/read.ts'
import type { Trust } from './package/signature.ts'
import { refusal } from './refusal.ts'

interface Rules {
  trust: Trust
  limits: Limits
  cameras: readonly AddressedCamera[]
}

/** What is in a file that somebody calls a segment, and how its other files are read. `close` it. */
export interface Intake {
  contents: Contents
  read(file: string): AsyncIterable<Buffer>
  bytesOf(file: string): number
  close(): void
}

/** Opens a package, or a segment of the older kind that is one JSON file. Throws SEGMENT_…. */
export async function intake(file: string, { trust, limits, cameras }: Rules): Promise<Intake> {
  const upgradeHere = (old: Record<string, unknown>, files: ReadonlyMap<string, string>) =>
    upgrade(old, files, address => cameraAt(cameras, address))
  if (await isJson(file)) {
    const source = jsonOf(SEGMENT, await small(file, limits.jsonBytes))
    if (trust.signedOnly) throw refusal('SEGMENT_SIGNATURE', '', 'Only signed packages are taken here.')
    const none = new Map<string, string>()
    const old = source.segment === undefined ? upgradeHere(source, none) : undefined
    if (!old)
      throw refusal('SEGMENT_UNREADABLE', '', 'This is JSON, but no segment of a kind that comes without its package.')
    const contents = { ...contentsOf(old.segment, old.overlays, old.notes), files: none, signed: false }
    return { contents, read: missing, bytesOf: () => 0, close: () => {} }
  }
  const archive = await Archive.open(file, limits)
  try {
    const contents = await readPackage(archive, { trust, limits, upgrade: upgradeHere })
    return {
      contents,
      read: name => archive.read(name),
      bytesOf: name => archive.bytesOf(name),
      close: () => archive.close(),
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

const missing = (name: string): never => {
  throw refusal('SEGMENT_INVALID', name, 'is not in the package.')
}

async function isJson(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return /^(\ufeff)?\s*\{/.test(buffer.subarray(0, bytesRead).toString('utf8'))
  } finally {
    await handle.close()
  }
}

async function small(file: string, most: number): Promise<Buffer> {
  const handle = await open(file)
  try {
    if ((await handle.stat()).size > most) throw refusal('SEGMENT_TOO_LARGE', '', `A JSON file may have ${most} bytes.`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
