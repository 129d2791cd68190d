import { Axis, type AxisLimits } from './axis.ts'

/** Where a camera looks: pan and tilt -1..1 (right and up are positive), zoom 0..1. */
export interface Position {
  pan: number
  tilt: number
  zoom: number
}

const AXES = ['pan', 'tilt', 'zoom'] as const
const PAN_TILT = { min: -1, max: 1, speed: 1.2, acceleration: 4 }
const ZOOM = { min: 0, max: 1, speed: 1, acceleration: 4 }
export const HOME: Position = { pan: 0, tilt: 0, zoom: 0 }

/** The motors of a PTZ camera. Times are monotonic ms; nothing here asks a clock. */
export class PtzHead {
  private readonly axes: Record<keyof Position, Axis>
  /** When a drive without renewal ends. */
  private until: number | undefined

  constructor(at: Position = HOME, limits: Partial<Record<keyof Position, AxisLimits>> = {}) {
    this.axes = {
      pan: new Axis(limits.pan ?? PAN_TILT, at.pan),
      tilt: new Axis(limits.tilt ?? PAN_TILT, at.tilt),
      zoom: new Axis(limits.zoom ?? ZOOM, at.zoom),
    }
  }

  at(now: number): Position {
    this.expire(now)
    const { pan, tilt, zoom } = this.axes
    return { pan: pan.place(now), tilt: tilt.place(now), zoom: zoom.place(now) }
  }

  moving(now: number): { panTilt: boolean; zoom: boolean } {
    this.expire(now)
    const { pan, tilt, zoom } = this.axes
    return { panTilt: pan.moving(now) || tilt.moving(now), zoom: zoom.moving(now) }
  }

  /** Axes that are not named stay as they are. */
  goTo(now: number, target: Partial<Position>, speed: Partial<Position> = {}): void {
    this.expire(now)
    this.until = undefined
    for (const axis of AXES) {
      const place = target[axis]
      if (place !== undefined) this.axes[axis].goTo(now, place, speed[axis] || 1)
    }
  }

  shift(now: number, by: Partial<Position>, speed: Partial<Position> = {}): void {
    const at = this.at(now)
    const to: Partial<Position> = {}
    for (const axis of AXES) if (by[axis]) to[axis] = at[axis] + by[axis]
    this.goTo(now, to, speed)
  }

  /** Moves on at a speed (-1..1 of the full one) until it is told otherwise, the time is over, or the end is reached. */
  drive(now: number, velocity: Partial<Position>, forMs: number): void {
    this.expire(now)
    for (const axis of AXES) {
      const speed = velocity[axis]
      if (speed) this.axes[axis].goTo(now, speed * Number.MAX_VALUE, speed)
      else if (speed === 0) this.axes[axis].stop(now)
    }
    this.until = now + forMs
  }

  stop(now: number, { panTilt = true, zoom = true } = {}): void {
    this.expire(now)
    for (const axis of AXES) if (axis === 'zoom' ? zoom : panTilt) this.axes[axis].stop(now)
    if (panTilt && zoom) this.until = undefined
  }

  /** What should have ended in the past ends then, not now. */
  private expire(now: number): void {
    const { until } = this
    if (until === undefined || now < until) return
    this.until = undefined
    for (const axis of AXES) this.axes[axis].stop(until)
  }
}
