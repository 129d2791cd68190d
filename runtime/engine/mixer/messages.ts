import type { Override, Picture, ProgramState, Take } from '../../contract/generated/engine.v1.ts'
import type { Mix } from '../audio/sound.ts'
import type { PreparedOverlay, SpriteDelta } from '../memory/sprite.ts'
import type { Airing } from './airings.ts'
import type { BusMemory } from './bus.ts'
import type { Anchor } from './clock.ts'
import type { MixerSource } from './input.ts'
import type { Stopgap } from './player.ts'
import type { View } from './view.ts'

/** What the worker is born with. */
export interface Birth {
  memory: WebAssembly.Memory
  kernel: WebAssembly.Module
  picture: Picture
  slateAfterMs: number
  /** Int32: [0] counts messages and wakes the worker, [1] is 1 when it shall end. */
  control: SharedArrayBuffer
  /** By how much (ms) the clock of takes and plays is ahead of the monotonic one; undefined: as the wall clock is now. */
  ahead: number | undefined
  /**
   * Frame buffers: black, the last picture of a source that went, a still, the picture before overlays during a
   * transition, the one on which it is paused, and two for pictures of another size with what scaling needs beside them.
   */
  frames: { black: number; held: number; still: number; base: number; pause: number; scaled: number[]; scratch: number }
}

export const WAKE = 0
export const END = 1

/** Main to worker, in order. One with a number is answered when nothing that it took away is touched any more. */
export type Order = { number?: number } & (
  | { do: 'ahead'; ms: number }
  | { do: 'sources'; sources: MixerSource[] }
  | { do: 'fallback'; ids: string[] }
  | { do: 'slateAfter'; ms: number }
  | { do: 'view'; view: View }
  | { do: 'override'; kind: Override | undefined }
  | { do: 'sound'; mix: Mix }
  | { do: 'take'; take: Take }
  | { do: 'buses'; buses: BusMemory[] }
  | { do: 'overlays'; overlays: Version[] }
  | { do: 'sprites'; version: number; delta: SpriteDelta }
)

/** An overlay under the number by which both sides know it; with what it is, the first time. */
export interface Version {
  version: number
  overlay?: PreparedOverlay
}

/** What a program does now, told about four times a second and at once when the source on air changes. */
export interface MixerReport {
  onAir: string
  /** Its picture is kept, whatever the source does. */
  still?: true
  wanted: string
  take?: string
  taken?: ProgramState['taken']
  /** Peak since the last report. */
  sound: NonNullable<ProgramState['sound']>
  override?: Override
  fallback: boolean
  /** Those that play, with the number of layers on the screen now. */
  overlays: { id: string; scene?: string; layers: number }[]
  /** produced: frames published, of which `repeated` show the one before again; dropped: ticks without a frame. */
  frames: { produced: number; dropped: number; repeated: number }
  /** Program time, ms. */
  time: number
  /** Worst lateness of a tick since the last report, ms. */
  lateMsMax: number
  /** Cues whose bitmap was not ready at a frame since the last report, and what they showed. */
  late: { overlay: string; cue: string; shows: Stopgap }[]
  /** What of overlays has left the air since the last report, and what lasts there. */
  airings: Airing[]
  /** Likewise of the sources, each as `cue`. */
  pictures: Airing[]
  /** Overlays that show nothing because their document could not be resolved, and why. */
  faults: { overlay: string; detail: string }[]
}

/** Worker to main. */
export type Answer = { started: Anchor } | { done: number } | { report: MixerReport }
