import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { advertisersOf, type Known } from './aired.ts'

/** So many documents that are gone are still known. */
const MOST = 500

/** Something that an overlay shows for somebody. */
export interface Spot {
  asset: string
  sha256: string
  advertisers: string[]
}

interface Shelved {
  id: string
  document: OclDocument
}

/** What overlays were when they were on air: one that was deleted or replaced meanwhile is still told by its names. */
export class Catalogue {
  private known = new Map<string, OclDocument[]>()

  /** What there is now. */
  note(overlays: readonly Shelved[]): void {
    for (const { id, document } of overlays) {
      const before = this.known.get(id) ?? []
      if (before[0] === document) continue
      this.known.delete(id)
      this.known.set(id, [document, ...before].slice(0, 3))
    }
    for (const id of this.known.keys()) if (this.known.size > MOST) this.known.delete(id)
  }

  /** Of an asset: the document that shows this very content goes before a later one. */
  of(overlay: string, asset: string | null, sha256: string | null): Known {
    const documents = this.known.get(overlay) ?? []
    const found = documents.flatMap(document =>
      (document.assets ?? []).filter(({ id }) => id === asset).map(each => ({ document, asset: each })),
    )
    const same = found.find(each => each.asset.sha256.toLowerCase() === sha256?.toLowerCase()) ?? found[0]
    const { timeline } = same?.document ?? documents[0] ?? {}
    return {
      name: timeline?.id ?? null,
      tags: same?.asset.rights?.tags ?? [],
      version: timeline?.version === undefined ? null : String(timeline.version),
    }
  }

  /** Of content that there is. */
  tagsOf(asset: string, sha256: string): string[] {
    const assets = [...this.known.values()].flat().flatMap(document => document.assets ?? [])
    const same = assets.find(each => each.id === asset && each.sha256.toLowerCase() === sha256.toLowerCase())
    return same?.rights?.tags ?? []
  }

  /** What an overlay, or one scene of it, shows for advertisers. */
  spots(overlay: string, scene: string | undefined): Spot[] {
    const [document] = this.known.get(overlay) ?? []
    const scenes = document?.scenes.filter(({ id }) => scene === undefined || id === scene) ?? []
    const cues = scenes.flatMap(({ tracks }) => tracks.flatMap(track => track.cues))
    const slides = cues.flatMap(cue => cue.slides?.items ?? [])
    const shown = new Set([...cues, ...slides].map(({ assetRef }) => assetRef))
    return (document?.assets ?? []).flatMap(({ id, sha256, rights }) => {
      const advertisers = advertisersOf(rights?.tags ?? [])
      return shown.has(id) && advertisers.length > 0 ? [{ asset: id, sha256: sha256.toLowerCase(), advertisers }] : []
    })
  }
}
