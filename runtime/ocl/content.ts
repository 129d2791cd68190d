import type { OclDocument, Resolution, Text } from '../contract/generated/ocl.v1.ts'
import { numberText } from './data/format.ts'
import type { Item } from './plan.ts'
import type { Scope } from './scope.ts'
import { drawnText, estimateText, filled, textKeyOf } from './text.ts'
import type { AssetInfo, Content, DrawnText, Finding, ResolveContext, Size } from './types.ts'

/** What of a content changes with time. */
export interface Look {
  words?: string
  color?: string
  number?: number
  /** Which of the slides. */
  slide?: number
}

type Warn = (finding: Finding) => void

const PRESENT: AssetInfo = { available: true }
const QR_SIZE: Size = { width: 200, height: 200 }
const QR = { color: '#000000', background: '#ffffff', level: 'M', margin: 4 } as const

/** How an item looks, and what is to be said about it. */
export interface Looked {
  content: Content | undefined
  findings: Finding[]
}

/** Most elements look as they did a frame ago: that is seen without making a key. */
export interface Seen {
  look: Look
  looked: Looked
}

/** Looks kept of one item; a number that counts has many. */
const MOST_LOOKS = 300

/**
 * What an item shows: its own content; for a missing asset that asset's fallback, then the document's (fallbacks.asset,
 * fallbacks.text; the plan has already put fallbacks.scene in place). Undefined: there is nothing left to show.
 * The same look gives the same object. `since`: ms since an asset that may be animated was begun.
 */
export function contentFor(item: Item, look: Look & { since: number }, scope: Scope, warn: Warn): Content | undefined {
  const { last } = item.memo
  const { content, findings } = last && isSame(last.look, look) ? last.looked : lookedAt(item, look, scope)
  for (const finding of findings) warn(finding)
  return content && animated(content, look.since, item.cue.cue.loop ?? true, scope.context)
}

const isSame = (a: Look, b: Look): boolean =>
  a.words === b.words && a.color === b.color && a.number === b.number && a.slide === b.slide

function lookedAt(item: Item, look: Look, scope: Scope): Looked {
  const { words, color, number, slide } = look
  const key = `${slide}|${color}|${number}|${words}`
  const { looks } = item.memo
  let looked = looks?.get(key)
  if (!looked) {
    const findings: Finding[] = []
    const content = contentOf(item, look, scope.document, scope.context, finding => findings.push(finding))
    looked = { content, findings }
    if (looks && looks.size < MOST_LOOKS) looks.set(key, looked)
    else item.memo.looks = new Map([[key, looked]])
  }
  item.memo.last = { look, looked }
  return looked
}

function contentOf(
  item: Item,
  look: Look,
  document: OclDocument,
  context: ResolveContext,
  warn: Warn,
): Content | undefined {
  const { cue, path } = item.cue
  const { size, fit } = cue.properties ?? {}
  const frame = document.timeline.resolution
  const asset = (id: string): Content => ({
    kind: 'asset',
    assetRef: id,
    natural: size ?? assetSize(id, frame, context),
    ...(size && fit && fit !== 'fill' && { fit }),
  })
  const tokens = tokensFor(item, look, document, context)
  const missing = (at: string) => (token: string) =>
    warn({ code: 'OCL_TOKEN_MISSING', path: at, message: `{{${token}}} has no value, so nothing stands there` })
  const text = (source: Text): Content => {
    const drawn = drawnText(source, tokens, missing(cue.text ? `${path}/text/value` : '/fallbacks/text'))
    const locale = document.locale ?? context.locale
    const words = locale === undefined ? drawn : { ...drawn, locale }
    return { kind: 'text', text: words, natural: size ?? measured(words, context) }
  }
  const worded = (): Content | undefined => {
    const words = document.fallbacks?.text
    return words === undefined ? undefined : text({ ...cue.text, value: words })
  }
  const own = look.slide === undefined ? cue.assetRef : item.cue.slides?.items[look.slide]?.assetRef
  const wanted = item.instead ? undefined : own
  if (context.standIn) {
    if (cue.text && !item.instead) return worded()
    if ((cue.shape || cue.qr) && !item.instead) return undefined
    const [, next] = assetsFor(document, wanted, context)
    return next === undefined ? worded() : asset(next)
  }
  if (!item.instead) {
    if (cue.shape) {
      const shape = look.color === undefined ? cue.shape : { ...cue.shape, color: look.color }
      return { kind: 'shape', shape, natural: size ?? frame }
    }
    if (cue.text) return text(coloured({ ...cue.text, value: look.words ?? cue.text.value }, look.color))
    if (cue.qr) {
      const value = filled(cue.qr.value, tokens, missing(`${path}/qr/value`))
      return { kind: 'qr', qr: coloured({ ...QR, ...cue.qr, value }, look.color), natural: size ?? QR_SIZE }
    }
    if (wanted !== undefined) {
      const at = cue.slides ? `${path}/slides` : `${path}/assetRef`
      if (!isThere(wanted, context)) warn({ code: 'ASSET_MISSING', path: at, message: `asset "${wanted}" is not here` })
      const found = assetFor(document, wanted, context)
      if (found !== undefined) return asset(found)
    }
  }
  const general = assetFor(document, document.fallbacks?.asset, context)
  if (general !== undefined) return asset(general)
  return worded()
}

