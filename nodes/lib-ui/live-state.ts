import type {
  Camera,
  Cue,
  Destination,
  OverlaySummary,
  Program,
  Recording,
  Segment,
  SegmentQueue,
  Session,
  Settings,
  Studio,
  Timeline,
} from '../../runtime/contract/generated/openapi.v1.ts'

/** Live data of overlays; the beginning of the value. */
export interface LiveValue {
  id: string
  value: string
  pushedAt: string
  expires: string | null
}

/** A timeline without its cues but the one on air. */
export type TimelineGlimpse = Pick<Timeline, 'id' | 'name' | 'loop' | 'timing' | 'offAir' | 'state' | 'revision'> & {
  cue?: Cue
}

/** What the appliance pushes: the widgets only render it. */
export interface Live {
  link: 'connecting' | 'live' | 'lost'
  user?: Session
  programs: Record<string, Program>
  /** What the flow has, and whether there is an engine to run it. */
  flow?: { engine: boolean; programs: string[] }
  /** The program that the page is about, `main` at first. Only people choose another one: what is away comes back. */
  chosen: string
  /** The chosen one; undefined while it is away. */
  readonly program?: Program
  cameras: Record<string, Camera>
  /** By camera: another number means that its presets have changed. */
  presets: Record<string, number>
  destinations: Record<string, Destination>
  recordings: Record<string, Recording>
  overlays: Record<string, OverlaySummary>
  timelines: Record<string, TimelineGlimpse>
  /** By key, stale ones, too. */
  values: Record<string, LiveValue>
  /** The room for files of overlays, and how many there are. */
  files?: { quotaBytes: number; usedBytes: number; files: number }
  segments: Record<string, Segment>
  /** Of segments. */
  queue?: SegmentQueue
  settings?: Settings
  /** The way to Studio. */
  studio?: Studio
}

/** What each event of the stream does to the state, by its name; `named` gathers the ids of all that it tells. */
export function ears(live: Live, named: Set<string>): Record<string, (text: string) => void> {
  const kept =
    <T extends { id: string }>(collection: Record<string, T>) =>
    (text: string) => {
      const item = JSON.parse(text) as T
      named.add(item.id)
      collection[item.id] = item
    }
  const removed = (collection: Record<string, unknown>) => (text: string) => {
    const { id } = JSON.parse(text) as { id: string }
    delete collection[id]
  }
  return {
    program: kept(live.programs),
    'program-removed': removed(live.programs),
    camera: kept(live.cameras),
    'camera-removed': removed(live.cameras),
    destination: kept(live.destinations),
    'destination-removed': removed(live.destinations),
    recording: kept(live.recordings),
    'recording-removed': removed(live.recordings),
    overlay: kept(live.overlays),
    'overlay-removed': removed(live.overlays),
    timeline: kept(live.timelines),
    'timeline-removed': removed(live.timelines),
    segment: kept(live.segments),
    'segment-removed': removed(live.segments),
    queue: text => {
      live.queue = JSON.parse(text)
    },
    value: kept(live.values),
    'value-removed': removed(live.values),
    files: text => {
      live.files = JSON.parse(text)
    },
    presets: text => {
      const { id, revision } = JSON.parse(text) as { id: string; revision: number }
      live.presets[id] = revision
    },
    studio: text => {
      live.studio = JSON.parse(text)
    },
    settings: text => {
      live.settings = JSON.parse(text)
    },
    flow: text => {
      live.flow = JSON.parse(text)
    },
  }
}

/** Forgets what a new stream has not named: it was removed while nobody listened. */
export function sweep(live: Live, named: ReadonlySet<string>): void {
  const { programs, cameras, destinations, recordings, overlays, timelines, segments, values } = live
  for (const collection of [programs, cameras, destinations, recordings, overlays, timelines, segments, values]) {
    for (const id of Object.keys(collection)) if (!named.has(id)) delete collection[id]
  }
}
