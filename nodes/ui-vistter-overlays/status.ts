import type { AssetReadiness, OverlaySummary, Program } from '../../runtime/contract/generated/openapi.v1.ts'
import { span } from '../lib-ui/format.ts'

interface Look {
  text: string
  tone: string
}

type Shown = Pick<Program, 'overlays'>

const isSeen = (id: string, programs: Shown[]): boolean =>
  programs.some(({ overlays }) => overlays.some(overlay => overlay.id === id && overlay.layers > 0))

/** How an overlay is, in a word or two. Pure. */
export function overlayStatus(overlay: OverlaySummary, programs: Shown[], now: number): Look {
  const { id, playing, duration, assets } = overlay
  if (duration === undefined) return { text: 'Cannot be read', tone: 'is-bad' }
  if (playing) {
    if (isSeen(id, programs)) return { text: 'On air', tone: 'is-on-air' }
    const early = Date.parse(playing.startedAt) > now
    return early ? { text: 'Coming', tone: 'is-warn' } : { text: 'Nothing to see now', tone: 'is-warn' }
  }
  if (assets.some(({ status }) => status === 'failed')) return { text: 'File missing', tone: 'is-bad' }
  const coming = assets.filter(({ status }) => status === 'fetching')
  if (coming.length === 0) return { text: 'Ready', tone: 'is-ok' }
  return { text: `Fetching ${percentOf(coming)} %`, tone: 'is-warn' }
}

const percentOf = (coming: AssetReadiness[]): number =>
  Math.floor(coming.reduce((sum, { percent = 0 }) => sum + percent, 0) / coming.length)

/** What else there is to say: its scene, since when, how long it is, its files. Pure. */
export function overlayFacts({ playing, duration, scenes = [], assets }: OverlaySummary, now: number): string {
  const facts: string[] = []
  if (playing?.scene) facts.push(playing.scene)
  if (playing && now >= Date.parse(playing.startedAt)) facts.push(`for ${span(now - Date.parse(playing.startedAt))}`)
  if (!playing && duration) facts.push(span(duration))
  if (!playing && scenes.length > 1) facts.push(`${scenes.length} scenes`)
  if (assets.length > 0) facts.push(filesOf(assets))
  return facts.join(' · ')
}

function filesOf(assets: AssetReadiness[]): string {
  const ready = assets.filter(({ status }) => status === 'ready').length
  if (ready === assets.length) return ready === 1 ? '1 file' : `${ready} files`
  const gone = assets.some(({ status }) => status === 'missing')
  return `${ready} of ${assets.length} files here${gone ? ', the others come when it plays' : ''}`
}

/** What keeps its files from coming, each reason once. Pure. */
export function failuresOf({ assets }: Pick<OverlaySummary, 'assets'>) {
  const failed = assets.flatMap(({ id, error, nextAt }) => (error ? [{ id, error, nextAt }] : []))
  return failed.filter(({ error }, n) => failed.findIndex(other => other.error.detail === error.detail) === n)
}

/** When in its time an overlay is pictured (ms): late enough for what comes in slowly. */
export const pictureTime = ({ duration = 0 }: Pick<OverlaySummary, 'duration'>): number =>
  duration > 0 ? Math.round(Math.min(4_000, duration / 2)) : 4_000

interface View {
  /** ms */
  at: number
  width: number
  scene?: string
  /** Small, a checker is only noise. */
  ground?: 'black' | 'checker'
}

/** Address of the picture of an overlay at a moment, for the API; it changes with the document and its files. */
export function picturePath({ id, updatedAt, assets }: OverlaySummary, { at, width, scene, ground }: View): string {
  const query = Object.entries({ at, width, scene, ground })
    .filter(([, value]) => value)
    // A space as %20: the API takes no `+`.
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')
  const files = assets.filter(({ status }) => status === 'ready').length
  return `/overlays/${id}/picture?${query}#${updatedAt}-${files}`
}

/** The id for a document of this file: its name, as far as an id can have it. */
export const idFor = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, 64)
