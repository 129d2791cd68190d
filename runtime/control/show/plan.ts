import { createHash } from 'node:crypto'
import type {
  Bus,
  DesiredState,
  Encoder,
  Output,
  Overlay,
  Profile,
  Program,
  Recording,
  Source,
  Take,
} from '../../contract/generated/engine.v1.ts'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'
import type { PlannedDestination } from '../ports.ts'
import { feedTake } from './feed-take.ts'
import { toFraction } from './frame-rate.ts'
import type { Override } from './live.ts'
import type { Following } from './overlay-play.ts'
import { type LiveFacts, wordsAhead } from './overlay-words.ts'
import { addWired, cameraSource, slateSource } from './plan-sources.ts'
import { chosenSound, type KeptSound, planSound, type SoundChoice } from './sound.ts'
import { wayOut } from './way-out.ts'
import { askedFor } from './wired-profile.ts'
import { findWired, lasting, wiredSource } from './wired-sources.ts'
import {
  destinationWire,
  overlayReached,
  recorderWire,
  sourceReached,
  type WiredOutput,
  type WiredProgram,
  type WiredRecorder,
} from './wires.ts'

/** A camera as the store gives it, its credentials in clear. */
export interface PlannedCamera {
  id: string
  name: string
  url: string
  username?: string
  password?: string
  audio: 'off' | 'on'
  gain?: number
  onFrozen: 'flag' | 'slate'
  fit?: 'letterbox' | 'crop'
  mode?: 'auto' | 'hot' | 'standby'
}

export interface PlannedOverlay {
  id: string
  document: Record<string, unknown>
  assets: Record<string, string>
  playing?: NonNullable<Overlay['playing']>
  following?: Following
}

/** All that a plan depends on. The same facts always give the same plan, so a plan can be compared with the last one. */
export interface PlanFacts {
  settings: {
    program: { width: number; height: number; fps: number }
    slateAfterMs: number
    locationName: string
    tokens: Record<string, string>
  }
  proxy?: DesiredState['outputs'][number]['proxy'] | undefined
  cameras: PlannedCamera[]
  destinations: PlannedDestination[]
  overlays: PlannedOverlay[]
  live?: LiveFacts
  /** Those that the operator wants to run now. */
  recordings: Omit<Recording, 'encoder'>[]
  wiring: Wiring | undefined
  takes: Record<string, Take>
  /** Files that can be beds, and what was chosen for the sound of programs, by their ids. */
  sounds?: KeptSound[]
  sound?: Record<string, SoundChoice>
  /** What outranks takes, by the program's id. */
  overrides: Record<string, { kind: Override['kind'] }>
}

/** Before the first flow has spoken, the program shows its slate and feeds nobody. */
const UNWIRED: Wiring = { programs: [{ id: 'main', sources: [], fallback: [] }], outputs: [] }

const DEFAULT_SLATE = { title: "We'll be right back", subtitle: '{{locationName}}' }

/** What the engine should be doing, from what is stored, what is wired and what was taken. Pure. */
export function plan(facts: PlanFacts): DesiredState {
  const wiring = facts.wiring ?? UNWIRED
  const sources = new Map<string, Source>()
  for (const camera of facts.cameras) sources.set(camera.id, cameraSource(camera))
  sources.set('slate', slateSource('slate', DEFAULT_SLATE, facts))

  const programs = mainFirst(wiring.programs).map(wired => planProgram(wired, wiring, facts, sources))
  const started = facts.destinations.filter(({ started, waiting }) => started && !waiting)
  const stopped = (program: string) => facts.overrides[program]?.kind === 'stop'
  const fed = started.flatMap(destination => planOutput(destination, wiring)).filter(({ like }) => !stopped(like))
  const live = fed.map(({ encoder }) => encoder)
  const recorded = facts.recordings.flatMap(recording => planRecording(recording, live, wiring, programs))
  const encoders = [...live, ...recorded.map(({ encoder }) => encoder)]
  return {
    programs: [...programs, ...planFeeds(fed, programs, facts)],
    sources: [...sources.values()],
    overlays: facts.overlays.flatMap(overlay => planOverlay(overlay, wiring, facts)),
    encoders: [...new Map(encoders.map(encoder => [encoder.id, encoder])).values()],
    outputs: fed.map(({ output }) => ({ ...output, ...wayOut(output.url, facts.proxy) })),
    recordings: recorded.map(({ recording }) => recording),
  }
}

/** The engine decodes cameras to the size of the first program, which then needs no scaling: that shall be the main one. */
const mainFirst = (programs: WiredProgram[]): WiredProgram[] =>
  programs.toSorted((a, b) => Number(b.id === 'main') - Number(a.id === 'main'))

