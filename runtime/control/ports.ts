import type { Profile } from '../contract/generated/engine.v1.ts'
import type { Arrival, Fault } from '../contract/generated/openapi.v1.ts'
import type { Clock } from '../lib/clock.ts'

/** What the parts of control ask of one another. Each part gets these by argument and imports no other part. */

export type SqlValue = string | number | null | Buffer

/** A small door to SQLite. Statements of one transaction run together; nothing else comes between. */
export interface Sql {
  all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]>
  get<Row>(sql: string, ...values: SqlValue[]): Promise<Row | undefined>
  run(sql: string, ...values: SqlValue[]): Promise<{ changes: number }>
  /** `durable`: it has reached the disk when it resolves; otherwise a power cut may take back the last moment, never a part. */
  transaction<T>(work: (sql: Sql) => Promise<T>, kept?: 'durable'): Promise<T>
}

export type Role = 'viewer' | 'operator' | 'admin'

/** Who asks. `flow` is a node of the flow, `studio` a command of Studio, `system` the appliance itself. */
export interface Actor {
  kind: 'user' | 'token' | 'flow' | 'studio' | 'system'
  name: string
  role: Role
}

/** One request to an operation of the API, already validated against the OpenAPI document. */
export interface Call<Body = unknown, Query = Record<string, unknown>> {
  params: Record<string, string>
  query: Query
  body: Body
  actor: Actor
}

export type Operation = (call: Call) => Promise<unknown>

/** Operations by the operationId of the OpenAPI document. */
export type Operations = Record<string, Operation>

/** Types an operation's body and query: the one place that trusts the validation which ran before it. */
export function operation<Body = unknown, Query = Record<string, unknown>>(
  handle: (call: Call<Body, Query>) => unknown,
): Operation {
  return async call => handle(call as Call<Body, Query>)
}

/** A cue of a timeline that was to show an overlay. `at`: UTC ms; `duration`: ms. */
export interface PlannedCue {
  program: string
  timeline: { id: string; name: string }
  cue: string
  overlay: string
  scene?: string
  at: number
  duration: number
  /** Why it was not shown, where that is known. */
  why?: string
  /** It fills a place of a break. */
  spot?: PlacedSpot
}

/** A place of a break, and what fills it. */
export interface PlacedSpot {
  campaign: string
  /** Of the campaign, as it was then. */
  name: string
  advertiser: string
  creative: string
  break: string
  position: number
  /** The spot that was missed, and in whose stead this one is. */
  makesGood?: string
}

/** What became of it. Times in UTC ms; `ahead`: it is not over yet. */
export interface SpotFact extends PlacedSpot {
  at: number
  outcome: 'ahead' | 'aired' | 'unseen' | 'missed'
  why: string | null
}

/** Something worth a line in the activity log. `message` is one sentence for a person, without secrets. */
export interface NewEvent {
  /** noun.verb */
  type: string
  severity: 'info' | 'warning' | 'error'
  message: string
  data?: Record<string, unknown>
  actor?: string
}

export type Recorder = (event: NewEvent) => void

/** The secret members of a stored thing, in clear. */
export type Secrets = Record<string, string | undefined>

export interface Stored<Body> {
  id: string
  body: Body
  secrets: Secrets
}

/** A kept set of things. Reads answer from memory; a write is on disk before it answers, or as soon as a full disk has room. */
export interface Shelf<Body> {
  list(): Stored<Body>[]
  find(id: string): Stored<Body> | undefined
  /** Writes what `change` makes of the present thing, one change after another; nothing happens when it throws. */
  write(id: string, change: (present: Stored<Body> | undefined) => { body: Body; secrets?: Secrets }): Promise<void>
  remove(id: string): Promise<boolean>
}

/** The audit of sign-ins (events `auth.*`) names people and their addresses: only administrators read it. */
export const mayReadSignIns = (role: Role): boolean => role === 'admin'

/** A code that is shown pairs this box with whoever types it in at Studio: only administrators see it. */
export function withCodeFor(role: Role, studio: object): object {
  if (role === 'admin') return studio
  const { code: _, codeUntil: __, ...others } = studio as { code?: unknown; codeUntil?: unknown }
  return others
}

/** A preset as people and messages name it. */
export interface NamedPreset {
  id: string
  camera: string
  name: string
  shotId?: string
}

/** What can be expected of a preset. `p95`: so many ms 95 of 100 journeys took at the most; `error`: why it cannot be reached now. */
export interface PresetOutlook {
  p95?: number
  error?: Fault
}

/** A destination as the store gives it: `url` is complete but for the key, `started` is what the operator wants. */
export interface PlannedDestination {
  id: string
  name: string
  url: string
  streamKey?: string
  profile: Profile
  /** A camera's own feed instead of the program. */
  source?: { camera: string; preset?: string }
  started: boolean
  /** Nothing goes out yet: its camera is not where it should be. */
  waiting?: boolean
  /** Its camera turns to another preset just now: viewers see the picture from before that. */
  turns?: boolean
  /** The least video bitrate (kbit/s) that it may be turned down to; without it the profile's is kept. */
  autoBitrateFloor?: number
}

/** Who moves a camera: a cue takes it from everybody, a tour from nobody. */
export interface Mover {
  name: string
  rank: 'tour' | 'cue'
}

/** Cameras that turn to presets, as a show needs them. */
export interface Turning {
  /** A preset of the camera by its id, name or shot id; without a camera by its id or shot id. */
  preset(camera: string | undefined, wanted: string): NamedPreset | undefined
  /** Where the camera verifiably stands; undefined: at none, or on its way. */
  standsAt(camera: string): NamedPreset | undefined
  /** Settles within 11 s. Throws where nothing was tried: PTZ_HELD, PTZ_ON_AIR, PTZ_UNSUPPORTED. */
  go(preset: NamedPreset, by: Mover): Promise<Arrival>
}

/** The clock by which a show is counted: setting the machine's moves nothing. People say and read the machine's. */
export interface ShowTime extends Clock {
  /** By how much the machine's is ahead of it now (ms). */
  readonly off: number
  /** A moment as people and other systems say it, by this clock (UTC ms). */
  of(wall: number): number
  /** A moment of this clock as people read it (UTC ms). */
  told(at: number): number
}
