import type { CueSync, OclDocument, Scene } from '../contract/generated/ocl.v1.ts'
import { type CompiledCue, compileCue, onTimeline } from './compile-cue.ts'
import { parseDuration, parseFrameRate } from './time.ts'

export type { CompiledCue } from './compile-cue.ts'

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
  /** Frames a second of the document. */
  rate: number
}

const USUAL_RATE = 30

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
  const rate = parseFrameRate(document.timeline.frameRate) ?? USUAL_RATE
  const waits = new Map((document.sync ?? []).map(sync => [sync.cue, sync]))
  const scenes = document.scenes.map((scene, i) => compileScene(scene, `/scenes/${i}`, waits, rate))
  const last = latest(
    0,
    scenes.map(scene => scene.end),
  )
  const end = parseDuration(document.timeline.duration, rate) ?? last
  return { scenes, end, loop: document.timeline.loop === true && end > 0, rate }
}

function compileScene(scene: Scene, path: string, waits: Map<string, CueSync>, rate: number): CompiledScene {
  const start = onTimeline(scene.start, 0, rate)
  const cues = scene.tracks.flatMap((track, t) =>
    track.cues.map((cue, c) => compileCue(cue, `${path}/tracks/${t}/cues/${c}`, start, waits.get(cue.id), rate)),
  )
  const duration = parseDuration(scene.duration, rate)
  const last = latest(
    start,
    cues.map(cue => cue.start + (cue.wait?.timeout ?? 0) + cue.duration),
  )
  return { id: scene.id, start, end: duration === undefined ? last : start + duration, cues }
}

/** The greatest of them; Math.max(...) of very many would overflow the stack. */
const latest = (least: number, times: number[]): number => times.reduce((a, b) => Math.max(a, b), least)
