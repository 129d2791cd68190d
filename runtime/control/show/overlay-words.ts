import type { Overlay } from '../../contract/generated/engine.v1.ts'
import type { Cue, OclDocument } from '../../contract/generated/ocl.v1.ts'
import { timelineAt } from '../../ocl/data/timeline.ts'
import { bindingsOf, sayToken } from '../../ocl/data/tokens.ts'
import type { DataWorld, TokenValue } from '../../ocl/data/types.ts'
import { tokensIn } from '../../ocl/text.ts'
import { parseFrameRate } from '../../ocl/time.ts'
import type { Following } from './overlay-play.ts'

/** What was pushed, and the world it is read in. */
export interface LiveFacts extends Pick<DataWorld, 'now' | 'locale' | 'timezone'> {
  data: Record<string, TokenValue>
  /** By how much (ms) `now` is ahead of the clock by which overlays play. */
  off?: number
}

interface Words {
  /** What its tokens say now. Only those that it shows: a value that changes each second must not have every overlay drawn anew. */
  tokens: Record<string, string>
  /** With the cues that a stale value hides. */
  document: Record<string, unknown>
  /** UTC ms on the clock by which overlays play: until then, not including, it says the same. */
  until: number
}

interface Said {
  document: Record<string, unknown>
  playing?: { startedAt: number; scene?: string }
}

/** Of the site. */
interface Settings {
  tokens: Record<string, string>
  locationName: string
}

const NOTHING: LiveFacts = { data: {}, now: 0, locale: 'en', timezone: 'UTC' }

/** The words of an overlay at a moment. Pure. */
export function overlayWords({ document, playing }: Said, settings: Settings, live = NOTHING): Words {
  // What is planned has been validated.
  const ocl = document as unknown as OclDocument
  const {
    data,
    off = 0,
    ...world
  } = {
    ...live,
    ...(ocl.locale !== undefined && { locale: ocl.locale }),
    ...(ocl.data && { rate: parseFrameRate(ocl.timeline.frameRate) }),
  }
  const site = { ...settings.tokens, locationName: settings.locationName }
  const bindings = bindingsOf(ocl.data)
  const timed = ocl.data?.some(({ countdown }) => countdown) ?? false
  const timeline = playing && timed ? timelineAt(ocl, live.now - off - playing.startedAt, playing.scene) : undefined
  const hidden = new Set<string>()
  const tokens: Record<string, string> = {}
  let until = Number.POSITIVE_INFINITY
  for (const name of new Set(tokensIn(document))) {
    const said = sayToken(name, { bindings, pushed: data, site }, { ...world, ...(timeline && { timeline }) })
    if (said.text !== undefined) tokens[name] = said.text
    if (said.hidden) hidden.add(name)
    until = Math.min(until, said.until)
  }
  return { tokens, document: hidden.size > 0 ? { ...withoutCues(ocl, hidden) } : document, until: until - off }
}

/** Only one change is drawn ahead: of new words and another play that follow each other so closely (ms), the play. */
const SOON = 500

/** And while it plays what it says, or how it is played, next: drawn ahead, that comes on its very frame. */
export function wordsAhead(
  overlay: Said & { following?: Following },
  settings: Settings,
  live: LiveFacts | undefined,
): Pick<Overlay, 'document' | 'tokens' | 'next'> {
  const { playing, following } = overlay
  const { document, tokens, until } = overlayWords(overlay, settings, live)
  if (!playing) return { document, tokens }
  const change = live ? until : Number.POSITIVE_INFINITY
  const turn = following && following.at <= change + SOON ? following : undefined
  const at = turn?.at ?? change
  if (at === Number.POSITIVE_INFINITY) return { document, tokens }
  const play = turn?.play
  if (turn && !play) return { document, tokens, next: { at, ...silent(document) } }
  const then = overlayWords(
    { ...overlay, ...(play && { playing: play }) },
    settings,
    live && { ...live, now: at + (live.off ?? 0) },
  )
  const changed = { ...(then.document !== document && { document: then.document }), ...(play && { playing: play }) }
  return { document, tokens, next: { at, tokens: then.tokens, ...changed } }
}

/** Of an overlay that is stopped. */
const silent = (document: Record<string, unknown>) => ({ tokens: {}, document: { ...document, scenes: [] } })

/** UTC ms on the clock by which overlays play: when the words of those that do change by themselves; Infinity: never. */
export function nextWords(facts: { overlays: Said[]; settings: Settings; live?: LiveFacts }): number {
  const playing = facts.overlays.filter(overlay => overlay.playing)
  return Math.min(...playing.map(overlay => overlayWords(overlay, facts.settings, facts.live).until))
}

/** They keep their time, unseen: the end of a scene, and so of a loop, may hang on it. */
function withoutCues(document: OclDocument, hidden: ReadonlySet<string>): OclDocument {
  const unseen = (cue: Cue): Cue => ({
    ...cue,
    properties: { ...cue.properties, opacity: 0 },
    automation: (cue.automation ?? []).filter(({ property }) => property !== 'opacity'),
  })
  const seen = (cue: Cue): Cue => (tokensIn(cue).some(name => hidden.has(name)) ? unseen(cue) : cue)
  const scenes = document.scenes.map(scene => ({
    ...scene,
    tracks: scene.tracks.map(track => ({ ...track, cues: track.cues.map(seen) })),
  }))
  return { ...document, scenes }
}
