import { VistterError } from '../../contract/errors.ts'
import type { MadeToken, NewToken, Token } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { type Actor, type Operations, operation, type Recorder, type Role, type Sql } from '../ports.ts'
import { hashBearer, newBearer } from './bearer.ts'

type Scope = Token['scope']

interface TokenRow {
  id: string
  name: string
  scope: Scope
  created_by: string
  created_at: number
  expires_at: number | null
}

/** What a scope may do is what a role may do; `read` is further held to reading by the guard. */
const ROLE_OF: Record<Scope, Role> = { read: 'viewer', operate: 'operator', admin: 'admin' }

interface Deps {
  sql: Sql
  clock: Clock
  record: Recorder
}

/** Tokens for other programs. The token itself is shown once, when it is made. */
export class Tokens {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async find(bearer: string): Promise<{ actor: Actor; readOnly: boolean } | undefined> {
    const row = await this.deps.sql.get<TokenRow>(
      'SELECT * FROM tokens WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)',
      hashBearer(bearer),
      this.deps.clock.now(),
    )
    if (!row) return undefined
    return { actor: { kind: 'token', name: row.name, role: ROLE_OF[row.scope] }, readOnly: row.scope === 'read' }
  }

  operations(): Operations {
    return {
      listTokens: operation(async () =>
        (await this.deps.sql.all<TokenRow>('SELECT * FROM tokens ORDER BY id')).map(shown),
      ),
      addToken: operation<NewToken>(({ body, actor }) => this.add(body, actor.name)),
      removeToken: operation(({ params, actor }) => this.remove(params.id, actor.name)),
    }
  }

  private async add({ name, scope, expires }: NewToken, actor: string): Promise<MadeToken> {
    const { sql, clock, record } = this.deps
    const id = newId()
    const token = newBearer()
    await sql.run(
      'INSERT INTO tokens (id, name, hash, scope, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      name,
      hashBearer(token),
      scope,
      actor,
      clock.now(),
      expires ? Date.parse(expires) : null,
    )
    record({ type: 'auth.token-added', severity: 'info', message: `Token ${name} (${scope}) was made.`, actor })
    return { id, token }
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { changes } = await this.deps.sql.run('DELETE FROM tokens WHERE id = ?', id ?? '')
    if (changes === 0) throw new VistterError('NOT_FOUND', `There is no token ${id}.`)
    this.deps.record({ type: 'auth.token-removed', severity: 'info', message: `Token ${id} was deleted.`, actor })
  }
}

function shown({ id, name, scope, created_by, created_at, expires_at }: TokenRow): Token {
  return {
    id,
    name,
    scope,
    createdBy: created_by,
    createdAt: rfc3339(created_at),
    expires: expires_at === null ? null : rfc3339(expires_at),
  }
}
