import { parseArgs } from 'node:util'
import { parseFrameRate } from '../../ocl/time.ts'

/** What `vistter-ocl render` was asked for. Times in ms. */
export interface Order {
  file: string
  out: string
  /** One picture, at this moment; or a clip. */
  take: { at: number } | { from: number; to: number }
  /** Frames a second, as written: "60000/1001" too. Left out: the document's. */
  fps?: string
  /** Left out: the document's. */
  size?: { width: number; height: number }
  scene?: string
  /** black, checker, or an image file. */
  background: string
  /** Folder in which files of assets are looked for. */
  assets?: string
  tokens: Record<string, string>
  /** When the first moment is, UTC ms. Left out: now. */
  now?: number
  /** Of clocks and dates. Left out: that of this machine. */
  timezone?: string
  /** When (t) what cues wait for was reached, undefined: never. What is not named was reached before the start. */
  reached: ReadonlyMap<string, number | undefined>
}

const OPTIONS = {
  out: { type: 'string' },
  at: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  fps: { type: 'string' },
  size: { type: 'string' },
  scene: { type: 'string' },
  background: { type: 'string' },
  assets: { type: 'string' },
  token: { type: 'string', multiple: true },
  now: { type: 'string' },
  timezone: { type: 'string' },
  reached: { type: 'string', multiple: true },
} as const

/** A clip is for a look, not for an evening. */
const LONGEST_CLIP = 600_000
const SIZE = /^(\d{2,4})x(\d{2,4})$/

/** Undefined: it cannot be understood. Pure. */
export function orderOf(args: string[]): Order | undefined {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const [file] = positionals
    if (file === undefined || positionals.length !== 1) return undefined
    const { fps, size, scene, assets, background = 'black', token = [], now, timezone } = values
    const take = takeOf(values)
    const pixels = size === undefined ? undefined : sizeOf(size)
    const reached = reachedOf(values.reached ?? [])
    const wrong = (fps !== undefined && parseFrameRate(fps) === undefined) || (size !== undefined && !pixels)
    const untimely =
      (now !== undefined && Number.isNaN(Date.parse(now))) || (timezone !== undefined && !isZone(timezone))
    if (!take || !reached || wrong || untimely || token.some(pair => !pair.includes('='))) return undefined
    return {
      file,
      out: values.out ?? file.replace(/(\.json)?$/, 'at' in take ? '.png' : '.mp4'),
      take,
      ...(fps !== undefined && { fps }),
      ...(pixels && { size: pixels }),
      ...(scene !== undefined && { scene }),
      background,
      reached,
      ...(now !== undefined && { now: Date.parse(now) }),
      ...(timezone !== undefined && { timezone }),
      ...(assets !== undefined && { assets }),
      tokens: Object.fromEntries(
        token.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      ),
    }
  } catch {
    return undefined
  }
}

function takeOf({ at, from, to }: { at?: string; from?: string; to?: string }): Order['take'] | undefined {
  if (to === undefined) {
    const moment = momentOf(at ?? '0')
    return from === undefined && moment !== undefined ? { at: moment } : undefined
  }
  const [begin, end] = [momentOf(from ?? '0'), momentOf(to)]
  if (at !== undefined || begin === undefined || end === undefined) return undefined
  return end > begin && end - begin <= LONGEST_CLIP ? { from: begin, to: end } : undefined
}

function momentOf(text: string): number | undefined {
  const ms = text.trim() === '' ? Number.NaN : Number(text)
  return ms >= 0 && Number.isFinite(ms) ? ms : undefined
}

/** NAME=MS, or NAME=never; a name may hold a "=" itself. */
function reachedOf(pairs: string[]): Order['reached'] | undefined {
  const times = new Map<string, number | undefined>()
  for (const pair of pairs) {
    const split = pair.lastIndexOf('=')
    const text = pair.slice(split + 1)
    const moment = momentOf(text)
    if (split < 1 || (moment === undefined && text !== 'never')) return undefined
    times.set(pair.slice(0, split), moment)
  }
  return times
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined
  } catch {
    return false
  }
}

function sizeOf(text: string): Order['size'] | undefined {
  const [, width, height] = (SIZE.exec(text) ?? []).map(Number)
  const fits = (pixels: number | undefined): pixels is number =>
    pixels !== undefined && pixels >= 64 && pixels <= 4_096 && pixels % 2 === 0
  return fits(width) && fits(height) ? { width, height } : undefined
}
