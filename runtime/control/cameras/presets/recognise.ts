import { apart, placeOf } from '../ptz/connection.ts'
import { NEAR } from '../ptz/evidence.ts'
import type { Head } from '../ptz/head.ts'
import type { StoredPreset } from './preset.ts'

/** After a start nobody remembers where a camera was sent: the preset at whose place it stands is the current one. */
export async function recognise(head: Head, presets: readonly StoredPreset[]): Promise<void> {
  if (head.state().currentPreset !== null || (await head.ask(driver => driver.moving()))) return
  const place = await head.ask(placeOf)
  if (!place) return
  const [nearest] = presets
    .flatMap(({ id, body: { position } }) => (position ? [{ id, away: apart(position, place) }] : []))
    .sort((a, b) => a.away - b.away)
  const { currentPreset, moving } = head.state()
  if (nearest && nearest.away <= NEAR && currentPreset === null && !moving) head.standsAt(nearest.id, place)
}
