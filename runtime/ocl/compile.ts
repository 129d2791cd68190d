import type { Cue, CueSync, OclDocument, OclTransition, Scene, Sync } from '../contract/generated/ocl.v1.ts'
import { type Envelope, envelopeOf, type Key } from './envelope.ts'
import { parseDuration, parseTime } from './time.ts'

export type Motion = Required<Pick<OclTransition, 'type' | 'direction'>> &
  Pick<OclTransition, 'easing'> & { duration: number }

export interface Wait {
  presets: string[]
  milestones: string[]
  timeout: number
  otherwise: 'play' | 'skip' | 'fallback'
}

/** A cue with every time in ms on the timeline and every property as an envelope. */
export interface CompiledCue {
  cue: Cue
  /** JSON pointer */
  path: string
  /** ms on the timeline, before any waiting */
  start: number
  duration: number
  in?: Motion
  out?: Motion
  opacity: Envelope<number>
  x: Envelope<number>
  y: Envelope<number>
  scale: Envelope<number>
  /** Only of text cues. */
  text?: Envelope<string>
  wait?: Wait
}

export interface CompiledScene {
  id: string
  start: number
  /** Where its cues end at the latest. */
  end: number
  cues: CompiledCue[]
}

export interface CompiledTimeline {
  scenes: CompiledScene[]
  /** ms; Infinity never ends */
  end: number
  loop: boolean
}

const DEFAULT_TIMEOUT = 10_000

const compiled = new WeakMap<OclDocument, CompiledTimeline>()

/** A document's times and envelopes, worked out once: resolve runs for every frame. Documents are never changed in place. */
export function timelineOf(document: OclDocument): CompiledTimeline {
  let timeline = compiled.get(document)
  if (!timeline) {
    timeline = compile(document)
    compiled.set(document, timeline)
  }
  return timeline
}

function compile(document: OclDocument): CompiledTimeline {
  const waits = new Map((document.sync ?? []).map(sync => [sync.cue, sync]))
  const scenes = document.scenes.map((scene, i) => compileScene(scene, `/scenes/${i}`, waits))
  const last = latest(
    0,
    scenes.map(scene => scene.end),
  )
  const end = parseDuration(document.timeline.duration) ?? last
  return { scenes, end, loop: document.timeline.loop === true && end > 0 }
}

function compileScene(scene: Scene, path: string, waits: Map<string, CueSync>): CompiledScene {
  const start = parseTime(scene.start)?.ms ?? 0
  const cues = scene.tracks.flatMap((track, t) =>
    track.cues.map((cue, c) => compileCue(cue, `${path}/tracks/${t}/cues/${c}`, start, waits.get(cue.id))),
  )
  const duration = parseDuration(scene.duration)
  const last = latest(
    start,
    cues.map(cue => cue.start + (cue.wait?.timeout ?? 0) + cue.duration),
  )
  return { id: scene.id, start, end: duration === undefined ? last : start + duration, cues }
}

function compileCue(cue: Cue, path: string, sceneStart: number, apart: CueSync | undefined): CompiledCue {
  const start = onTimeline(cue.start, sceneStart)
  const { opacity = 1, position, scale = 1, text } = cue.properties ?? {}
  const numbers = (property: string, value: number) => envelope(cue, start, property, value, isNumber)
  return {
    cue,
    path,
    start,
    duration: parseDuration(cue.duration) ?? 0,
    in: motionOf(cue.transition?.in),
    out: motionOf(cue.transition?.out),
    opacity: numbers('opacity', opacity),
    x: numbers('position.x', position?.x ?? 0),
    y: numbers('position.y', position?.y ?? 0),
    scale: numbers('scale', scale),
    text: cue.text && envelope(cue, start, 'text', text ?? cue.text.value, isString),
    wait: waitOf({ ...apart, ...cue.sync }),
  }
}

/** The greatest of them; Math.max(...) of very many would overflow the stack. */
const latest = (least: number, times: number[]): number => times.reduce((a, b) => Math.max(a, b), least)

function onTimeline(time: unknown, base: number): number {
  const moment = parseTime(time) ?? { ms: 0, absolute: false }
  return moment.absolute ? moment.ms : base + moment.ms
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isString = (value: unknown): value is string => typeof value === 'string'

/** Of two automations of one property the later written one holds. */
function envelope<T>(
  cue: Cue,
  start: number,
  property: string,
  value: T,
  is: (value: unknown) => value is T,
): Envelope<T> {
  const automation = cue.automation?.findLast(candidate => candidate.property === property)
  const keys = (automation?.keyframes ?? []).flatMap((keyframe): Key<T>[] =>
    is(keyframe.value)
      ? [{ at: onTimeline(keyframe.at, start) - start, value: keyframe.value, easing: keyframe.easing }]
      : [],
  )
  return keys.length > 0 ? envelopeOf(keys) : [{ at: 0, value }]
}

function motionOf(transition: OclTransition | undefined): Motion | undefined {
  if (!transition || transition.type === 'cut') return undefined
  const duration = parseDuration(transition.duration) ?? 0
  if (duration === 0) return undefined
  return { type: transition.type, direction: transition.direction ?? 'right', easing: transition.easing, duration }
}

function waitOf(sync: Sync): Wait | undefined {
  const { awaitPreset, awaitMilestone, timeout, otherwise = 'play' } = sync
  if (awaitPreset === undefined && awaitMilestone === undefined) return undefined
  return {
    presets: awaitPreset === undefined ? [] : [awaitPreset],
    milestones: awaitMilestone === undefined ? [] : [awaitMilestone],
    timeout: parseDuration(timeout) ?? DEFAULT_TIMEOUT,
    otherwise,
  }
}
