import { type Fault, fault } from '../../contract/errors.ts'

/** Frames received are the only sign of life a camera gives: its FFmpeg may sit on a dead connection for minutes. */

/** No frame for this long: offline. */
const OFFLINE_AFTER_MS = 3_000
/** No frame for this long after some, or this long to the first: the connection is given up. */
const SILENT_AFTER_MS = 10_000
const FIRST_FRAME_WITHIN_MS = 15_000
/** Below this share of its own rate a camera counts as degraded; above the second as well again. */
const DEGRADED_BELOW = 0.7
const WELL_ABOVE = 0.85
const RATE_WINDOW_MS = 5_000
const PAUSE_MS = 2_000
/** Pictures of keyframes alone come as rarely as the camera makes them: every ten seconds is not unheard of. */
const RARE = 4

/** A change of pulse as an event. */
export function pulseNews(name: string, pulse: Pulse, { played = false, detail = '' }) {
  if (pulse === 'offline' && played)
    return { type: 'source.offline', severity: 'info', message: `${name} has been played to its end.` } as const
  if (pulse === 'offline')
    return { type: 'source.offline', severity: 'warning', message: `${name} is offline. ${detail}` } as const
  if (pulse === 'degraded')
    return {
      type: 'source.degraded',
      severity: 'warning',
      message: `${name} sends fewer pictures than it says. ${detail}`,
    } as const
  return { type: 'source.online', severity: 'info', message: `${name} is online.` } as const
}

const slowness = (rate: number, nominal: number): Fault =>
  fault('CAMERA_SLOW', `Of ${shown(nominal)} pictures a second that it promises, ${shown(rate)} came.`)

/** One digit where that says more. */
const shown = (rate: number): string => String(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))

export type Pulse = 'connecting' | 'online' | 'degraded' | 'offline'

/** Liveness from a frame counter, looked at some times a second. Times are monotonic ms. */
export class Heartbeat {
  private frames = 0
  private lastFrameAt: number | undefined
  private connectedAt: number
  /** Frames of the present connection. */
  private since = 0
  private failed = false
  private slow: Fault | undefined
  /** How much longer than usual a pause may be. */
  private patience = 1
  private readonly window: { at: number; frames: number }[] = []

  constructor(now: number) {
    this.connectedAt = now
  }

  /** A new connection begins; `rare`: it brings keyframes only. */
  connecting(now: number, rare = false): void {
    this.patience = rare ? RARE : 1
    this.connectedAt = now
    this.since = 0
    this.window.length = 0
  }

  /** Pictures come at their full rate from here on. */
  steady(): void {
    this.patience = 1
  }

  /** The connection ended without being asked to. */
  failure(): void {
    this.failed = true
  }

  /** Takes the frame counter (u32); `nominalFps` is what the camera says it sends, 0 when unknown. */
  look(now: number, head: number, nominalFps: number): void {
    const fresh = (head - this.frames) >>> 0
    this.frames = head
    this.since += fresh
    // A pause is judged by its length, not by what it does to the rate.
    if (fresh === 0) return
    if (now - (this.lastFrameAt ?? now) >= PAUSE_MS) this.window.length = 0
    this.lastFrameAt = now
    this.failed = false
    this.window.push({ at: now, frames: this.since })
    while (this.window.length > 1 && now - this.window[1].at >= RATE_WINDOW_MS) this.window.shift()
    const { at, frames } = this.window[0]
    if (now - at < RATE_WINDOW_MS || nominalFps <= 0) return
    const share = ((this.since - frames) * 1_000) / (now - at) / nominalFps
    if (share >= (this.slow ? WELL_ABOVE : DEGRADED_BELOW)) this.slow = undefined
    else this.slow ??= slowness(share * nominalFps, nominalFps)
  }

  pulse(now: number): Pulse {
    if (this.lastFrameAt === undefined) return this.failed ? 'offline' : 'connecting'
    if (now - this.lastFrameAt >= OFFLINE_AFTER_MS * this.patience) return 'offline'
    return this.slow ? 'degraded' : 'online'
  }

  /** Why it is degraded, as it was when it became so. */
  get slowness(): Fault | undefined {
    return this.slow
  }

  /** Whether the present connection is dead although it stands. */
  silent(now: number): boolean {
    if (this.since === 0) return now - this.connectedAt >= FIRST_FRAME_WITHIN_MS
    return now - (this.lastFrameAt ?? now) >= SILENT_AFTER_MS * this.patience
  }

  /** Whether the present connection has brought a picture. */
  get hadFrames(): boolean {
    return this.since > 0
  }
}
