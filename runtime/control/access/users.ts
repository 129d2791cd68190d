import { VistterError } from '../../contract/errors.ts'
import type { NewUser, User, UserPatch } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { type Operations, operation, type Recorder, type Role, type Sql } from '../ports.ts'
import { hashPassword, passwordMatches } from './passwords.ts'

interface UserRow {
  id: string
  username: string
  password: string
  role: Role
  created_at: number
  signed_in_at: number | null
}

interface Deps {
  sql: Sql
  clock: Clock
  record: Recorder
  /** What a user was allowed has changed: whoever is signed in as this user has to sign in again. */
  endSessionsOf(userId: string): Promise<void>
}

/** The people who may sign in. There is always an administrator: the last one can be neither deleted nor demoted. */
export class Users {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async any(): Promise<boolean> {
    return (await this.deps.sql.get('SELECT 1 FROM users LIMIT 1')) !== undefined
  }

  /** The account made at set-up. Throws SETUP_DONE when there is one already, also when two ask at once. */
  async addFirst(user: Omit<NewUser, 'role'>): Promise<void> {
    const password = await hashPassword(user.password)
    const { changes } = await this.deps.sql.run(
      `INSERT INTO users (id, username, password, role, created_at)
       SELECT ?, ?, ?, 'admin', ? WHERE NOT EXISTS (SELECT 1 FROM users)`,
      newId(),
      user.username,
      password,
      this.deps.clock.now(),
    )
    if (changes === 0) throw new VistterError('SETUP_DONE', 'This appliance has been set up already.')
  }

  /** The user with this name and password, or undefined. */
  async verify(username: string, password: string): Promise<{ id: string; username: string } | undefined> {
    const row = await this.deps.sql.get<UserRow>('SELECT * FROM users WHERE username = ?', username)
    if (!(await passwordMatches(password, row?.password)) || !row) return undefined
    // Only a note: on a full disk people still come in.
    const note = 'UPDATE users SET signed_in_at = ? WHERE id = ?'
    await this.deps.sql.run(note, this.deps.clock.now(), row.id).catch(() => {})
    return row
  }

  operations(): Operations {
    return {
      listUsers: operation(() => this.list()),
      addUser: operation<NewUser>(({ body, actor }) => this.add(body, actor.name)),
      getUser: operation(async ({ params }) => shown(await this.row(params.id))),
      changeUser: operation<UserPatch>(({ params, body, actor }) => this.change(params.id, body, actor.name)),
      removeUser: operation(({ params, actor }) => this.remove(params.id, actor.name)),
    }
  }

  private async list(): Promise<User[]> {
    return (await this.deps.sql.all<UserRow>('SELECT * FROM users ORDER BY id')).map(shown)
  }

  private async add({ username, password, role }: NewUser, actor: string): Promise<User> {
    const id = newId()
    const hash = await hashPassword(password)
    const { changes } = await this.deps.sql.run(
      'INSERT INTO users (id, username, password, role, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      username,
      hash,
      role,
      this.deps.clock.now(),
    )
    if (changes === 0) throw new VistterError('CONFLICT', `There is a user named ${username} already.`)
    this.deps.record({ type: 'auth.user-added', severity: 'info', message: `${username} was added as ${role}.`, actor })
    return shown(await this.row(id))
  }

  private async change(id: string | undefined, patch: UserPatch, actor: string): Promise<User> {
    const hash = patch.password === undefined ? null : await hashPassword(patch.password)
    const before = await this.row(id)
    await this.keepingAnAdmin(sql =>
      sql.run(
        'UPDATE users SET password = coalesce(?, password), role = coalesce(?, role) WHERE id = ?',
        hash,
        patch.role ?? null,
        before.id,
      ),
    )
    await this.deps.endSessionsOf(before.id)
    const message = `${before.username} was changed: ${Object.keys(patch).join(', ')}.`
    this.deps.record({ type: 'auth.user-changed', severity: 'info', message, actor })
    return shown(await this.row(id))
  }

  private async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, username } = await this.row(id)
    await this.keepingAnAdmin(sql => sql.run('DELETE FROM users WHERE id = ?', known))
    await this.deps.endSessionsOf(known)
    this.deps.record({ type: 'auth.user-removed', severity: 'info', message: `${username} was deleted.`, actor })
  }

  private async keepingAnAdmin(change: (sql: Sql) => Promise<unknown>): Promise<void> {
    await this.deps.sql.transaction(async sql => {
      await change(sql)
      if (!(await sql.get("SELECT 1 FROM users WHERE role = 'admin'")))
        throw new VistterError('CONFLICT', 'This is the last administrator; make another one first.')
    })
  }

  private async row(id: string | undefined): Promise<UserRow> {
    const row = await this.deps.sql.get<UserRow>('SELECT * FROM users WHERE id = ?', id ?? '')
    if (!row) throw new VistterError('NOT_FOUND', `There is no user ${id}.`)
    return row
  }
}

function shown({ id, username, role, created_at, signed_in_at }: UserRow): User {
  return {
    id,
    username,
    role,
    createdAt: rfc3339(created_at),
    signedInAt: signed_in_at === null ? null : rfc3339(signed_in_at),
  }
}
