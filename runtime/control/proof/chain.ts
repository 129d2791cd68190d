import { createHash, createHmac } from 'node:crypto'

/** What is written down once and never changed. */
export interface Entry {
  kind: string
  /** What it is about: a later entry of the same kind, subject and `firstAt` tells the same more fully. */
  subject: string
  /** UTC ms. */
  firstAt: number
  lastAt: number
  facts: object
}

/** An entry as it is kept. */
export interface Row {
  n: number
  kind: string
  subject: string
  firstAt: number
  lastAt: number
  /** The entry's text: what is hashed, byte for byte. */
  body: string
  hash: string
  seal: string
}

/** What the first row of all stands on. */
export const GENESIS = '0'.repeat(64)

export interface Link {
  n: number
  hash: string
}

/** The row that follows `before`. Its hash covers its number, its text and everything before it. */
export function rowAfter(before: Link, { kind, subject, firstAt, lastAt, facts }: Entry, key: string): Row {
  const n = before.n + 1
  const body = JSON.stringify({ kind, subject, firstAt, lastAt, facts })
  const hash = hashOf(before.hash, n, body)
  return { n, kind, subject, firstAt, lastAt, body, hash, seal: sealOf(hash, key) }
}

/** Anyone can compute this from what is exported. */
export const hashOf = (before: string, n: number, body: string): string =>
  createHash('sha256').update(`${before}\n${n}\n${body}`).digest('hex')

/** Only this appliance can compute this: who edits the database and makes the hashes anew lacks the key. */
export const sealOf = (hash: string, key: string): string => createHmac('sha256', key).update(hash).digest('hex')

/** Of the last row: without it nobody would miss rows that were cut off at the end. */
export const endSeal = ({ n, hash }: Link, key: string): string => sealOf(`end ${n} ${hash}`, key)
