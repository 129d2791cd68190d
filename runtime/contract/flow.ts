import type { CueOffer, CueTake, CueTaken } from './cue-offer.ts'
import type { FlowState } from './flow-state.ts'
import type { SourceRef, WiredDriver, WiredPicture, WiredProfile, WiredSound } from './generated/wiring.v1.ts'

/**
 * The seam between flows and the appliance. A wire carries a feed: a small handle in plain JSON that says what flows there,
 * so that any Node-RED node may stand between ours. Nodes reach the appliance through `RED.settings.vistter` alone.
 */

/** A camera, slate or clip on its way into a program. */
export interface SourceFeed {
  /** The deploy that announced it; a feed of an earlier one no longer counts. */
  round: number
  kind: 'source'
  role: 'source' | 'fallback'
  /** Lower is tried first; equal ones follow their names. */
  order: number
  source: SourceRef
}

/** A program's picture, with what the wire has added so far. */
export interface ProgramFeed {
  round: number
  kind: 'program'
  program: string
  /** Overlay ids in paint order, or `*`: whatever plays. */
  overlays: string[]
  profile: 'destination' | WiredProfile
}

/** A timeline on its way to the program that it may run on. */
export interface TimelineFeed {
  round: number
  kind: 'timeline'
  /** An id, a name, or `*`: every timeline. */
  timeline: string
}

export type Feed = SourceFeed | ProgramFeed | TimelineFeed

/** What a node found out about the wires in this round. */
export type Declaration =
  | { round: number; kind: 'program'; program: string; picture?: WiredPicture; sound?: WiredSound }
  | { round: number; kind: 'source'; program: string; feed: SourceFeed }
  | { round: number; kind: 'output'; destination: string; feed: ProgramFeed }
  | { round: number; kind: 'recorder'; feed: ProgramFeed }
  | { round: number; kind: 'driver'; driver: WiredDriver }
  | { round: number; kind: 'timeline'; program: string; timeline: string }

/** An error as nodes see it: the taxonomy's code, what happened, what to do. */
export interface FlowFault {
  code: string
  detail: string
  hint: string
}

export type { FlowState }

export interface FlowTransition {
  type: 'cut' | 'fade' | 'wipe' | 'slide'
  /** ms, or a text such as "500ms", "1s". */
  duration: number | string
  direction?: string
}

/** What hides the turning of a camera on air. */
export type FlowSwing = 'show' | 'freeze' | 'slate' | { cutaway: string }

export interface FlowOverride {
  kind: 'slate' | 'hold' | 'pause-overlays' | 'stop'
  reason: string
  /** RFC 3339; without it until somebody ends it. */
  until?: string
}

/** What a message may ask of the appliance: parameters and answer of each method. Cameras and destinations by id or name. */
export interface FlowCalls {
  'program.take': {
    params: {
      program: string
      source: string
      preset?: string
      swing?: FlowSwing
      transition?: FlowTransition
      reason?: string
    }
    result: Record<string, unknown>
  }
  /** A preset by id, name or shot id; without the camera where that says it all. Answers when it is there, or cannot be. */
  'preset.goto': {
    params: { camera?: string; preset: string; swing?: FlowSwing }
    result: Record<string, unknown>
  }
  'program.override': { params: { program: string } & FlowOverride; result: Record<string, unknown> }
  'program.release': { params: { program: string }; result: Record<string, unknown> }
  /** `sound`: a merge patch, as the API's. */
  'program.sound': { params: { program: string; sound: Record<string, unknown> }; result: Record<string, unknown> }
  'overlay.put': { params: { id: string; document: Record<string, unknown> }; result: Record<string, unknown> }
  /** `at`: RFC 3339; what plays until then goes on. */
  'overlay.play': { params: { id: string; scene?: string; at?: string }; result: Record<string, unknown> }
  /** Cues that wait for it begin. */
  'overlay.reached': { params: { preset: string } | { milestone: string }; result: Record<string, unknown> }
  'overlay.stop': { params: { id: string; at?: string }; result: Record<string, unknown> }
  /** `ttl`: ms for which the value counts. */
  'data.put': {
    params: { key: string; value: string | number | boolean; ttl?: number }
    result: Record<string, unknown>
  }
  /** `*` means every destination. */
  'destination.start': { params: { destination: string }; result: Record<string, unknown> }
  'destination.stop': { params: { destination: string }; result: Record<string, unknown> }
  /** Without going public. */
  'destination.test': { params: { destination: string }; result: Record<string, unknown> }
  /** Makes the timeline of that name, or changes it; `timeline` without its name is as the API's. */
  'timeline.put': { params: { name: string; timeline: Record<string, unknown> }; result: Record<string, unknown> }
  /** `at`: RFC 3339; `position`: ms. */
  'timeline.start': {
    params: { timeline: string; at?: string; position?: number }
    result: Record<string, unknown>
  }
  'timeline.stop': { params: { timeline: string }; result: Record<string, unknown> }
  /** `position`: ms, or else `cue`: its id. */
  'timeline.jump': {
    params: { timeline: string; position?: number; cue?: string; reason?: string }
    result: Record<string, unknown>
  }
  'timeline.skip': { params: { timeline: string; reason?: string }; result: Record<string, unknown> }
  'timeline.extend': { params: { timeline: string; ms: number; reason?: string }; result: Record<string, unknown> }
  /** `until`: RFC 3339; without it until it is released. */
  'timeline.hold': { params: { timeline: string; until?: string; reason?: string }; result: Record<string, unknown> }
  'timeline.release': { params: { timeline: string; reason?: string }; result: Record<string, unknown> }
  /** Of the timeline: its schedules, with their next hours. */
  'schedule.list': { params: { timeline: string }; result: { schedules: Record<string, unknown>[] } }
  'schedule.enable': {
    params: { timeline: string; enabled: boolean }
    result: { schedules: Record<string, unknown>[] }
  }
  /** Takes up a step of a cue that was offered: once, and only before its deadline. */
  'cue.take': { params: CueTake; result: CueTaken }
  /** RFC 3339; left out: the last day. */
  'proof.list': { params: { from?: string; to?: string }; result: { rows: Record<string, unknown>[] } }
  'proof.report': { params: { from?: string; to?: string }; result: { advertisers: Record<string, unknown>[] } }
  'proof.verify': { params: Record<string, never>; result: Record<string, unknown> }
  /** Carries out a command of Studio that the flow was offered; `data` is what the flow made of it, left out: as it came. */
  'studio.carryOut': { params: { command: string; data?: Record<string, unknown> }; result: Record<string, unknown> }
  /** What the flow did about a command by itself; `ready`: it works on it. */
  'studio.answer': {
    params: {
      command: string
      status: 'ready' | 'done' | 'failed' | 'rejected'
      code?: string
      message?: string
      result?: Record<string, unknown>
      metrics?: Record<string, number>
    }
    result: Record<string, unknown>
  }
  /** A line of the activity log, which Studio hears. */
  'studio.tell': {
    params: { message: string; severity?: 'info' | 'warning' | 'error'; details?: Record<string, unknown> }
    result: Record<string, unknown>
  }
  /** A segment by id or name; `at`: RFC 3339; `position`: ms. */
  'segment.queue': { params: { segment: string }; result: Record<string, unknown> }
  'segment.play': { params: { segment: string; at?: string }; result: Record<string, unknown> }
  'segment.preview': { params: { segment: string; position?: number }; result: Record<string, unknown> }
  'queue.start': { params: Record<string, never>; result: Record<string, unknown> }
  'queue.stop': { params: Record<string, never>; result: Record<string, unknown> }
  'queue.skip': { params: Record<string, never>; result: Record<string, unknown> }
  'recording.start': { params: { program: string; name?: string }; result: Record<string, unknown> }
  'recording.stop': { params: { program: string }; result: Record<string, unknown> }
}

