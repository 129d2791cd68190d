import { fault } from '../../../contract/errors.ts'
import type { Preset, PtzState } from '../../../contract/generated/openapi.v1.ts'
import type { PresetOutlook } from '../../ports.ts'

/** What can be expected of a preset. `head`: what the camera's head says; undefined: it cannot be moved. Pure. */
export function outlookOf({ name, state, journeys }: Preset, head: PtzState | undefined): PresetOutlook {
  const error = errorOf(name, state, head)
  return { ...(journeys.p95 !== null && { p95: journeys.p95 }), ...(error && { error }) }
}

function errorOf(name: string, state: Preset['state'], head: PtzState | undefined): PresetOutlook['error'] {
  if (!head) return fault('PTZ_UNSUPPORTED', 'nothing moves this camera.')
  if (!head.reachable) return head.error ?? fault('PTZ_UNREACHABLE', 'it does not answer.')
  return state === 'lost' ? fault('PTZ_PRESET_MISSING', `the camera has lost its preset ${name}.`) : undefined
}
