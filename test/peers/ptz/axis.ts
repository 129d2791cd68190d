/** How fast an axis may go and how quickly it gains and loses speed, in its own units a second (squared). */
export interface AxisLimits {
  min: number
  max: number
  speed: number
  acceleration: number
}

/** A stretch of constant acceleration; times in ms, places and speeds in units and units a second. */
interface Stretch {
  at: number
  place: number
  speed: number
  acceleration: number
}

/** One motor of a camera: it never jumps, it speeds up, cruises and brakes (a trapezoid of speed). Pure: time is an argument. */
export class Axis {
  private readonly limits: AxisLimits
  private stretches: Stretch[]
  private ends = 0

  constructor(limits: AxisLimits, place: number) {
    this.limits = limits
    this.stretches = [{ at: Number.NEGATIVE_INFINITY, place, speed: 0, acceleration: 0 }]
  }

  place(now: number): number {
    const { at, place, speed, acceleration } = this.stretch(now)
    if (speed === 0 && acceleration === 0) return place
    const seconds = (now - at) / 1_000
    return place + speed * seconds + (acceleration * seconds ** 2) / 2
  }

  moving(now: number): boolean {
    const { speed, acceleration } = this.stretch(now)
    return speed !== 0 || acceleration !== 0
  }

  /** Heads for a place, by way of a stop where the present speed leads past it. `share` of the full speed is not exceeded. */
  goTo(now: number, target: number, share = 1): void {
    const { min, max, acceleration } = this.limits
    const [place, speed] = [this.place(now), this.speed(now)]
    const goal = Math.min(max, Math.max(min, target))
    const wherePresentSpeedLeads = place + (speed * Math.abs(speed)) / (2 * acceleration)
    const way = Math.sign(goal - wherePresentSpeedLeads)
    if (way === 0) {
      this.stop(now)
      return
    }
    // Along the way: `from` is negative while the axis still goes backwards.
    const [from, distance] = [speed * way, (goal - place) * way]
    const peak = Math.min(
      this.limits.speed * Math.min(1, Math.abs(share)),
      Math.sqrt(acceleration * distance + from ** 2 / 2),
    )
    const seconds = [Math.abs(peak - from) / acceleration, 0, peak / acceleration]
    const far = ((from + peak) / 2) * seconds[0] + (peak / 2) * seconds[2]
    seconds[1] = Math.max(0, (distance - far) / peak)
    this.lay(now, [
      { seconds: seconds[0], acceleration: Math.sign(peak - from) * acceleration * way },
      { seconds: seconds[1], acceleration: 0, speed: peak * way },
      { seconds: seconds[2], acceleration: -acceleration * way, speed: peak * way },
    ])
    this.stretches.push({ at: this.ends, place: goal, speed: 0, acceleration: 0 })
  }

  /** Brakes. */
  stop(now: number): void {
    const [place, speed, { acceleration }] = [this.place(now), this.speed(now), this.limits]
    const rest = place + (speed * Math.abs(speed)) / (2 * acceleration)
    this.lay(now, [{ seconds: Math.abs(speed) / acceleration, acceleration: -Math.sign(speed) * acceleration }])
    this.stretches.push({ at: this.ends, place: rest, speed: 0, acceleration: 0 })
  }

  private speed(now: number): number {
    const { at, speed, acceleration } = this.stretch(now)
    return acceleration === 0 ? speed : speed + (acceleration * (now - at)) / 1_000
  }

  private stretch(now: number): Stretch {
    let found = this.stretches[0]
    for (const stretch of this.stretches) if (stretch.at <= now) found = stretch
    return found
  }

  /** The stretches from now on, one after the other; where no speed is given, the one before leads into it. */
  private lay(now: number, parts: { seconds: number; acceleration: number; speed?: number }[]): void {
    let [at, place, speed] = [now, this.place(now), this.speed(now)]
    this.stretches = []
    for (const part of parts) {
      speed = part.speed ?? speed
      this.stretches.push({ at, place, speed, acceleration: part.acceleration })
      place += speed * part.seconds + (part.acceleration * part.seconds ** 2) / 2
      speed += part.acceleration * part.seconds
      at += part.seconds * 1_000
    }
    this.ends = at
  }
}
