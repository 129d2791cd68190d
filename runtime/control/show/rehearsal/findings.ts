import type { Reason } from './house.ts'
import type { RunningOrder } from './running-order.ts'

/** Something that a dry run has found: what, where, and when for the first time. */
export interface Finding extends Omit<Reason, 'severity'> {
  severity: 'error' | 'warning' | 'info'
  timeline: string
  name: string
  /** UTC ms, of the first time. */
  at: number
  to: number
  /** How often that day. */
  count: number
}

/** More than these of a kind nobody reads; the others are counted. */
const MOST = 100

const RANKS = { error: 0, warning: 1, info: 2 }

/** What was found, each thing once, with how often: a loop of a day finds the same a thousand times. */
export class Findings {
  private readonly found = new Map<string, Finding>()
  private readonly ofKind = new Map<string, number>()
  private left = 0

  add(order: RunningOrder, found: Omit<Finding, 'timeline' | 'name'>, key = ''): void {
    const { timeline, name } = order
    const id = JSON.stringify([found.code, timeline, found.path, key || found.detail])
    const known = this.found.get(id)
    if (known) {
      known.count += found.count
      if (found.at < known.at) Object.assign(known, { at: found.at, to: found.to })
      return
    }
    const before = this.ofKind.get(found.code) ?? 0
    this.ofKind.set(found.code, before + 1)
    if (before < MOST) this.found.set(id, { timeline, name, ...found })
    else this.left++
  }

  /** What matters most comes first; `more`: how many were left out. */
  told(): { findings: Finding[]; more: number } {
    const all = [...this.found.values()]
    return { findings: all.sort((a, b) => RANKS[a.severity] - RANKS[b.severity] || a.at - b.at), more: this.left }
  }
}
