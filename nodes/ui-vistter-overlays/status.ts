import type { AssetReadiness, OverlaySummary, Program } from '../../runtime/contract/generated/openapi.v1.ts'
import { span } from '../lib-ui/format.ts'

interface Look {
  text: string
  tone: string
}

/** What keeps a file away, where it is more than that it could not be fetched. */
const FAILURE: Record<string, string> = {
  ASSET_EXPIRED: 'File expired',
  ASSET_TERRITORY: 'File not for here',
  ASSET_CACHE_FULL: 'No room',
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
  const failed = assets.find(({ status }) => status === 'failed')
  if (failed) return { text: FAILURE[failed.error?.code ?? ''] ?? 'File missing', tone: 'is-bad' }
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

/** So long before the right to show a file ends people are warned (ms). */
const SOON_MS = 7 * 86_400_000

/** Files whose right to be shown ends soon, a sentence each. Pure. */
export const endingSoon = ({ assets }: Pick<OverlaySummary, 'assets'>, now: number, timezone?: string): string[] =>
  assets.flatMap(({ id, until }) => {
    const left = until === undefined ? 0 : Date.parse(until) - now
    return left > 0 && left < SOON_MS ? [`${id} may be shown only ${untilWords(until ?? '', timezone)}.`] : []
  })

const untilWords = (until: string, timezone?: string): string =>
  `until ${new Date(until).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone })}`

const STATE: Record<AssetReadiness['status'], string> = {
  ready: 'here',
  fetching: 'on its way',
  failed: 'not to be had now',
  missing: 'comes when the overlay plays',
}

/** How an asset is, and what its rights are. Pure. */
export function assetWords(
  { status, percent, nextAt, tags = [], until, error }: AssetReadiness,
  timezone?: string,
): string {
  const time = nextAt && new Date(nextAt).toLocaleTimeString([], { timeStyle: 'short', timeZone: timezone })
  return [
    FAILURE[error?.code ?? '']?.toLowerCase() ?? STATE[status],
    status === 'fetching' && percent !== undefined && `${percent} %`,
    time && `next try ${time}`,
    until && untilWords(until, timezone),
    ...tags,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** When in its time an overlay is pictured (ms): late enough for what comes in slowly. */
export const pictureTime = ({ duration = 0 }: Pick<OverlaySummary, 'duration'>): number =>
  duration > 0 ? Math.round(Math.min(4_000, duration / 2)) : 4_000

interface View {
  /** ms */
  at: number
  width: number
  scene?: string
  /** What it says. */
  words?: string
}

/** Address of the picture of an overlay at a moment, for the API; it changes with the document, its files and its words. */
export function picturePath({ id, updatedAt, assets }: OverlaySummary, { at, width, scene, words = '' }: View): string {
  const query = Object.entries({ at, width, scene })
    .filter(([, value]) => value)
    // A space as %20: the API takes no `+`.
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')
  const files = assets.filter(({ status }) => status === 'ready').length
  return `/overlays/${id}/picture?${query}#${updatedAt}-${files}-${encodeURIComponent(words)}`
}

/** The id for a document of this file: its name, as far as an id can have it. */
export const idFor = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, 64)
