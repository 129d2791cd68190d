import type { OclDocument } from '../../contract/generated/ocl.v1.ts'

/** An overlay, as far as its assets are concerned. */
export interface OverlayUse {
  id: string
  document: OclDocument
  /** Set while it plays or is to: what it shows must not go. */
  playing?: { startedAt: number }
}

/** A file that is to be here, as a document or a manifest names it. */
export interface Wanted {
  id: string
  url: string
  sha256: string
  mediaType: string
}

/** A file that will be needed, whoever says so. */
export interface Needed extends Wanted {
  version: string | number
}

/** Of a manifest. */
export interface Announced extends Needed {
  version: number
}

/** Who needs a file. Without an overlay it is the manifest. */
export interface Use {
  overlay?: string
  asset: string
  version: string | number
  playing: boolean
}

/** By the checksum of the file: who needs it. */
export function usesOf(overlays: readonly OverlayUse[], needed: readonly Needed[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  const add = (sha256: string, use: Use) => {
    const key = sha256.toLowerCase()
    uses.set(key, [...(uses.get(key) ?? []), use])
  }
  for (const { id: overlay, document, playing } of overlays) {
    const { version } = document.timeline
    for (const { id: asset, sha256 } of document.assets ?? [])
      add(sha256, { overlay, asset, version, playing: playing !== undefined })
  }
  for (const { id: asset, sha256, version } of needed) add(sha256, { asset, version, playing: false })
  return uses
}

/** What an overlay on air shows, and what was announced, is never evicted. */
export const isPinned = (uses: readonly Use[] = []): boolean =>
  uses.some(({ overlay, playing }) => playing || overlay === undefined)
