import type { CueLogSummary, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { Burner } from './burner.ts'
import { JUMPS, jumps } from './exact-jumps.ts'
import { ROWS, TOUCHING, touchingCues, whiteBar, wrongFrames } from './exact-overlays.ts'
import { packets, thumbnails } from './media.ts'
import { until } from './run.ts'
import type { FlowNode, Stage } from './stage.ts'

const FPS = 30
/** The flow's loop stands still for so long, again and again (ms). */
const BLOCKED = 200
const LOAD = 0.92
const SIDE = 16
/** Of the clock of the box (ms): the first while the show waits for its time. */
const STEP_EVERY = 4_700

/** How exactly a show was on air. Errors in frames, against the first cut of the show. */
export interface Exactness {
  cuts: number
  errors: number[]
  p99: number
  /** Of the overlay, against the cut that it belongs to. */
  overlay: number[]
  /** Likewise after jumps. */
  jumps: number[]
  /** Frames on which overlays of cues that touch are not as they should be. */
  touching: ReturnType<typeof wrongFrames>
  load: number
  /** Cues that the show has. */
  planned: number
  log: CueLogSummary
}

/** Colour bars and, under a white bar, the slate, in turn, each for about a second; all starts are whole ms and frames of 30 a second. */
function cuesOf(count: number) {
  let frame = 0
  return Array.from({ length: count }, (_, n) => {
    const length = 27 + 3 * ((n * 3) % 4)
    const cue = { id: `c${n}`, start: (frame * 1_000) / FPS, duration: (length * 1_000) / FPS }
    frame += length
    return { ...cue, ...(n % 2 === 0 ? { clip: 'bars' } : { camera: 'slate', overlay: 'white-bar' }) }
  })
}

const at = { z: 'vistter-show', x: 300, y: 500 }

/** The shipped flow with the way of the cues led through nodes of ours and others, and a function that blocks the loop. */
export const busyFlow = (shipped: FlowNode[]): FlowNode[] => [
  ...shipped.map(node => (node.id === 'vistter-show-timeline' ? { ...node, wires: [['way-turn'], []] } : node)),
  { ...{ id: 'way-turn', type: 'vistter-ptz-preset', ...at }, camera: '*', preset: '', wires: [['way-change'], []] },
  {
    ...{ id: 'way-change', type: 'function', ...at, outputs: 1, wires: [['way-words']] },
    func: 'return msg',
  },
  { id: 'way-words', type: 'vistter-ocl-overlay', ...at, overlay: '*', wires: [['vistter-show-program']] },
  {
    ...{ id: 'way-bars', type: 'vistter-slate', ...at, content: 'bars', tone: true, role: 'source' },
    wires: [['vistter-show-program']],
  },
  { id: 'way-tick', type: 'inject', ...at, props: [], repeat: '0.5', once: true, wires: [['way-block']] },
  {
    ...{ id: 'way-block', type: 'function', ...at, outputs: 1, wires: [[]] },
    // Also where the clock is set meanwhile.
    func: `for (const begun = Date.now(); Math.abs(Date.now() - begun) < ${BLOCKED}; );`,
  },
]

interface Hands {
  /** Ends the stream and answers its file. */
  recording(): Promise<string>
  /** Sets the clock of the box. */
  step?: () => void
}

/** The stage is on air with 640 × 360 at 30. */
export async function exactShow(stage: Stage, count: number, { recording, step }: Hands): Promise<Exactness> {
  const { api } = stage
  await stage.deploy(busyFlow(await stage.flows()))
  await api.put('/overlays/white-bar', whiteBar('white-bar', 0, 48, 600_000))
  for (const overlay of TOUCHING) await api.put(`/overlays/${overlay.timeline.id}`, overlay)
  const cues = cuesOf(count)
  const body = { name: 'Exact', cues: [...cues, ...touchingCues(cues)] }
  const { id } = await api.post<Timeline>('/timelines', body)
  await until('the bars are wired', async () => (await api.get<Timeline>(`/timelines/${id}`)).problems.length === 0)
  await api.post('/program/take', { source: 'slate' })
  const burner = new Burner(LOAD).start()
  await api.post(`/timelines/${id}/start`, { at: rfc3339(Date.now() + 5_000) })
  const length = (cues.at(-1)?.start ?? 0) + 5_000
  const over = async () => (await api.get<Timeline>(`/timelines/${id}`)).state.status === 'idle'
  const setting = step && setInterval(step, STEP_EVERY)
  await until('the show is over', over, { timeoutMs: length + 30_000, everyMs: 1_000 }).finally(() =>
    clearInterval(setting),
  )
  const load = burner.stop()
  await jumps(stage, 'white-bar')
  const log = await api.get<CueLogSummary>(`/timelines/${id}/log/summary`)
  return { ...(await measured(await recording(), cues)), load, planned: body.cues.length, log }
}

async function measured(file: string, cues: { start: number }[]) {
  const times = (await packets(file, 'v')).map(({ pts }) => pts).sort((a, b) => a - b)
  const looks = (await thumbnails(file, SIDE, SIDE)).map(lookOf)
  // What came before, from the camera to the slate, is none of the show.
  const all = looks.flatMap(({ bars }, n) => (n > 0 && bars !== looks[n - 1]?.bars ? [n] : []))
  const cuts = all.slice(-cues.length - JUMPS, -JUMPS)
  const frames = (from: number, to: number) => (((times[to] ?? Number.NaN) - (times[from] ?? Number.NaN)) * FPS) / 1_000
  const [first = 0] = cuts
  const errors = cuts.map((cut, n) => Math.round(frames(first, cut) - ((cues[n]?.start ?? Number.NaN) * FPS) / 1_000))
  // Before the first cut there is no overlay that could end with it.
  const overlay = cuts.slice(1).map(cut => overlayError(looks, cut, !looks[cut]?.bars))
  const sorted = errors.map(Math.abs).sort((a, b) => a - b)
  return {
    ...{ cuts: cuts.length, errors, overlay, p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN },
    jumps: all.slice(-JUMPS).map(cut => overlayError(looks, cut, looks[cut]?.bars === true)),
    touching: wrongFrames(looks, cuts),
  }
}

type Look = ReturnType<typeof lookOf>

/** The fourth row is of one grey on the slate, and of many in colour bars; the first is white under the overlay. */
function lookOf(picture: Buffer) {
  const row = (n: number) => [...picture.subarray(n * SIDE, (n + 1) * SIDE)]
  const fourth = row(4)
  const isWhite = (n: number) => Math.min(...row(n)) > 200
  return {
    bars: Math.max(...fourth) - Math.min(...fourth) > 60,
    white: isWhite(0),
    ...{ onAndOn: isWhite(ROWS.onAndOn), again: isWhite(ROWS.again) },
  }
}

/** How many frames the overlay came or went beside its cut; `wanted`: it is to be there from then on. */
function overlayError(looks: Look[], cut: number, wanted: boolean): number {
  for (let off = 0; off < FPS / 2; off++) {
    const isRight = (n: number) => looks[n]?.white === wanted && looks[n - 1]?.white === !wanted
    if (isRight(cut + off) || isRight(cut - off)) return off
  }
  return FPS
}
