import type { Take } from '../../contract/generated/engine.v1.ts'

/** How many ids are remembered, so that a document that is applied again acts once. */
const REMEMBERED = 256

/**
 * Takes that wait for their frame. One that comes later replaces those that were due at the same moment or after it:
 * the newest decision about a moment holds, and an earlier moment is not its business.
 */
export class Takes {
  private waiting: { frame: number; take: Take }[] = []
  private readonly known = new Set<string>()

  /** `frame`: the first one that shows it; in the past means the next one. */
  add(take: Take, frame: number): void {
    if (this.known.has(take.id)) return
    this.known.add(take.id)
    if (this.known.size > REMEMBERED) for (const oldest of this.known) if (this.known.delete(oldest)) break
    this.waiting = [...this.waiting.filter(other => other.frame < frame), { frame, take }]
  }

  /** The take in force from frame n on, when one becomes due with it. */
  due(n: number): Take | undefined {
    let found: Take | undefined
    while (this.waiting.length > 0 && this.waiting[0].frame <= n) found = this.waiting.shift()?.take
    return found
  }
}
