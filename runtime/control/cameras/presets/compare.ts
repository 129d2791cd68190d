import type { Recorder } from '../../ports.ts'
import { apart } from '../ptz/connection.ts'
import type { PtzPreset } from '../ptz/driver.ts'
import type { Head } from '../ptz/head.ts'
import type { StoredPreset } from './preset.ts'
import type { PresetShelf } from './shelf.ts'

/** A camera tells places it keeps with a few digits only. */
const SAME = 0.005

/**
 * A camera that was away may have forgotten its presets, or keep others under their tokens. Where it goes to positions, a
 * preset goes on by its own and is kept in the camera anew at its next arrival; else it is flagged until the camera has it again.
 */
export async function compare(camera: string, head: Head, shelf: PresetShelf, record: Recorder): Promise<void> {
  const kept = shelf.of(camera).filter(({ body }) => body.own)
  if (kept.length === 0) return
  const listed = await head.ask(driver => driver.presets())
  for (const preset of kept) {
    const { own, lost = false } = preset.body
    const gone = !own || !listed.some(one => isSame(own, one))
    if (gone !== lost) await markLost(preset, gone, shelf)
    if (gone && !lost) tell(camera, preset, head, record)
  }
}

export const markLost = ({ id }: StoredPreset, lost: boolean, shelf: PresetShelf): Promise<void> =>
  shelf.change(id, ({ lost: _, ...body }) => ({ ...body, ...(lost && { lost: true }) }))

function tell(camera: string, { id, body }: StoredPreset, head: Head, record: Recorder): void {
  const data = { camera, preset: id }
  const lost = `The camera has lost its preset ${body.name}`
  if (body.position && head.capabilities.absolute) {
    const message = `${lost}; it goes there by the position that was kept.`
    record({ type: 'preset.repaired', severity: 'info', message, data })
  } else {
    const message = `${lost}: move it there and save it again.`
    record({ type: 'preset.lost', severity: 'warning', message, data })
  }
}

function isSame(kept: PtzPreset, listed: PtzPreset): boolean {
  if (kept.token !== listed.token || kept.name !== listed.name) return false
  return !kept.position || !listed.position || apart(kept.position, listed.position) <= SAME
}