function planProgram(wired: WiredProgram, wiring: Wiring, facts: PlanFacts, sources: Map<string, Source>): Program {
  const { width, height, fps, fit, focusX } = { ...facts.settings.program, ...wired.picture }
  const onAir = onAirOf(wired, facts)
  const override = facts.overrides[wired.id]?.kind
  const sound = planSound(chosenSound(wired, facts.sound?.[wired.id]), facts.sounds ?? [])
  for (const ref of wired.sources) {
    const source = wiredSource(ref)
    if (source) addWired(source, facts, sources)
  }
  return {
    id: wired.id,
    picture: { width, height, frameRate: toFraction(fps) },
    slateAfterMs: facts.settings.slateAfterMs,
    ...(fit === 'crop' && { view: { fit, focusX: (focusX ?? 50) / 100 } }),
    ...(override && override !== 'stop' && { override }),
    ...(sound && { sound }),
    onAir,
    fallback: fallbackChain(wired, facts, sources),
    buses: busesOf(wired.id, wiring),
  }
}

/**
 * The operator's (or show's) last take rules while its source exists and is wired; otherwise the first camera that a wire
 * names, then the first camera there is, then the slate: a program always shows something.
 */
function onAirOf(wired: WiredProgram, facts: PlanFacts): Take {
  const take = facts.takes[wired.id]
  const exists = (id: string) =>
    id === 'slate' || findWired(wired.sources, id) || facts.cameras.some(camera => camera.id === id)
  if (take && exists(take.source) && sourceReached(wired, take.source, facts.cameras)) return take
  const named = facts.cameras.find(camera =>
    wired.sources.some(ref => ref.kind === 'camera' && (ref.camera === camera.id || ref.camera === camera.name)),
  )
  const shown = named ?? facts.cameras.find(camera => sourceReached(wired, camera.id, facts.cameras))
  if (shown) return { id: `wired:${shown.id}`, source: shown.id, why: `${shown.name} is wired to the program` }
  return { id: 'wired:slate', source: 'slate', why: 'no camera is wired to the program' }
}

/** The wired fallbacks as source ids, in their order; slates and clips that only a wire names become sources on the way. */
function fallbackChain(wired: WiredProgram, facts: PlanFacts, sources: Map<string, Source>): string[] {
  const chain: string[] = []
  let slates = 0
  for (const ref of wired.fallback) {
    if (ref.kind === 'camera') {
      const camera = facts.cameras.find(({ id, name }) => id === ref.camera || name === ref.camera)
      if (camera) chain.push(camera.id)
    } else if (ref.kind === 'slate') {
      const id = slates++ === 0 ? 'slate' : `slate-${slates}`
      sources.set(id, slateSource(id, ref, facts))
      chain.push(id)
    } else {
      const source = wiredSource(lasting(ref))
      if (source) chain.push(addWired(source, facts, sources))
    }
  }
  return [...new Set(chain)]
}

/** An overlay is drawn for each program from which a wire leads through it; one on no wire yet, for the first. */
function planOverlay(overlay: PlannedOverlay, wiring: Wiring, { settings, live }: PlanFacts): Overlay[] {
  const { id, assets, playing } = overlay
  const { document, tokens, next } = wordsAhead(overlay, settings, live)
  const all = mainFirst(wiring.programs)
  const wired = all.filter(program => overlayReached(outputsOf(program.id, wiring), id))
  const programs = wired.length > 0 ? wired : all.slice(0, 1)
  return programs.map(program => ({
    id,
    program: program.id,
    document,
    assets,
    tokens,
    ...(playing ? { playing } : {}),
    ...(next && { next }),
  }))
}

const outputsOf = (program: string, wiring: Wiring): Wiring => ({
  ...wiring,
  outputs: wiring.outputs.filter(wire => wire.program === program),
  recorders: wiring.recorders?.filter(wire => wire.program === program),
})

/** Buses follow from the wires alone, not from what is started: so that a start never changes a running mixer. */
function busesOf(program: string, wiring: Wiring): Bus[] {
  const buses = new Map<string, Bus>([['all', { id: 'all', overlays: 'all' }]])
  for (const wire of [...wiring.outputs, ...(wiring.recorders ?? [])]) {
    if (wire.program === program) {
      const bus = busOf(wire)
      buses.set(bus.id, bus)
    }
  }
  return [...buses.values()].sort((a, b) => a.id.localeCompare(b.id))
}

