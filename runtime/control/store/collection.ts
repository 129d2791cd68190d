import { isFull } from '../../lib/disk.ts'
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
  | 'presets'
  | 'timelines'
  | 'schedules'
  | 'campaigns'
  | 'asset_files'
  | 'asset_manifest'
  | 'segments'
  | 'segment_queue'
  | 'studio'

/** How soon what found no room on the disk is tried again (ms). */
const TRY_AGAIN = 1_000

/** One table of JSON bodies with their sealed secrets, held in memory: control is its only writer. */
export class Collection<Body> implements Shelf<Body> {
  private readonly things = new Map<string, Stored<Body>>()
  private readonly unsaved = new Set<string>()
  private again: NodeJS.Timeout | undefined
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
      const thing = { id, body, secrets }
      await this.save(thing).catch(error => this.later(id, error))
      this.things.set(id, thing)
    })
  }

  remove(id: string): Promise<boolean> {
    return this.inTurn(async () => {
      await this.erase(id).catch(error => this.later(id, error))
      return this.things.delete(id)
    })
  }

  private async save({ id, body, secrets }: Stored<Body>): Promise<void> {
    const kept = Object.values(secrets).some(value => value !== undefined)
    const sealed = kept ? this.sealer.seal(JSON.stringify(secrets), this.context(id)) : null
    await this.sql.run(
      `INSERT INTO ${this.table} (id, body, secrets) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body, secrets = excluded.secrets`,
      id,
      JSON.stringify(body),
      sealed,
    )
    this.unsaved.delete(id)
  }

  private async erase(id: string): Promise<void> {
    await this.sql.run(`DELETE FROM ${this.table} WHERE id = ?`, id)
    this.unsaved.delete(id)
  }

  /** A full disk must not keep a take from the air: what is in memory counts, and goes to the disk once it has room. */
  private later(id: string, error: unknown): void {
    if (!isFull(error)) throw error
    this.unsaved.add(id)
    this.again ??= setTimeout(() => {
      this.again = undefined
      this.inTurn(() => this.saveRest()).catch(() => {}) // the store was closed meanwhile
    }, TRY_AGAIN)
    this.again.unref()
  }

  private async saveRest(): Promise<void> {
    for (const id of this.unsaved) {
      const thing = this.things.get(id)
      await (thing ? this.save(thing) : this.erase(id)).catch(error => this.later(id, error))
    }
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
