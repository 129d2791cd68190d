import type { FeedSource, Platform, Profile } from '../../contract/generated/openapi.v1.ts'
import type { Actor, PlannedDestination } from '../ports.ts'
import { addressOf } from './platforms.ts'
import { encoderProfile } from './profile.ts'

/** Who wants a camera at a preset; `insists`: although viewers see it move. */
export interface Mover extends Pick<Actor, 'kind' | 'name'> {
  insists: boolean
}

/** A camera at one of its presets. */
export type Target = Required<FeedSource>

/** A destination as it is stored; its key is kept apart and sealed. */
export interface DestinationBody {
  name: string
  platform: Platform
  /** Only when it is not the platform's own. */
  url?: string
  profile: Profile
  /** A camera's own feed instead of the program. */
  source?: FeedSource
  /**
   * What it carries while its camera is, or has been, brought to the preset of `source`; without a camera the program. Absent
   * there: nothing goes out before the camera stands.
   */
  showing?: Partial<FeedSource>
  /** Who wants its camera at that preset; `insists`: although viewers see it move. */
  mover?: Mover
  autoBitrate?: boolean
  autoBitrateFloor?: number
  /** What the operator wants; survives every restart. */
  started: boolean
  /** UTC ms of the last start or stop. */
  since: number
}

export const DEFAULT_PROFILE = {
  width: 1_920,
  height: 1_080,
  videoBitrate: 4_500,
  audioBitrate: 128,
  keyframeInterval: 2,
}

/** As the plan takes it, but for its key. */
export function plannedFrom(id: string, body: DestinationBody): PlannedDestination {
  const { name, platform, started, showing } = body
  const profile = encoderProfile(body.profile)
  const url = addressOf(platform, body.url)
  const { camera, preset } = (body.source?.preset !== undefined && showing) || (body.source ?? {})
  const feed = camera !== undefined && { source: { camera, ...(preset !== undefined && { preset }) } }
  return { id, name, url, profile, started, ...(isWaiting(body) && { waiting: true }), ...feed, ...floorOf(body) }
}

/** A quarter of what was asked for still looks like something. */
const floorOf = ({ profile, autoBitrate, autoBitrateFloor }: DestinationBody): { autoBitrateFloor?: number } =>
  autoBitrate ? { autoBitrateFloor: autoBitrateFloor ?? Math.max(100, Math.round(profile.videoBitrate / 4)) } : {}

export const keyOf = ({ camera, preset }: Partial<FeedSource>): string => `${camera}/${preset}`

export const targetOf = ({ source }: DestinationBody): Target | undefined =>
  source?.preset === undefined ? undefined : { camera: source.camera, preset: source.preset }

export const isOnItsWay = (body: DestinationBody): boolean => {
  const target = targetOf(body)
  return body.started && target !== undefined && keyOf(body.showing ?? {}) !== keyOf(target)
}

/** Nothing goes out before its camera stands where it should. */
export const isWaiting = (body: DestinationBody): boolean =>
  body.started && targetOf(body) !== undefined && body.showing === undefined

/** What goes out already goes on until there is something else to show. */
export function keptShowing(before: DestinationBody, source: FeedSource | undefined): Partial<DestinationBody> {
  if (!before.started || source?.preset === undefined || isWaiting(before)) return {}
  return { showing: before.showing ?? before.source ?? {} }
}
