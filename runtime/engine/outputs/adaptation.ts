import type { Clock } from '../../lib/clock.ts'
import type { Report } from '../events.ts'
import { type Bounds, type Steering, steer, steeringAt } from './bitrate.ts'

interface Deps {
  clock: Clock
  event: Report
  /** Makes the encoder aim at so many kbit/s. */
  step: (videoBitrate: number) => void
}

/** Keeps the bitrate of one output's own encoder at what its uplink takes, over the same connection. */
export class Adaptation {
  private steering: Steering
  private bounds: Bounds
  private readonly output: { id: string; name: string }
  private readonly deps: Deps

  constructor(output: { id: string; name: string }, bounds: Bounds, deps: Deps) {
    this.output = output
    this.bounds = bounds
    this.deps = deps
    this.steering = steeringAt(bounds.most, deps.clock.mono())
  }

  /** Other bounds: whatever was found out before, it begins with the most again. */
  setBounds(bounds: Bounds): void {
    if (bounds.most === this.bounds.most && bounds.least === this.bounds.least) return
    this.bounds = bounds
    this.steering = steeringAt(bounds.most, this.deps.clock.mono())
    this.deps.step(bounds.most)
  }

  /** Another encoder begins at the bitrate of its profile; what the uplink takes is known better here. */
  encoderChanged(): void {
    this.deps.step(this.steering.target)
  }

  /** The queue of a connection that is gone says nothing about the next one's. */
  reconnected(): void {
    this.steering = { ...this.steering, steppedAt: this.deps.clock.mono(), freeSince: undefined, queues: [] }
  }

  observe(queueSeconds: number, sent: number): void {
    const from = this.steering.target
    this.steering = steer(this.steering, { at: this.deps.clock.mono(), queueSeconds, sent }, this.bounds)
    const to = this.steering.target
    if (to === from) return
    this.deps.step(to)
    const { id, name } = this.output
    const why = to < from ? `the uplink takes ${sent} kbit/s` : 'the uplink has been free for a while'
    this.deps.event({
      type: 'output.bitrate-stepped',
      severity: to < from ? 'warning' : 'info',
      message: `${name} goes from ${from} to ${to} kbit/s: ${why}.`,
      data: { output: id, from, to, queueSeconds, sent },
    })
  }
}
