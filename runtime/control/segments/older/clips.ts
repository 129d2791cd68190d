import { between, type Loose, loose, looseIn, numberIn, textIn } from './fields.ts'

export type ClipKind = 'video' | 'overlay' | 'audio'

/** A clip of any older shape: what it is, when (ms), and the rest as it was written. */
export interface OldClip {
  id: string
  /** JSON pointer to it in segment.json. */
  path: string
  track: string
  kind: ClipKind
  start: number
  duration: number
  raw: Loose
}

/** A segment has at most so many clips (as a timeline its cues). */
const MOST_CLIPS = 2_000
/** The shortest cue, and the longest time that a timeline knows (ms). */
const [SHORTEST, LONGEST] = [100, 1e10]
/** A segment of more than a day (s) is one that was written in ms. */
const DAY = 86_400

const KINDS: Record<string, ClipKind> = {
  video: 'video',
  camera: 'video',
  overlay: 'overlay',
  ad: 'overlay',
  audio: 'audio',
}

/** Clips that stand in their tracks (flat and `metadata`), or beside them (the later editor). In order of their start. */
export function clipsOf(old: Loose): OldClip[] {
  const unit = unitOf(old)
  const tracks = looseIn(old.tracks)
  const inTracks = tracks.flatMap((track, n) =>
    looseIn(track.clips).map((raw, m) => clip(raw, track, `/tracks/${n}/clips/${m}`, unit)),
  )
  const beside = looseIn(old.clips).map((raw, m) => {
    const track = tracks.find(({ id }) => id === raw.trackId)
    return clip(
      raw,
      { id: raw.trackId, type: 'overlay', ...track, ...(raw.kind !== undefined && { type: raw.kind }) },
      `/clips/${m}`,
      unit,
    )
  })
  return [...inTracks, ...beside]
    .filter(({ raw }) => raw.enabled !== false)
    .toSorted((a, b) => a.start - b.start)
    .slice(0, MOST_CLIPS)
}

/** What one unit of its times is (ms), where their names do not say. */
export function unitOf(old: Loose): 1 | 1_000 {
  const said = textIn(old, 'timeUnit', 'unit') ?? textIn(loose(old.metadata), 'timeUnit', 'unit')
  if (said) return /^(ms|milli)/i.test(said) ? 1 : 1_000
  return (durationIn(old) ?? 0) > DAY ? 1 : 1_000
}

export const durationIn = (old: Loose): number | undefined =>
  numberIn(loose(old.metadata), 'duration') ?? numberIn(old, 'duration')

function clip(raw: Loose, track: Loose, path: string, unit: number): OldClip {
  const start = numberIn(raw, 'startMs') ?? (numberIn(raw, 'startTime', 'start') ?? 0) * unit
  const end = numberIn(raw, 'endMs') ?? scaled(numberIn(raw, 'endTime', 'end'), unit)
  const length = numberIn(raw, 'durationMs') ?? scaled(numberIn(raw, 'duration'), unit) ?? (end ?? start) - start
  return {
    id: (textIn(raw, 'id') ?? path.slice(1).replaceAll('/', '-')).slice(0, 90),
    path,
    track: (textIn(track, 'id') ?? 'track').slice(0, 90),
    kind: KINDS[textIn(track, 'type', 'kind') ?? ''] ?? 'overlay',
    start: between(0, start, LONGEST - SHORTEST),
    duration: between(SHORTEST, length, LONGEST),
    raw,
  }
}

const scaled = (value: number | undefined, unit: number) => (value === undefined ? undefined : value * unit)
