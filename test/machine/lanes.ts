/**
 * How tests that start processes share two cores. In the lane of shows one file runs at a time; it may need a whole core.
 * Beside it there are three seats for files that need less: so many of a core's quarters each takes of them.
 */
export const SEATS_BESIDE = 3
/** One for each that runs, and two that are ready to go on. */
export const WORKERS = 1 + SEATS_BESIDE + 2

/**
 * What each file needs of a core was measured: processor seconds of all its processes by its length. Not named here: it
 * needs more, or counts each frame of a whole show, and is in the lane of shows.
 */
const BESIDE: readonly (readonly string[])[] = [
  [],
  [
    ...['buses', 'clips', 'encode', 'flow-host-editor', 'graphics', 'hardware', 'ingest', 'isolation', 'memory-full'],
    ...['output-copy', 'preflight', 'preview', 'ptz-camera', 'recording', 'rtmp', 'rtmp-refusals', 'setup', 'store'],
    ...['stream-cameras', 'upload'],
  ],
  ['auto-readiness', 'bitrate', 'camera-still', 'destination-live', 'picture-trouble', 'sound'],
  [
    ...['access', 'api', 'brokers', 'cameras', 'disk-full', 'launcher', 'program-sound', 'rates'],
    ...['readiness', 'segments', 'source-kinds', 'studio'],
  ],
]
/** Needs more than a core, or loads the machine itself: it comes first in its lane, while calm files are beside it. */
const HEAVY = ['exactness', 'overlay-frames', 'sizes']
/** Compares figures of the machine itself, or asks for what is seen on the very next frames: nobody may be beside it. */
const ALONE = ['flow-host', 'overlay-air', 'slate', 'speed', 'spine', 'survival']

export interface Need {
  show: boolean
  beside: number
}

const placeOf = (file: string) => {
  const [, folder = '', name = ''] = /test\/(\w+)\/([\w-]+)\.test\.ts$/.exec(file) ?? []
  return { folder, name }
}

export function needOf(file: string): Need {
  const { folder, name } = placeOf(file)
  if (folder === 'nodes') return { show: false, beside: 1 }
  if (folder !== 'integration') return { show: true, beside: 0 }
  if (ALONE.includes(name)) return { show: true, beside: SEATS_BESIDE }
  const beside = BESIDE.findIndex(names => names.includes(name))
  return beside > 0 ? { show: false, beside } : { show: true, beside: 0 }
}

/** Seconds on a quiet machine, of the files that take longer than others of their folder. */
const LONG: Record<string, Record<string, number>> = {
  integration: {
    ...{ soak: 133, ingest: 70, rtmp: 49, exactness: 48, bitrate: 40, demo: 36, flows: 36, slate: 35, survival: 32 },
    ...{ 'picture-trouble': 34, 'output-copy': 34, 'flow-host': 32, 'disk-full': 29, cameras: 28, brokers: 28 },
    ...{ 'single-camera-show': 26, spine: 26, recorder: 26, 'proof-of-play': 26, takes: 25, readiness: 25, sound: 24 },
    ...{ 'destination-live': 24, encode: 23, 'stream-cameras': 22, programs: 20, 'overlay-air': 20 },
    ...{ 'auto-readiness': 20, segments: 18, 'source-kinds': 18, isolation: 18, 'flow-host-editor': 18, recording: 17 },
    ...{ clips: 16, access: 16, launcher: 15, api: 15, speed: 15 },
  },
  browser: { operator: 57, cameras: 40, studio: 20 },
  nodes: { wiring: 36 },
  unit: { conformance: 13, 'ptz-presets': 12, bed: 9, mixer: 6, segments: 5, 'ptz-heads': 4 },
}
/** Names that stand here, each of which is to be a file's. */
export const NAMED = [
  ...BESIDE.flat(),
  ...HEAVY,
  ...ALONE,
  ...['integration', 'browser', 'nodes'].flatMap(folder => Object.keys(LONG[folder] ?? {})),
]

const USUAL: Record<string, number> = { integration: 9, browser: 9, nodes: 3 }

export function secondsOf(file: string): number {
  const { folder, name } = placeOf(file)
  return LONG[folder]?.[name] ?? USUAL[folder] ?? 0.5
}

/** First heavy shows beside calm files, then the rest of either lane, last what has the whole machine. */
function turnOf(file: string): number {
  const { show, beside } = needOf(file)
  if (show) return beside > 0 ? 2 : Number(!HEAVY.includes(placeOf(file).name))
  return beside
}

/**
 * The order in which files are begun so that both lanes are always busy and end together: each lane's longest first, and
 * the lanes merged by when each file would begin if all took as long as they did when they were measured.
 */
export function inOrder(files: readonly string[]): string[] {
  const inLane = files.toSorted((a, b) => turnOf(a) - turnOf(b) || secondsOf(b) - secondsOf(a))
  let [show, beside] = [0, 0]
  const begins = inLane.map(file => {
    const need = needOf(file)
    const begin = need.show ? show : beside
    if (need.show) show += secondsOf(file)
    beside += (secondsOf(file) * need.beside) / SEATS_BESIDE
    return { file, begin }
  })
  return begins.sort((a, b) => a.begin - b.begin).map(({ file }) => file)
}
