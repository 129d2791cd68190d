import type { Entry, Row } from './chain.ts'

/** A time for which something held; `to` is null while it lasts. UTC ms. */
interface Span {
  from: number
  to: number | null
}

export interface LiveDestination extends Span {
  id: string
  name: string
  platform: string
}

export interface InForce extends Span {
  kind: string
  reason: string
  actor: string
}

export interface Running extends Span {
  id: string
  name: string
}

/** What was the case while something was on air. */
export interface Circumstances {
  destinations: LiveDestination[]
  overrides: InForce[]
  timelines: Running[]
}

/** What is the case now: what holds, of which program, since when. */
export interface Present {
  destinations: { program: string; since: number; id: string; name: string; platform: string }[]
  overrides: { program: string; since: number; kind: string; reason: string; actor: string }[]
  timelines: { program: string; since: number; id: string; name: string }[]
}

interface Held extends Span {
  kind: keyof Circumstances
  program: string
  what: Record<string, string>
}

/** Of those that are over; what is asked for later than that finds them in the rows. */
const MOST_KEPT = 2_000
export const HELD = ['destinations', 'overrides', 'timelines'] as const

/** Which destinations were live, what was overridden and which timelines ran, and when: each is an entry when it begins and ends. */
export class Surroundings {
  private open = new Map<string, Held>()
  private over: Held[] = []
  private readonly add: (entry: Entry) => void

  constructor(add: (entry: Entry) => void) {
    this.add = add
  }

  /** What an earlier life has written, the newest first. */
  recall(rows: readonly Pick<Row, 'kind' | 'firstAt' | 'lastAt' | 'body'>[]): void {
    for (const { kind, firstAt, lastAt, body } of rows.toReversed()) {
      const { program, ended, ...what } = (JSON.parse(body) as { facts: Record<string, string> & { ended: boolean } })
        .facts
      if (!isHeld(kind) || program === undefined) continue
      const held: Held = { kind, program, what, from: firstAt, to: ended ? lastAt : null }
      if (ended) this.over.push(held)
      else this.open.set(keyOf(held), held)
    }
  }

  /** `now` (UTC ms): what is new has begun, what is missing has ended. */
  note(present: Present, now: number): void {
    const there = new Map<string, Held>()
    for (const kind of HELD)
      for (const { program, since, ...what } of present[kind]) {
        const held: Held = { kind, program, what, from: since, to: null }
        there.set(keyOf(held), held)
      }
    for (const [key, held] of this.open) if (!there.has(key)) this.end(key, held, now)
    for (const [key, held] of there) if (!this.open.has(key)) this.begin(key, held)
  }

  /** What held at any time in [from, to]. */
  during(program: string, from: number, to: number): Circumstances {
    const touching = [...this.over, ...this.open.values()].filter(
      held => held.program === program && held.from <= to && (held.to === null || held.to >= from),
    )
    const of = <T>(kind: keyof Circumstances) =>
      touching.filter(held => held.kind === kind).map(({ what, from, to }) => ({ ...what, from, to }) as T)
    return { destinations: of('destinations'), overrides: of('overrides'), timelines: of('timelines') }
  }

  private begin(key: string, held: Held): void {
    // The engine was not heard for a moment: it never ended.
    this.over = this.over.filter(each => keyOf(each) !== key)
    this.open.set(key, held)
    this.tell(held, held.from, false)
  }

  private end(key: string, held: Held, now: number): void {
    this.open.delete(key)
    const to = Math.max(now, held.from)
    this.over = [...this.over, { ...held, to }].slice(-MOST_KEPT)
    this.tell(held, to, true)
  }

  private tell({ kind, program, what, from }: Held, lastAt: number, ended: boolean): void {
    this.add({ kind, subject: subjectOf(program, what), firstAt: from, lastAt, facts: { program, ...what, ended } })
  }
}

const isHeld = (kind: string): kind is keyof Circumstances => (HELD as readonly string[]).includes(kind)

/** A new name is another time for which something held. */
const keyOf = ({ kind, program, what, from }: Held): string => `${kind} ${from} ${subjectOf(program, what)}`

const subjectOf = (program: string, what: Record<string, string>): string =>
  JSON.stringify([program, ...Object.values(what)])
