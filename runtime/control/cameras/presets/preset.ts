import type { ExportedPreset, Preset } from '../../../contract/generated/openapi.v1.ts'
import type { Stored } from '../../ports.ts'
import type { PtzPosition, PtzPreset } from '../ptz/driver.ts'

/** A preset as it is stored. */
export interface PresetBody {
  camera: string
  name: string
  /** Its place among those of its camera. */
  order: number
  shotId?: string
  /** Undefined where the camera does not say where it looks. */
  position?: PtzPosition
  /** The camera's own, where it had room, and what the camera said of it then: cheap ones list odd names and places. */
  own?: PtzPreset
  /** The camera has forgotten its own, or calls something else so. */
  lost?: true
  thumbnail?: true
  /** When a camera last verifiably stood there (UTC ms). */
  checkedAt?: number
  /** How long the last journeys took (ms), newest last. */
  journeys: number[]
}

export type StoredPreset = Stored<PresetBody>

/** How many journeys are remembered of each preset. */
const JOURNEYS = 100

export const afterJourney = (body: PresetBody, ms: number, checkedAt: number): PresetBody => ({
  ...body,
  checkedAt,
  journeys: [...body.journeys, ms].slice(-JOURNEYS),
})

export function shown({ id, body }: StoredPreset, state: Preset['state']): Preset {
  const { camera, name, shotId, position, own, thumbnail, journeys } = body
  return {
    id,
    name,
    shotId: shotId ?? null,
    position: position ?? null,
    onCamera: own !== undefined && !body.lost,
    thumbnail: thumbnail ? `/api/v1/cameras/${camera}/presets/${id}/thumbnail.jpg` : null,
    state,
    journeys: { count: journeys.length, p50: percentile(journeys, 0.5), p95: percentile(journeys, 0.95) },
  }
}

/** What another box, or another camera, can use: a token means something to this camera only, so it goes where nothing else is. */
export function exported({ body: { name, shotId, position, own } }: StoredPreset): ExportedPreset {
  const place = position ? { position } : own ? { token: own.token } : {}
  return { name, ...(shotId !== undefined && { shotId }), ...place }
}

/** The smallest value that so many are not above; null without any. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
