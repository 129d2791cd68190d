import type { Note } from '../package/contents.ts'
import type { OldClip } from './clips.ts'
import { between, type Loose, loose, numberIn, textIn } from './fields.ts'

/** The frame in whose pixels older segments count. */
export const FRAME = { width: 1_920, height: 1_080 }

/** A file of the package that an overlay shows. */
export interface OldAsset {
  id: string
  url: string
  sha256: string
  mediaType: string
}

export interface Element {
  cue: Loose
  asset?: OldAsset
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  apng: 'image/apng',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webm: 'video/webm',
}

/** Single braces of older texts become those of the overlay language. */
export const withTokens = (text: string): string =>
  text.replace(/(?<!\{)\{\s*([A-Za-z_][\w.-]*)\s*\}(?!\})/g, (_, token: string) => `{{${token}}}`)

/** The cue of the overlay language that an overlay clip becomes; or why there is none. Pure. */
export function elementOf(clip: OldClip, layer: number, files: ReadonlyMap<string, string>): Element | Note {
  const { id, start, duration, raw } = clip
  const timed = { id, start, duration, layer, unsafe: true, ...lookOf(raw) }
  const asset = assetOf(clip, files)
  if (asset) return { cue: { ...timed, assetRef: asset.id }, asset }
  const value = wordsOf(raw)
  if (value) return { cue: { ...timed, text: { value } } }
  const said = textIn(loose(raw.asset), 'path') ?? textIn(raw, 'path')
  const what = said ? `The file ${said.slice(0, 200)} is not in the package` : 'It names no file and no words'
  return { file: 'segment.json', path: clip.path, code: 'LEFT_OUT', message: `${what}; this overlay was left out.` }
}

function assetOf({ id, raw }: OldClip, files: ReadonlyMap<string, string>): OldAsset | undefined {
  const path = textIn(loose(raw.asset), 'path', 'src', 'url') ?? textIn(raw, 'path')
  if (!path) return undefined
  const plain = path.split(/[?#]/, 1)[0] ?? path
  const name = plain.split('/').at(-1) ?? plain
  const file = [plain, plain.replace(/^\.?\//, ''), `assets/${plain}`, `assets/${name}`].find(each => files.has(each))
  const mediaType = TYPES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '']
  const sha256 = file === undefined ? undefined : files.get(file)
  return sha256 === undefined || mediaType === undefined
    ? undefined
    : { id: `file-${id}`, url: path, sha256, mediaType }
}

/** What a text, or an advertisement with its words, says. */
function wordsOf(raw: Loose): string | undefined {
  const asset = loose(raw.asset)
  const said = textIn(asset, 'text', 'template', 'content', 'value') ?? textIn(raw, 'text')
  if (said) return withTokens(said).slice(0, 2_000)
  const places = Object.entries(loose(asset.placeholders)).map(([token, value]) =>
    typeof value === 'string' && value.includes('{') ? withTokens(value) : `{{${token}}}`,
  )
  return places.length > 0 ? places.join('\n').slice(0, 2_000) : undefined
}

function lookOf(raw: Loose): Loose {
  const place = loose(raw.position)
  const [width, height] = [numberIn(place, 'width') ?? 0, numberIn(place, 'height') ?? 0]
  const size = width > 0 && height > 0 ? { size: { width, height } } : {}
  const given = numberIn(raw, 'opacity') ?? 1
  const opacity = between(0, given > 1 ? given / 100 : given, 1)
  const scale = between(0, numberIn(raw, 'scale') ?? 100, 200) / 100
  const transition = { ...transitionOf(raw, 'In', 'in'), ...transitionOf(raw, 'Out', 'out') }
  return {
    properties: { opacity, scale, ...size, position: positionOf(raw) },
    ...(Object.keys(transition).length > 0 && { transition }),
  }
}

/** From the upper left corner in pixels, or from the centre in hundredths of half a frame. */
function positionOf(raw: Loose): Loose {
  const place = loose(raw.position)
  const [x, y] = [numberIn(place, 'x'), numberIn(place, 'y')]
  if (x !== undefined || y !== undefined) return { anchor: 'top-left', x: x ?? 0, y: y ?? 0 }
  const from = (name: string, half: number) => (between(-100, numberIn(raw, name) ?? 0, 100) / 100) * half
  return { anchor: 'center', x: from('positionX', FRAME.width / 2), y: from('positionY', FRAME.height / 2) }
}

/** What scales begin, or end, at. */
const FROM: Record<string, { in: number; out: number }> = {
  'scale-in': { in: 0, out: 2 },
  'scale-out': { in: 2, out: 0 },
  'zoom-in': { in: 0.5, out: 0.5 },
  'zoom-out': { in: 1.5, out: 1.5 },
}
/** Slides are called by the side where they come from, or go to. */
const OPPOSITE: Record<string, string> = { left: 'right', right: 'left', up: 'down', down: 'up' }

function transitionOf(raw: Loose, name: 'In' | 'Out', key: 'in' | 'out'): Loose {
  const type = textIn(raw, `transition${name}Type`) ?? 'none'
  const common = {
    duration: between(0, numberIn(raw, `transition${name}Duration`) ?? 500, 60_000),
    easing: 'ease-in-out-cubic',
  }
  if (type === 'fade') return { [key]: { type, ...common } }
  const from = Object.hasOwn(FROM, type) ? FROM[type]?.[key] : undefined
  if (from !== undefined) return { [key]: { type: 'scale', from, ...common } }
  const [kind, side = ''] = type.split('-')
  if (kind !== 'slide' || !Object.hasOwn(OPPOSITE, side)) return {}
  return { [key]: { type: 'slide', direction: key === 'in' ? OPPOSITE[side] : side, ...common } }
}
