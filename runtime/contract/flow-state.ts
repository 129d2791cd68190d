import type { FlowFault, FlowOverride } from './flow.ts'

/** A segment in the queue; times are RFC 3339. */
export interface FlowQueued {
  /** Of its entry. */
  id: string
  segment: string
  name: string
  at?: string
  until?: string
  /** Why the slate stands in for it. */
  problem?: string
}

/** Live state, pushed by control at each change: what nodes show as their status. */
export interface FlowState {
  /** False while the picture engine is away. */
  engine: boolean
  programs: {
    id: string
    /** What is on air now: id, and the name that people know (`Slate` for the slate). */
    source: { id: string; name: string; kind: 'camera' | 'slate' | 'clip' | 'bars' }
    /** The source that was taken has no picture, and a fallback stands in. */
    fallback: boolean
    /** What somebody put above shows and takes. */
    override?: { kind: FlowOverride['kind']; reason: string; actor: string }
    /** Who has control of it: whoever ranks lower is refused meanwhile (CONTROL_HELD). Absent: nobody. Times are RFC 3339. */
    control?: {
      rank: 'emergency' | 'operator' | 'studio' | 'schedule'
      by: string
      what: string
      why?: string
      since: string
      until?: string
    }
  }[]
  cameras: {
    id: string
    name: string
    status: 'connecting' | 'online' | 'degraded' | 'frozen' | 'offline'
    /** It is being turned. */
    moving: boolean
    /** The preset at which it stands. */
    preset?: { id: string; name: string }
    /** Absent where it cannot be moved. */
    ptz?: { reachable: boolean; error?: FlowFault }
    error?: FlowFault
  }[]
  timelines: {
    id: string
    name: string
    status: 'idle' | 'waiting' | 'running'
    program?: string
    /** Of a loop, from 0. */
    round?: number
    /** Whose picture is on air, or about to be; `since`: RFC 3339, its first frame. */
    cue?: { id: string; moving: boolean; since?: string; camera?: string; preset?: string }
    next?: { id: string; at: string }
    /** Of one that starts at `at` (RFC 3339), or has just started. */
    readiness?: {
      at: string
      ready: boolean
      reasons: (FlowFault & { severity: 'error' | 'warning'; path: string; cue?: string })[]
    }
    /** It stays at its cue by somebody's word. */
    held?: { since: string; by: string; why?: string; until?: string }
  }[]
  /** Absent where there is none. */
  schedules?: {
    id: string
    /** Its timeline. */
    timeline: { id: string; name: string }
    enabled: boolean
    /** Its hours are now. */
    open: boolean
    /** Its present or next hours, RFC 3339. */
    next: { from: string; to: string } | null
  }[]
  overlays: { id: string; playing: boolean }[]
  /** Live data, the beginning of each value; times are UTC ms. */
  data: { key: string; value: string; at: number; expires?: number }[]
  encoders: { program: string; status: 'starting' | 'running' | 'restarting' | 'failed'; error?: FlowFault }[]
  destinations: {
    id: string
    name: string
    status: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed'
    /** kbit/s. */
    videoBitrate: number
    /** The preset to which its camera is brought. */
    moving?: string
    error?: FlowFault
  }[]
  /** Absent without a Studio. `since`: RFC 3339; `waiting`: messages that it has not heard yet. */
  studio?: { connected: boolean; since: string; waiting: number }
  /** What was written of what was on air, the last of it, the oldest first; absent where that is nothing yet. */
  aired?: {
    /** Of its row; what is told again, more fully, has a higher one. */
    id: number
    kind: 'overlay' | 'picture'
    program: string
    overlay: string | null
    cue: string | null
    source: string | null
    name: string | null
    asset: string | null
    sha256: string | null
    advertisers: string[]
    /** RFC 3339: its first and its last frame. */
    from: string
    to: string
    frames: number
    ended: boolean
    /** Those that were live meanwhile, by name. */
    destinations: string[]
  }[]
  /** Segments one after another; absent before any word of it. */
  queue?: {
    held: boolean
    playing?: FlowQueued
    waiting: FlowQueued[]
  }
  /** What is being recorded, a program each. */
  recordings: { program: string; name: string; status: 'starting' | 'recording' | 'waiting'; error?: FlowFault }[]
}