function busOf(wire: Pick<WiredOutput, 'overlays'>): Bus {
  if (wire.overlays.includes('*')) return { id: 'all', overlays: 'all' }
  if (wire.overlays.length === 0) return { id: 'clean', overlays: [] }
  return { id: `only-${digest(...wire.overlays)}`, overlays: wire.overlays }
}

/** The hidden program that carries a camera's own feed. */
const FEED = 'feed-'
export const isFeed = (program: string): boolean => program.startsWith(FEED)

/** One for each camera whose own feed goes anywhere: like the program whose wire leads there, without its overlays. */
function planFeeds(fed: PlannedOutput[], programs: Program[], { cameras }: PlanFacts): Program[] {
  const feeds = new Map<string, Program>()
  for (const { encoder, like } of fed) {
    const model = programs.find(({ id }) => id === like)
    if (!model || !isFeed(encoder.program)) continue
    const source = encoder.program.slice(FEED.length)
    const carriers = fed.filter(one => one.encoder.program === encoder.program).map(one => one.destination)
    const onAir = feedTake(source, carriers, cameras)
    feeds.set(encoder.program, { ...model, id: encoder.program, onAir, buses: [{ id: 'all', overlays: 'all' }] })
  }
  return [...feeds.values()].sort((a, b) => a.id.localeCompare(b.id))
}

interface PlannedOutput {
  destination: PlannedDestination
  encoder: Encoder
  output: Output
  /** The program that the wire comes from. */
  like: string
}

function planOutput(destination: PlannedDestination, wiring: Wiring): PlannedOutput[] {
  const wire = destinationWire(wiring, destination)
  if (!wire) return []
  const { profile, autoBitrateFloor } = askedFor(wire.profile, destination)
  const { id, name, url, streamKey } = destination
  const { camera } = destination.source ?? {}
  const [program, bus] = camera === undefined ? [wire.program, busOf(wire).id] : [`${FEED}${camera}`, 'all']
  const shared = encoderId(program, bus, profile)
  // A bitrate that follows one uplink must not be another destination's, too.
  const own = autoBitrateFloor === undefined ? shared : `${shared}-for-${id}`
  const autoBitrate = autoBitrateFloor !== undefined && {
    autoBitrate: { most: profile.videoBitrate, least: Math.min(autoBitrateFloor, profile.videoBitrate) },
  }
  const encoder = { id: own, program, bus, profile }
  const output = { id, name, encoder: own, url, ...(streamKey ? { streamKey } : {}), ...autoBitrate }
  return [{ destination, encoder, output, like: wire.program }]
}

/**
 * A recording shares the best encoder that feeds a destination the same picture; where none runs, or the wire names a
 * profile, it has its own.
 */
function planRecording(
  recording: PlanFacts['recordings'][number],
  live: Encoder[],
  wiring: Wiring,
  programs: Program[],
): { encoder: Encoder; recording: Recording }[] {
  const wire = recorderWire(wiring, recording.program)
  const program = programs.find(({ id }) => id === recording.program)
  if (!wire || !program) return []
  const encoder = recordingEncoder(wire, live, program.picture)
  return [{ encoder, recording: { ...recording, encoder: encoder.id } }]
}

function recordingEncoder(wire: WiredRecorder, live: Encoder[], picture: Program['picture']): Encoder {
  const { program } = wire
  const { width, height } = picture
  const { num, den } = picture.frameRate
  const bus = busOf(wire).id
  const size = ({ profile: { width, height } }: Encoder) => width * height
  const [best] = live
    .filter(encoder => encoder.program === program && encoder.bus === bus)
    .sort((a, b) => size(b) - size(a) || b.profile.videoBitrate - a.profile.videoBitrate || (a.id < b.id ? -1 : 1))
  if (wire.profile === 'destination' && best) return best
  const { profile } = askedFor(wire.profile, { profile: { width, height, fps: num / den, ...RECORDING } })
  return { id: encoderId(program, bus, profile), program, bus, profile }
}

/** Where nothing else is encoded (kbit/s, s). */
const RECORDING = { videoBitrate: 6_000, audioBitrate: 128, keyframeInterval: 2 }

function encoderId(program: string, bus: string, profile: Profile): string {
  const { width, height, fps, videoBitrate, audioBitrate, keyframeInterval, preset, h264Profile, level } = profile
  const numbers = `${width}x${height}@${fps}-${videoBitrate}+${audioBitrate}k-${keyframeInterval}s`
  return [`${program}/${bus}/${numbers}`, preset, h264Profile, level].filter(Boolean).join('-')
}

const digest = (...parts: string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 10)
