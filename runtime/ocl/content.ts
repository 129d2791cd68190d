import type { OclDocument, Resolution } from '../contract/generated/ocl.v1.ts'
import type { Item } from './plan.ts'
import { drawnText, estimateText, textKeyOf } from './text.ts'
import type { AssetInfo, Content, DrawnText, Finding, ResolveContext, Size } from './types.ts'

const PRESENT: AssetInfo = { available: true }

/**
 * What an item shows: its own content; for a missing asset that asset's fallback, then the document's (fallbacks.asset,
 * fallbacks.text; the plan has already put fallbacks.scene in place). Undefined: there is nothing left to show.
 */
export function contentOf(
  item: Item,
  words: string | undefined,
  document: OclDocument,
  context: ResolveContext,
  warn: (finding: Finding) => void,
): Content | undefined {
  const { cue, path } = item.cue
  const size = cue.properties?.size
  const frame = document.timeline.resolution
  const asset = (id: string): Content => ({
    kind: 'asset',
    assetRef: id,
    natural: size ?? assetSize(id, frame, context),
  })
  const text = (value: string): Content => {
    const drawn = drawnText({ ...cue.text, value }, context.tokens ?? {}, token =>
      warn({
        code: 'OCL_TOKEN_MISSING',
        path: cue.text ? `${path}/text/value` : '/fallbacks/text',
        message: `{{${token}}} has no value, so nothing stands there`,
      }),
    )
    return { kind: 'text', text: drawn, natural: size ?? measured(drawn, context) }
  }
  if (!item.instead) {
    if (cue.shape) return { kind: 'shape', shape: cue.shape, natural: size ?? frame }
    if (cue.text) return text(words ?? cue.text.value)
    if (cue.assetRef !== undefined) {
      if (!isThere(cue.assetRef, context))
        warn({ code: 'ASSET_MISSING', path: `${path}/assetRef`, message: `asset "${cue.assetRef}" is not here` })
      const found = assetFor(document, cue.assetRef, context)
      if (found !== undefined) return asset(found)
    }
  }
  const general = assetFor(document, document.fallbacks?.asset, context)
  if (general !== undefined) return asset(general)
  return document.fallbacks?.text === undefined ? undefined : text(document.fallbacks.text)
}

/** The asset itself or the first of its fallbacks, then of the document's, that is here. */
export function assetFor(document: OclDocument, id: string | undefined, context: ResolveContext): string | undefined {
  const seen = new Set<string>()
  for (const first of [id, document.fallbacks?.asset]) {
    for (let next = first; next !== undefined && !seen.has(next); ) {
      if (isThere(next, context)) return next
      seen.add(next)
      next = document.assets?.find(asset => asset.id === next)?.fallback
    }
  }
  return undefined
}

const isThere = (id: string, context: ResolveContext): boolean => infoOf(id, context).available

function infoOf(id: string, { assets }: ResolveContext): AssetInfo {
  if (!assets) return PRESENT
  return Object.hasOwn(assets, id) ? assets[id] : { available: false }
}

function assetSize(id: string, frame: Resolution, context: ResolveContext): Size {
  const { width, height } = infoOf(id, context)
  return width !== undefined && height !== undefined ? { width, height } : frame
}

function measured(text: DrawnText, { texts }: ResolveContext): Size {
  const key = textKeyOf(text)
  return texts && Object.hasOwn(texts, key) ? texts[key] : estimateText(text)
}
