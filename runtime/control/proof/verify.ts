import { endSeal, GENESIS, hashOf, type Link, type Row, sealOf } from './chain.ts'

export interface ProofFault {
  /** The row, or the first of those that are gone. */
  n: number
  /** The last of those that are gone. */
  to?: number
  what: 'changed' | 'removed' | 'inserted' | 'unsealed'
  detail: string
}

export interface Verdict {
  ok: boolean
  rows: number
  /** Numbers of the first and the last row; null: there is none. */
  first: number | null
  last: number | null
  /** Of the last row: who keeps it elsewhere can prove later that nothing before it was changed. */
  hash: string | null
  /** The first hundred. */
  faults: ProofFault[]
}

const MOST_FAULTS = 100

/** What a release wrote of the rows that it let go for want of room. */
interface Pruned {
  through: number
  hash: string
}

/** Follows the chain row by row, and names what does not belong. */
export class Verifier {
  private readonly faults: ProofFault[] = []
  private bad = 0
  private rows = 0
  private first: Row | undefined
  private before: Link = { n: 0, hash: GENESIS }
  /** The hash of the row before is not the one that was written: that the next one does not follow from it is no news. */
  private broken = false
  private readonly pruned: Pruned[] = []
  private readonly key: string

  constructor(key: string) {
    this.key = key
  }

  /** The rows in the order of their numbers. */
  see(row: Row): void {
    this.rows++
    const { before } = this
    const isFirst = this.first === undefined
    this.first ??= row
    const gap = row.n !== before.n + 1
    if (gap && !isFirst) this.gone(before.n + 1, row.n - 1)
    const found = this.faultOf(row, gap ? undefined : before.hash)
    if (found) this.tell(found)
    else this.note(row)
    this.broken = sealOf(row.hash, this.key) !== row.seal
    this.before = { n: row.n, hash: row.hash }
  }

  /** `end`: what was kept of the last row, apart from it. */
  verdict(end: (Link & { seal: string }) | undefined): Verdict {
    const { before, first } = this
    this.beginning()
    if (end && endSeal(end, this.key) !== end.seal)
      this.tell({ n: end.n, what: 'unsealed', detail: 'What says where the rows end was changed.' })
    else if ((end?.n ?? 0) > before.n) this.gone(before.n + 1, end?.n ?? 0)
    else if (before.n > (end?.n ?? 0))
      this.tell({ n: (end?.n ?? 0) + 1, what: 'inserted', detail: 'The rows end before it.' })
    return {
      ok: this.bad === 0,
      rows: this.rows,
      ...{ first: first?.n ?? null, last: first ? before.n : null, hash: first ? before.hash : null },
      faults: this.faults,
    }
  }

  /** `before`: undefined where the row before is not there to be compared. */
  private faultOf(row: Row, before: string | undefined): ProofFault | undefined {
    const { n, hash, seal, body } = row
    const sealed = sealOf(hash, this.key) === seal
    const follows = before === undefined || hashOf(before, n, body) === hash
    const changed = { n, what: 'changed', detail: `Row ${n} is not as it was written.` } as const
    if (!agrees(row)) return changed
    if (!follows && !this.broken) return changed
    if (!sealed && follows) return { n, what: 'inserted', detail: `Row ${n} was not written by this appliance.` }
    return sealed ? undefined : changed
  }

  private note({ kind, body }: Row): void {
    if (kind === 'pruned') this.pruned.push((JSON.parse(body) as { facts: Pruned }).facts)
  }

  /** Whatever is missing at the beginning must have been let go in order. */
  private beginning(): void {
    const { first } = this
    if (!first || first.n <= 1) return
    const { hash } = this.pruned.find(({ through }) => through === first.n - 1) ?? {}
    if (hash === undefined) this.gone(1, first.n - 1)
    else if (hashOf(hash, first.n, first.body) !== first.hash && !this.faults.some(({ n }) => n === first.n))
      this.tell({ n: first.n, what: 'changed', detail: `Row ${first.n} is not as it was written.` })
  }

  private gone(n: number, to: number): void {
    const which = n === to ? `Row ${n} was` : `Rows ${n} to ${to} were`
    this.tell({ n, to, what: 'removed', detail: `${which} removed.` })
  }

  private tell(fault: ProofFault): void {
    this.bad++
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault)
  }
}

/** Whether the columns by which a row is found say what its text says. */
function agrees({ kind, subject, firstAt, lastAt, body }: Row): boolean {
  try {
    const told = JSON.parse(body) as Partial<Row>
    return told.kind === kind && told.subject === subject && told.firstAt === firstAt && told.lastAt === lastAt
  } catch {
    return false
  }
}