/** The asset itself or the first of its fallbacks, then of the document's, that is here. */
export function assetFor(document: OclDocument, id: string | undefined, context: ResolveContext): string | undefined {
  const [first] = assetsFor(document, id, context)
  return first
}

/** All of them that are here, in the order in which they stand in for one another. */
function assetsFor(document: OclDocument, id: string | undefined, context: ResolveContext): string[] {
  const seen = new Set<string>()
  for (const first of [id, document.fallbacks?.asset])
    for (let next = first; next !== undefined && !seen.has(next); ) {
      seen.add(next)
      next = document.assets?.find(asset => asset.id === next)?.fallback
    }
  return [...seen].filter(one => isThere(one, context))
}

/** When each picture of an animated asset ends, in ms since its beginning; undefined: it stands still. */
export function picturesOf(id: string, context: ResolveContext): number[] | undefined {
  const { pictures } = infoOf(id, context)
  return pictures && pictures.length > 1 && (pictures.at(-1) ?? 0) > 0 ? pictures : undefined
}

export function measured(text: DrawnText, { texts }: ResolveContext): Size {
  const key = textKeyOf(text)
  return texts && Object.hasOwn(texts, key) ? texts[key] : estimateText(text)
}

const isThere = (id: string, context: ResolveContext): boolean => infoOf(id, context).available

const coloured = <T extends { color?: string }>(what: T, color: string | undefined): T =>
  color === undefined ? what : { ...what, color }

function infoOf(id: string, { assets }: ResolveContext): AssetInfo {
  if (!assets) return PRESENT
  return Object.hasOwn(assets, id) ? assets[id] : { available: false }
}

function assetSize(id: string, frame: Resolution, context: ResolveContext): Size {
  const { width, height } = infoOf(id, context)
  return width !== undefined && height !== undefined ? { width, height } : frame
}

function animated(content: Content, since: number, loop: boolean, context: ResolveContext): Content {
  if (content.kind !== 'asset') return content
  const pictures = picturesOf(content.assetRef, context)
  if (!pictures) return content
  const length = pictures[pictures.length - 1]
  const at = loop ? Math.max(0, since) % length : since
  const picture = pictures.findIndex(end => at < end)
  return { ...content, picture: picture < 0 ? pictures.length - 1 : picture }
}

function tokensFor(
  { cue }: Item,
  { number }: Look,
  document: OclDocument,
  context: ResolveContext,
): Record<string, string> {
  const tokens = { ...defaultsOf(document), ...context.tokens }
  if (number === undefined) return tokens
  const format = cue.number?.format ?? { type: 'number' }
  return { ...tokens, number: numberText(number, format, document.locale ?? context.locale ?? 'en') }
}

/** What stands in for values of which nothing is known. */
const defaultsOf = (document: OclDocument): Record<string, string> =>
  Object.fromEntries(
    (document.data ?? []).flatMap(({ key, default: words }) => (words === undefined ? [] : [[key, words]])),
  )
