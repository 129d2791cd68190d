import { VistterError } from '../../contract/errors.ts'
import type { NamedPreset } from '../ports.ts'

interface Known {
  cameras: readonly { id: string; name: string }[]
  presets: readonly NamedPreset[]
}

/** The preset that a message means by an id, a shot id or a name, with or without its camera. Pure. */
export function presetBy({ cameras, presets }: Known, wanted: string, camera?: string): NamedPreset {
  const of = camera === undefined ? undefined : cameraBy(cameras, camera)
  const all = of ? presets.filter(preset => preset.camera === of.id) : presets
  const found = all.find(({ id }) => id === wanted) ?? all.find(({ shotId }) => shotId === wanted)
  if (found) return found
  const [one, other] = all.filter(({ name }) => name === wanted)
  if (!one) {
    const where = of ? `${of.name} has` : 'There is'
    throw new VistterError('UNKNOWN_REFERENCE', `${where} no preset ${wanted}.`)
  }
  // Of two on one camera the first is meant, as they are ordered.
  if (!other || of) return one
  throw new VistterError('UNKNOWN_REFERENCE', `Several presets are called ${wanted}: name the camera, too.`)
}

function cameraBy(cameras: Known['cameras'], wanted: string): { id: string; name: string } {
  const found = cameras.find(({ id }) => id === wanted) ?? cameras.find(({ name }) => name === wanted)
  if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no camera ${wanted}.`)
  return found
}
