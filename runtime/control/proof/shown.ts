import type { ProofRow } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import { type Aired, type AiredKind, advertisersOf } from './aired.ts'
import type { Entry, Row } from './chain.ts'

/** A row as people and other systems read it. Pure. */
export const shownRow = ({ n, kind, firstAt, lastAt, body, hash }: Row): ProofRow =>
  shown({ n, kind, firstAt, lastAt, hash }, (JSON.parse(body) as { facts: Aired }).facts)

/** What is on air now, and no row yet. Pure. */
export const shownEntry = ({ kind, firstAt, lastAt, facts }: Entry): ProofRow =>
  shown({ n: 0, kind, firstAt, lastAt, hash: '' }, facts as Aired)

function shown({ n, kind, firstAt, lastAt, hash }: Omit<Row, 'subject' | 'body' | 'seal'>, aired: Aired): ProofRow {
  const { destinations, overrides, timelines, ...facts } = aired
  return {
    id: n,
    kind: kind as AiredKind,
    ...facts,
    tags: [...facts.tags],
    advertisers: advertisersOf(facts.tags),
    ...{ from: rfc3339(firstAt), to: rfc3339(lastAt) },
    ...{
      destinations: destinations.map(spanned),
      overrides: overrides.map(spanned),
      timelines: timelines.map(spanned),
    },
    hash,
  }
}

/** The same in short, for the flow. Pure. */
export function glimpseOf({ id, kind, program, overlay, cue, source, name, asset, ...row }: ProofRow) {
  const { sha256, advertisers, from, to, frames, ended } = row
  const destinations = [...new Set(row.destinations.map(each => each.name))]
  const what = { id, kind, program, overlay, cue, source, name, asset, sha256 }
  return { ...what, advertisers, from, to, frames, ended, destinations }
}

function spanned<T extends { from: number; to: number | null }>({ from, to, ...what }: T) {
  return { ...what, from: rfc3339(from), to: to === null ? null : rfc3339(to) }
}
