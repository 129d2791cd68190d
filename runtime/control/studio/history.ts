import { rfc3339 } from '../../lib/clock.ts'
import { type Operations, operation, type Sql } from '../ports.ts'

interface Row {
  seq: number
  id: string
  type: string
  body: string
  said_at: number
  arrived_at: number
  expires_at: number
  status: string
  acks: string
}

const SECRET = /password|secret|streamkey|token/i

/** Studio's commands with what was said about each, newest first. */
export const historyOperations = (sql: Sql): Operations => ({
  listCommands: operation<undefined, { limit: number; before?: string; status?: string }>(
    async ({ query: { limit, before, status } }) => {
      const rows = await sql.all<Row>(
        `SELECT * FROM studio_inbox
         WHERE (?1 IS NULL OR seq < (SELECT seq FROM studio_inbox WHERE id = ?1)) AND (?2 IS NULL OR status = ?2)
         ORDER BY seq DESC LIMIT ?3`,
        ...[before ?? null, status ?? null, limit],
      )
      return rows.map(shown)
    },
  ),
})

/** Steps of a patch name what they set beside it. What was refused is a text of any kind. */
function hidden(key: string, value: unknown): unknown {
  if (SECRET.test(key)) return '***'
  if (key === 'refused' && typeof value === 'string' && SECRET.test(value)) return '***'
  const { path } = (typeof value === 'object' && value !== null ? value : {}) as { path?: unknown }
  return typeof path === 'string' && SECRET.test(path) ? { ...(value as object), value: '***' } : value
}

function shown({ id, type, body, said_at, arrived_at, expires_at, status, acks }: Row) {
  const { data, refused } = JSON.parse(body, hidden)
  return {
    ...{ id, type, status, time: rfc3339(said_at), arrivedAt: rfc3339(arrived_at), expiresAt: rfc3339(expires_at) },
    ...(data && { data }),
    ...(refused && { refused }),
    acks: JSON.parse(acks),
  }
}
