import { VistterError } from '../../../contract/errors.ts'
import { placeOf } from '../ptz/connection.ts'
import type { PtzPosition, PtzPreset } from '../ptz/driver.ts'
import type { Head } from '../ptz/head.ts'

export interface Place {
  position?: PtzPosition
  own?: PtzPreset
}

/** Where the camera looks now, and its own preset of it where it has room. */
export async function capture(head: Head, name: string): Promise<Place> {
  if (await head.ask(driver => driver.moving()))
    throw new VistterError('CONFLICT', 'The camera moves: wait until it stands.')
  const position = await head.ask(placeOf)
  const own = await keepOnCamera(head, name).catch((thrown: unknown) => {
    // Its place alone is enough to come back.
    if (position && head.capabilities.absolute) return undefined
    throw thrown
  })
  if (!own && !(position && head.capabilities.absolute))
    throw new VistterError('PTZ_UNSUPPORTED', 'The camera neither keeps presets nor goes to positions.')
  return { ...(position && { position }), ...(own && { own }) }
}

/** Undefined: it keeps none. */
export async function keepOnCamera(head: Head, name: string): Promise<PtzPreset | undefined> {
  if (head.capabilities.presets === 0) return undefined
  const token = await head.ask(driver => driver.savePreset(name))
  const listed = await head.ask(driver => driver.presets())
  return listed.find(preset => preset.token === token) ?? { token, name }
}
