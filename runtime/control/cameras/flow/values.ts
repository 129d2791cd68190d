import { VistterError } from '../../../contract/errors.ts'
import type { PtzPosition, PtzPreset } from '../ptz/driver.ts'

/** What flows answer, made sure of: a position, the presets of a camera, the token of one. */

/** A camera's own numbers do not always end where ours do: a little beyond is the end. */
const BEYOND = 0.01

const LEAST = { pan: -1, tilt: -1, zoom: 0 } as const

export function positionIn(value: unknown): PtzPosition {
  const said = recordIn(value)
  return { pan: axis('pan', said), tilt: axis('tilt', said), zoom: axis('zoom', said) }
}

/** What a camera does not have, it does not say: a fixed lens stays wide. */
function axis(name: keyof typeof LEAST, { [name]: value = 0 }: Record<string, unknown>): number {
  const least = LEAST[name]
  if (typeof value === 'number' && value >= least - BEYOND && value <= 1 + BEYOND)
    return Math.min(1, Math.max(least, value))
  throw bad(`a ${name} from ${least} to 1`)
}

export function presetsIn(value: unknown): PtzPreset[] {
  if (!Array.isArray(value)) throw bad('a list of presets')
  return value.map(item => {
    const { token, name, position } = recordIn(item)
    const known = tokenIn(token)
    return {
      token: known,
      name: typeof name === 'string' && name !== '' ? name : known,
      ...(position !== undefined && { position: positionIn(position) }),
    }
  })
}

/** Cameras number their presets; a number is a token as well. */
export function tokenIn(value: unknown): string {
  const token = typeof value === 'number' ? String(value) : value
  if (typeof token === 'string' && token !== '') return token
  throw bad('the token of a preset')
}

function recordIn(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw bad('an object such as {"pan": 0, "tilt": 0, "zoom": 0}')
}

const bad = (expected: string): VistterError =>
  new VistterError('PTZ_BAD_ANSWER', `The flow that moves the camera did not answer with ${expected}.`)
