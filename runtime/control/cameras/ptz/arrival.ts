import { VistterError } from '../../../contract/errors.ts'
import type { Stillness } from '../../../contract/generated/engine.v1.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import { placeOf } from './connection.ts'
import type { PtzDriver, PtzPosition } from './driver.ts'
import { Evidence } from './evidence.ts'

const WITHIN_MS = 5_000
const LOOK_MS = 100

interface Journey {
  /** Undefined: nobody knows where a token of the camera leads to. */
  target: PtzPosition | undefined
  /** Where it stood before, if that is known, and when it was told to go (ms). */
  from: PtzPosition | undefined
  since: number
  clock: Clock
  signal: AbortSignal
  ask<T>(work: (driver: PtzDriver) => Promise<T>): Promise<T>
  /** Whether its picture stands; never fails. */
  picture(): Promise<Stillness>
  heard(position: PtzPosition | undefined, moving: boolean): void
}

/**
 * Resolves with where the camera stands when it has verifiably arrived: by its own word, its place and its picture, as far
 * as there are any. Rejects with PTZ_NOT_ARRIVED after 5 s, and with PTZ_SUPERSEDED when it was sent elsewhere.
 */
export async function arrival(journey: Journey): Promise<PtzPosition | undefined> {
  const { clock, signal, ask, picture, heard } = journey
  const begun = clock.mono()
  const evidence = new Evidence(journey)
  while (clock.mono() - begun < WITHIN_MS) {
    if (signal.aborted) throw superseded()
    const seen = picture()
    const said = await ask(driver => driver.moving())
    const position = await ask(placeOf)
    evidence.add({ now: clock.mono(), said, position, picture: await seen })
    heard(position, said ?? !(evidence.rests ?? false))
    if (evidence.arrived) return position
    await sleep(LOOK_MS, signal)
  }
  throw new VistterError('PTZ_NOT_ARRIVED', evidence.why)
}

export const superseded = (): VistterError =>
  new VistterError('PTZ_SUPERSEDED', 'The camera was sent elsewhere before it arrived.')
