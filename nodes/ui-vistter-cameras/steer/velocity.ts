/** How fast a camera shall move: right, up and nearer are positive, 1 is its full speed. */
export interface Velocity {
  pan: number
  tilt: number
  zoom: number
}

export const STANDS: Velocity = { pan: 0, tilt: 0, zoom: 0 }

/** A thumb that rests, or a stick that does not come back to its very middle, moves nothing. */
const DEAD_ZONE = 0.12

/** A stick that was pushed from its middle (right and up are positive, 1 is its rim): gentle near the middle. Pure. */
export function ofStick(x: number, y: number): Velocity {
  const far = Math.min(1, Math.hypot(x, y))
  if (far <= DEAD_ZONE) return STANDS
  const speed = ((far - DEAD_ZONE) / (1 - DEAD_ZONE)) ** 2
  const length = Math.hypot(x, y)
  return { pan: (x / length) * speed, tilt: (y / length) * speed, zoom: 0 }
}

const KEYS: Record<string, Partial<Velocity>> = {
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  '+': { zoom: 1 },
  '=': { zoom: 1 },
  PageUp: { zoom: 1 },
  '-': { zoom: -1 },
  PageDown: { zoom: -1 },
}

export const isSteeringKey = (key: string): boolean => key in KEYS

/** Keys that are held down (`KeyboardEvent.key`). Pure. */
export const ofKeys = (keys: Iterable<string>): Velocity => sum([...keys].map(key => ({ ...STANDS, ...KEYS[key] })))

/** The left stick moves, the right one (or the triggers) zooms: the standard layout of browsers. Pure. */
export function ofGamepad(axes: readonly number[], buttons: readonly number[]): Velocity {
  const [x = 0, y = 0, , up = 0] = axes
  const triggers = (buttons[7] ?? 0) - (buttons[6] ?? 0)
  const zoom = ofStick(0, Math.abs(triggers) > DEAD_ZONE ? triggers : -up).tilt
  return { ...ofStick(x, -y), zoom }
}

/** What several hands ask for together, at a share of the full speed. Pure. */
export function together(hands: Iterable<Velocity>, speed: number): Velocity {
  const { pan, tilt, zoom } = sum([...hands])
  const within = (value: number) => Math.round(Math.max(-1, Math.min(1, value)) * speed * 100) / 100 || 0
  return { pan: within(pan), tilt: within(tilt), zoom: within(zoom) }
}

export const isSame = (one: Velocity, other: Velocity): boolean =>
  one.pan === other.pan && one.tilt === other.tilt && one.zoom === other.zoom

const sum = (all: Velocity[]): Velocity =>
  all.reduce((a, b) => ({ pan: a.pan + b.pan, tilt: a.tilt + b.tilt, zoom: a.zoom + b.zoom }), STANDS)
