import type { EngineEvent } from '../contract/generated/engine.v1.ts'

/** What happened, for the log. */
const MOST = 500
/** Times on air: a day of one picture in five seconds, or an hour of several overlays. */
const MOST_AIRED = 20_000
const AIRED = new Set(['overlay.aired', 'program.shown'])

/** Events that nobody heard yet: control may be restarting, and what happened meanwhile belongs in its log and its proof. */
export class Unheard {
  private readonly events: EngineEvent[] = []
  private readonly aired = new Map<string, EngineEvent>()
  private lost = 0

  add(event: EngineEvent): void {
    if (!AIRED.has(event.type)) {
      if (this.events.length < MOST) this.events.push(event)
      return
    }
    // Of each time on air only the last word counts.
    const { frames: _, lastAt: __, ended: ___, picture: ____, ...same } = (event.data ?? {}) as Record<string, unknown>
    const key = JSON.stringify([event.type, same])
    if (this.aired.has(key) || this.aired.size < MOST_AIRED) this.aired.set(key, event)
    else this.lost++
  }

  /** All of it, once. `now`: UTC ms. */
  take(now: number): EngineEvent[] {
    const { lost } = this
    const all = [...this.events.splice(0), ...this.aired.values()]
    this.aired.clear()
    this.lost = 0
    if (lost === 0) return all
    const message = `Of what was on air while nobody took it down, ${lost} entries are lost.`
    return [...all, { time: now, type: 'proof.lost', severity: 'error', message, data: { lost } }]
  }
}
