import type { PtzState } from '../../../runtime/contract/generated/openapi.v1.ts'

/** Who else moves a camera now; nothing when nobody does, or it is you. Pure. */
export const heldBy = (ptz: PtzState | undefined, me: string | undefined): string | undefined =>
  ptz?.heldBy === me ? undefined : ptz?.heldBy

/** Where a camera is, in a few words. Pure. */
export function placeWords(ptz: PtzState | undefined): string {
  if (!ptz) return 'It cannot be moved'
  if (!ptz.reachable) return 'It does not answer'
  if (ptz.moving) return 'Moving…'
  const { position, presetName } = ptz
  if (presetName) return `At “${presetName}”`
  if (!position) return 'Stands'
  const told = (value: number) => value.toFixed(2).replace('-', '−')
  return `Stands at ${told(position.pan)}, ${told(position.tilt)}; zoom ${Math.round(position.zoom * 100)} %`
}
