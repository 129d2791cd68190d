import { called } from '../timeline/called.ts'
import { hasPicture, lengthOf, type Score, type ScoredCue } from '../timeline/score.ts'
import type { House } from './house.ts'

/** How long a journey takes that nobody has measured yet (ms). */
const ESTIMATE = 6_000

/** A preset to which a cue brings its camera. */
export interface Turn {
  camera: string
  cameraName: string
  preset: string
  name: string
  /** ms: 95 of 100 were shorter, or an estimate. */
  journey: number
  measured: boolean
}

/** A cue with what it names resolved. */
export interface Shot {
  cue: string
  /** As people know it. */
  called: string
  /** JSON pointer into the timeline. */
  path: string
  /** ms from the beginning of the timeline, journeys of timing `arrival` included. */
  start: number
  end: number
  picture: boolean
  turn?: Turn
  overlay?: string
}

/** A timeline, ready to be compared with others. */
export interface RunningOrder {
  timeline: string
  name: string
  /** Undefined: a tour. */
  program: string | undefined
  loop: boolean
  timing: 'clock' | 'arrival'
  /** What is shown where no cue has a picture. */
  gap: string
  /** ms */
  length: number
  /** In the order in which they begin. */
  shots: Shot[]
  /** Where no cue has a picture. */
  holes: Hole[]
}

interface Hole {
  start: number
  end: number
  after?: Shot
}

interface Given extends Score {
  id: string
  name: string
  offAir: boolean
  timing: 'clock' | 'arrival'
  gap: string
}

/** Pure, but for what the house says. */
export function runningOrder(timeline: Given, program: string | undefined, house: House): RunningOrder {
  const { id, name, offAir, loop, timing, gap, cues } = timeline
  const cameras = new Map(house.cameras.flatMap(camera => [[camera.name, camera.id] as const, [camera.id, camera.id]]))
  const shots = cues.map((cue, n) => shotOf(cue, n, cameras, house)).sort((a, b) => a.start - b.start)
  const order = {
    timeline: id,
    name,
    program: offAir ? undefined : (program ?? 'main'),
    loop,
    timing,
    gap,
  }
  const length = lengthOf(cues)
  return stretched({ ...order, length, shots, holes: holesIn(shots, length) })
}

function shotOf(cue: ScoredCue, n: number, cameras: Map<string, string>, house: House): Shot {
  const { start, duration, camera, preset, overlay } = cue
  const known = camera === undefined ? undefined : cameras.get(camera)
  const found = preset === undefined || (camera !== undefined && !known) ? undefined : house.preset(known, preset)
  const id = typeof overlay === 'object' ? overlay.id : overlay
  return {
    ...{ cue: cue.id, called: called(cue), path: `/cues/${n}`, start, end: start + duration, picture: hasPicture(cue) },
    ...(found && { turn: turnOf(found, house) }),
    ...(id !== undefined && { overlay: id }),
  }
}

function turnOf({ id, camera, name }: { id: string; camera: string; name: string }, house: House): Turn {
  const { p95 } = house.outlook(id)
  const cameraName = house.cameras.find(each => each.id === camera)?.name ?? camera
  return { camera, cameraName, preset: id, name, journey: p95 ?? ESTIMATE, measured: p95 !== undefined }
}

function holesIn(shots: readonly Shot[], length: number): Hole[] {
  const pictures = shots.filter(({ picture }) => picture)
  const edges = [...pictures.map(({ start }) => start), length]
  return edges.flatMap((end, n) => {
    const after = pictures[n - 1]
    const start = after?.end ?? 0
    return end > start ? [{ start, end, ...(after && { after }) }] : []
  })
}

/** A camera that has to turn for a shot. */
export interface Move {
  shot: Shot
  turn: Turn
  /** For how long before the shot nothing of this order needs the camera (ms). */
  free: number
  /** What was before it was in the round before. */
  wraps: boolean
}

/** The moves of one round; a loop's first ones begin where its last round has left the cameras, others are made ready before. Pure. */
export function movesOf({ shots, loop, length }: Pick<RunningOrder, 'shots' | 'loop' | 'length'>): Move[] {
  const last = new Map<string, { preset: string; end: number; wraps: boolean }>()
  const used = ({ turn, end }: Shot, wraps: boolean) => {
    if (turn) last.set(turn.camera, { preset: turn.preset, end: wraps ? end - length : end, wraps })
  }
  if (loop) for (const shot of shots) used(shot, true)
  return shots.flatMap(shot => {
    const { turn } = shot
    const before = turn && last.get(turn.camera)
    used(shot, false)
    if (!turn || !before || before.preset === turn.preset) return []
    return [{ shot, turn, free: Math.max(0, shot.start - before.end), wraps: before.wraps }]
  })
}

/** By `arrival` a shot lasts from its camera's arrival on, and all that follows is so much later. */
function stretched(order: RunningOrder): RunningOrder {
  if (order.timing === 'clock') return order
  const waits = movesOf(order).map(({ shot, turn, free }) => ({ at: shot.start, ms: Math.max(0, turn.journey - free) }))
  const before = (position: number, also: boolean) =>
    waits.reduce((sum, { at, ms }) => (at < position || (also && at === position) ? sum + ms : sum), 0)
  const shots = order.shots.map(shot => {
    return { ...shot, start: shot.start + before(shot.start, true), end: shot.end + before(shot.end, false) }
  })
  const holes = order.holes.map(hole => {
    return { ...hole, start: hole.start + before(hole.start, false), end: hole.end + before(hole.end, false) }
  })
  return { ...order, shots, holes, length: order.length + before(Number.POSITIVE_INFINITY, false) }
}
