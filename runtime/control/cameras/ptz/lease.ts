/** Who may take a camera from whom: a cue from everybody, a tour from nobody. */
export type Rank = 'tour' | 'operator' | 'cue'

export interface Controller {
  name: string
  rank: Rank
}

/** `until`: of the clock that asks (ms). */
export type Answer = { granted: true } | { granted: false; by: Controller; until: number }

/** How long after its last move a camera stays with whoever moved it. */
const LEASE_MS = 5_000

const WEIGHT: Record<Rank, number> = { tour: 0, operator: 1, cue: 2 }

/** Who moves a camera: one controller at a time. It never asks for the time, it is told. */
export class Lease {
  private held: { by: Controller; until: number } | undefined

  holder(now: number): { by: Controller; until: number } | undefined {
    return this.held && now < this.held.until ? this.held : undefined
  }

  /** To move it now. Each move that is granted begins the time anew. */
  ask(by: Controller, now: number): Answer {
    const held = this.holder(now)
    if (held && !isSame(held.by, by) && WEIGHT[by.rank] <= WEIGHT[held.by.rank])
      return { granted: false, by: held.by, until: held.until }
    this.held = { by, until: now + LEASE_MS }
    return { granted: true }
  }
}

const isSame = (one: Controller, other: Controller): boolean => one.name === other.name && one.rank === other.rank
