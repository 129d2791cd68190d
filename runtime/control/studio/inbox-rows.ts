import type { Ack, AckStatus } from '../../contract/generated/studio.v1.ts'
import type { Sql, SqlValue } from '../ports.ts'

/** A command as it is kept. Times in UTC ms of Studio's clock. */
export interface Arrived {
  id: string
  type: string
  lane: string
  body: string
  source: string
  time: number
  expiresAt: number
}

interface Coming {
  row?: Arrived
  /** What is said about it at once. */
  acks: Ack['data'][]
}

export const FINAL: readonly AckStatus[] = ['done', 'failed', 'rejected', 'expired']

const COLUMNS = 'id, type, lane, body, source, said_at, arrived_at, expires_at, status, final, acks'
const ROW = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, json_array(json(?)))'

/** Answers which of them are new: those without a row, and those whose id was not there before. */
export async function insert<T extends Coming>(sql: Sql, all: readonly T[], now: number): Promise<(one: T) => boolean> {
  const values = all.flatMap(({ row, acks: [ack] }) => (row && ack ? valuesOf(row, ack, now) : []))
  const count = all.filter(({ row }) => row).length
  if (count === 0) return () => true
  const rows = await sql.all<{ id: string }>(
    `INSERT INTO studio_inbox (${COLUMNS}) VALUES ${Array.from({ length: count }, () => ROW).join(', ')}
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    ...values,
  )
  const fresh = new Set(rows.map(({ id }) => id))
  // Of two with one id the first is the one that is there. What is no Unicode comes back from the database as U+FFFD.
  return ({ row }) => !row || fresh.delete(row.id.toWellFormed())
}

const valuesOf = (row: Arrived, ack: Ack['data'], now: number): SqlValue[] => [
  ...[row.id, row.type, row.lane, row.body, row.source, row.time, now, row.expiresAt],
  ...[ack.status, FINAL.includes(ack.status) ? 1 : 0, JSON.stringify(ack)],
]
