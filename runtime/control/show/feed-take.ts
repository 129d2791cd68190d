import type { Take } from '../../contract/generated/engine.v1.ts'
import type { PlannedDestination } from '../ports.ts'

/**
 * What the feed of a camera shows its destinations: the camera; while it turns from one preset to another the picture from
 * before that. Another preset is another take, so that the still ends with it. Pure.
 */
export function feedTake(camera: string, destinations: PlannedDestination[], cameras: readonly { id: string }[]): Take {
  if (!cameras.some(({ id }) => id === camera))
    return { id: 'feed:slate', source: 'slate', why: 'the camera of this feed was deleted' }
  const preset = destinations.find(({ source }) => source?.preset !== undefined)?.source?.preset
  const id = preset === undefined ? `feed:${camera}` : `feed:${camera}@${preset}`
  if (destinations.some(({ turns }) => turns))
    return { id: `${id}:still`, source: camera, still: true, why: 'the camera of this feed turns to another preset' }
  return { id, source: camera, why: 'a destination carries its own feed' }
}
