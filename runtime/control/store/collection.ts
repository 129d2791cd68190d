import type { Secrets, Shelf, Sql, Stored } from '../ports.ts'

/** Seals a text so that only this appliance reads it; `context` ties it to its row, so it cannot be moved to another. */
export interface Sealer {
  seal(text: string, context: string): Buffer
  open(sealed: Buffer, context: string): string
}

export type Table =
  | 'cameras'
  | 'destinations'
  | 'overlays'
  | 'data'
  | 'live'
  | 'recordings'
  | 'settings_secrets'
  | 'sounds'

/** One table of JSON bodies with their sealed secrets, held in memory: control is its only writer. */
export class Collection<Body> implements Shelf<Body> {
  private readonly things = new Map<string, Stored<Body>>()
  private tail: Promise<unknown> = Promise.resolve()
  private readonly sql: Sql
  private readonly table: Table
  private readonly sealer: Sealer

  constructor(sql: Sql, table: Table, sealer: Sealer) {
    this.sql = sql
    this.table = table
    this.sealer = sealer
  }

  async load(): Promise<this> {
    const rows = await this.sql.all<{ id: string; body: string; secrets: Buffer | null }>(
      `SELECT id, body, secrets FROM ${this.table} ORDER BY id`,
    )
    for (const { id, body, secrets } of rows)
      this.things.set(id, { id, body: JSON.parse(body), secrets: secrets ? this.unseal(secrets, id) : {} })
    return this
  }

  list(): Stored<Body>[] {
    return [...this.things.values()]
  }

  find(id: string): Stored<Body> | undefined {
    return this.things.get(id)
  }

  write(id: string, change: (present: Stored<Body> | undefined) => { body: Body; secrets?: Secrets }): Promise<void> {
    return this.inTurn(async () => {
      const present = this.things.get(id)
      const { body, secrets = present?.secrets ?? {} } = change(present)
      const kept = Object.values(secrets).some(value => value !== undefined)
      const sealed = kept ? this.sealer.seal(JSON.stringify(secrets), this.context(id)) : null
      await this.sql.run(
        `INSERT INTO ${this.table} (id, body, secrets) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, secrets = excluded.secrets`,
        id,
        JSON.stringify(body),
        sealed,
      )
      this.things.set(id, { id, body, secrets })
    })
  }

  remove(id: string): Promise<boolean> {
    return this.inTurn(async () => {
      await this.sql.run(`DELETE FROM ${this.table} WHERE id = ?`, id)
      return this.things.delete(id)
    })
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work)
    this.tail = result.catch(() => {})
    return result
  }

  private unseal(sealed: Buffer, id: string): Secrets {
    return JSON.parse(this.sealer.open(sealed, this.context(id)))
  }

  private context(id: string): string {
    return `${this.table}:${id}`
  }
}