export type FlowMethod = keyof FlowCalls

/** Control's side of the calls. A refusal is a thrown VistterError. */
export type FlowRequests = {
  [M in FlowMethod]: (params: FlowCalls[M]['params']) => Promise<FlowCalls[M]['result']>
}

/** What a flow that moves a camera is asked; `connect` alone is answered for it. */
export type DriverCommand =
  | 'connect'
  | 'position'
  | 'moving'
  | 'move'
  | 'stop'
  | 'goTo'
  | 'presets'
  | 'savePreset'
  | 'recall'
  | 'removePreset'

export interface DriverAsk {
  /** As the flow names it. */
  camera: string
  command: DriverCommand
  params: Record<string, unknown>
}

/** Whatever the flow made of it: nothing of the value is certain. */
export type DriverAnswer = { value: unknown } | { fault: { code: string; detail: string } }

/** A command of Studio on its way through the flow. `type` is without `vistter.command.`. */
export interface StudioCommand {
  id: string
  type: string
  data: Record<string, unknown>
  /** It was begun before and may have taken effect. */
  again: boolean
}

/** What nodes see of the appliance, as `RED.settings.vistter`. Every `on…` answers the function that takes it back. */
export interface Vistter {
  /** `announce` runs at each deploy and says with a number which one: sources then send their feed down their wires. */
  onRound(announce: (round: number) => void): () => void
  /** The feed that a message carries. Undefined: it belongs to an earlier deploy and is to be dropped. Throws FEED_INVALID. */
  feed(value: unknown): Feed | undefined
  declare(declaration: Declaration): void
  /** Moves a camera: `perform` does what control asks of it. Throws CONFLICT where another node moves it already. */
  drive(camera: string, perform: (command: DriverCommand, params: DriverAsk['params']) => Promise<unknown>): () => void
  /** `take` gets commands of Studio whose type is `wanted` or begins with it, unless another one wants them more exactly; `*`: any. */
  onCommand(wanted: string, take: (command: StudioCommand) => void): () => void
  /** `show` runs at once with what is known, then at each change; undefined while there is no word from control. */
  onState(show: (state: FlowState | undefined) => void): () => void
  /** `send` answers whether it sends the cue on its way. */
  onOffer(send: (offer: CueOffer) => boolean): () => void
  /** Rejects with an error that has `code`, `message` and `hint`. */
  call<M extends FlowMethod>(method: M, params: FlowCalls[M]['params']): Promise<FlowCalls[M]['result']>
}

/** What flow host and control say to each other over the control socket. */
export interface FlowHello {
  /** Encrypts the credentials that nodes keep in the flow file. */
  credentialSecret: string
  /** Load the editor, start no flow. */
  safeMode: boolean
}

export interface FlowHostStatus {
  status: 'running' | 'safe-mode'
}
