import type { Arrival, PtzState } from '../../../runtime/contract/generated/openapi.v1.ts'
import { call } from '../../lib-ui/api.ts'

/** How fast, and for how long, it is turned away first (ms): the appliance ends a move after 450 ms by itself. */
const AWAY = 0.4
const AWAY_MS = 600

/** Turns a camera away and lets it come back to a preset: only what was left proves that it is found again. */
export async function tryOut(camera: string, preset: string, override: boolean): Promise<Arrival> {
  const allowed = override ? { override } : {}
  const pan = AWAY * (await towardsTheMiddle(camera))
  await call('POST', `/cameras/${camera}/ptz`, { move: { pan }, ...allowed })
  await new Promise(resolve => setTimeout(resolve, AWAY_MS))
  return call<Arrival>('POST', `/cameras/${camera}/presets/${preset}/goto`, allowed)
}

/** At its end stop a camera can be turned to one side only. */
async function towardsTheMiddle(camera: string): Promise<1 | -1> {
  const { state } = await call<{ state: { ptz?: PtzState } }>('GET', `/cameras/${camera}`)
  return (state.ptz?.position?.pan ?? 0) > 0 ? -1 : 1
}
