import type { FlowFault } from './flow.ts'
import type { Cue } from './generated/openapi.v1.ts'

/** What of a cue is taken up on its way, in the order in which it is done: the camera turns, the overlay changes, the picture is switched. */
export const CUE_STEPS = ['preset', 'overlay', 'program'] as const
export type CueStep = (typeof CUE_STEPS)[number]

/** What a cue shows. Nodes on its way may change it. */
export type CueContent = Omit<Cue, 'id' | 'start' | 'duration'>

/** A cue that control offers to the flow before its time. Times are RFC 3339. */
export interface CueOffer {
  /** Of this cue in this round, once. */
  id: string
  timeline: { id: string; name: string }
  /** The timeline as the wire names it: the nodes of that name send the cue on its way. */
  wire: string
  program: string
  cue: string
  /** Of a loop, from 0. */
  round: number
  /** Its first frame. */
  at: string
  /** What has not been taken up by then control carries out by itself. */
  until: string
  shows: CueContent
}

/** What a node takes up: its step, as the message has it. */
export interface CueTake {
  offer: string
  step: CueStep
  shows: Record<string, unknown>
}

/** What became of a step. Times are RFC 3339. */
export interface StepDone {
  step: CueStep
  /** Who took it up. */
  by: 'flow' | 'control'
  planned: string
  /** The step `program`: its first frame as the engine tells it. Absent where it is not known. */
  actual?: string
  latencyMs?: number
  outcome: 'done' | 'failed'
  error?: FlowFault
}

/** What became of a cue. */
export interface CueDone {
  outcome: 'done' | 'failed' | 'dropped' | 'withdrawn'
  by: 'flow' | 'control'
  steps: StepDone[]
}

/** Control's answer. For the step `program` it comes when the cue was carried out, with what became of it. */
export interface CueTaken {
  /** False: this message changes nothing, and `why` says what was before it. */
  taken: boolean
  why?: string
  done?: CueDone
}
