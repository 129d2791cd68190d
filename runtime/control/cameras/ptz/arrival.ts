import { VistterError } from '../../../contract/errors.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import { apart, placeOf } from './connection.ts'
import type { PtzDriver, PtzPosition } from './driver.ts'

/** How near a camera must stand to where it was sent. */
export const NEAR = 0.01
const WITHIN_MS = 5_000
const LOOK_MS = 100
/** A camera that does not say whether it moves stands when it was in one place for so long (ms). */
const STANDS_MS = 300
const STILL = 0.001
/** One that says it stands may not have begun yet: where the place proves nothing, it is believed after this (ms). */
const BEGINS_MS = 400

interface Journey {
  /** Undefined: nobody knows where a token of the camera leads to. */
  target: PtzPosition | undefined
  clock: Clock
  signal: AbortSignal
  ask<T>(work: (driver: PtzDriver) => Promise<T>): Promise<T>
  heard(position: PtzPosition | undefined, moving: boolean): void
}

/**
 * Resolves with where the camera stands when it has verifiably arrived: by its own word and its place, where it tells them.
 * Rejects with PTZ_NOT_ARRIVED after 5 s, and with PTZ_SUPERSEDED when it was sent elsewhere.
 */
export async function arrival({ target, clock, signal, ask, heard }: Journey): Promise<PtzPosition | undefined> {
  const begun = clock.mono()
  let last: { position: PtzPosition; since: number } | undefined
  let seen: PtzPosition | undefined
  while (clock.mono() - begun < WITHIN_MS) {
    if (signal.aborted) throw superseded()
    const said = await ask(driver => driver.moving())
    const position = await ask(placeOf)
    const now = clock.mono()
    seen = position
    if (position && !(last && apart(last.position, position) <= STILL)) last = { position, since: now }
    const rests = position !== undefined && last !== undefined && now - last.since >= STANDS_MS
    heard(position, said ?? !rests)
    const proved = target !== undefined && position !== undefined
    if (proved && apart(target, position) <= NEAR && (said === undefined ? rests : !said)) return position
    if (!proved && now - begun >= BEGINS_MS && (said === undefined ? rests : !said)) return position
    await sleep(LOOK_MS, signal)
  }
  throw new VistterError('PTZ_NOT_ARRIVED', whyNot(target, seen))
}

export const superseded = (): VistterError =>
  new VistterError('PTZ_SUPERSEDED', 'The camera was sent elsewhere before it arrived.')

function whyNot(target: PtzPosition | undefined, seen: PtzPosition | undefined): string {
  if (!seen) return 'The camera says neither where it looks nor that it stands.'
  if (!target) return 'The camera was still moving after 5 s.'
  const place = ({ pan, tilt, zoom }: PtzPosition) => [pan, tilt, zoom].map(value => value.toFixed(3)).join(', ')
  return `After 5 s the camera is at ${place(seen)} instead of ${place(target)}.`
}
