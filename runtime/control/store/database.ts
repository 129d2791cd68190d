import sqlite3 from 'sqlite3'
import type { Sql, SqlValue } from '../ports.ts'

/** The one home of sqlite3: its callbacks as promises, and a mailbox so that a transaction has the connection to itself. */
export class Database implements Sql {
  private tail: Promise<unknown> = Promise.resolve()
  private readonly connection: sqlite3.Database

  private constructor(connection: sqlite3.Database) {
    this.connection = connection
  }

  /** Opens (and makes) the file in write-ahead mode: readers never wait, and a power cut costs at most the last moment. */
  static open(file: string): Promise<Database> {
    const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;'
    return Database.connect(file, sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE, pragmas)
  }

  /** Beside the one that writes: a report that takes seconds here keeps no take waiting there. */
  static reader(file: string): Promise<Database> {
    return Database.connect(file, sqlite3.OPEN_READONLY, '')
  }

  private static async connect(file: string, mode: number, pragmas: string): Promise<Database> {
    const connection = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opening = new sqlite3.Database(file, mode, error => (error ? reject(error) : resolve(opening)))
    })
    const database = new Database(connection)
    try {
      await database.script(`${pragmas} PRAGMA busy_timeout = 5000;`)
    } catch (error) {
      await database.close()
      throw error
    }
    return database
  }

  all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.queue(() => this.direct.all<Row>(sql, ...values))
  }

  get<Row>(sql: string, ...values: SqlValue[]): Promise<Row | undefined> {
    return this.queue(() => this.direct.get<Row>(sql, ...values))
  }

  run(sql: string, ...values: SqlValue[]): Promise<{ changes: number }> {
    return this.queue(() => this.direct.run(sql, ...values))
  }

  /** Several statements without values, one after another. */
  script(sql: string): Promise<void> {
    return this.queue(() => this.execute(sql))
  }

  transaction<T>(work: (sql: Sql) => Promise<T>, kept?: 'durable'): Promise<T> {
    if (kept !== 'durable') return this.queue(() => this.together(work))
    return this.queue(async () => {
      await this.execute('PRAGMA synchronous = FULL')
      try {
        return await this.together(work)
      } finally {
        await this.execute('PRAGMA synchronous = NORMAL')
      }
    })
  }

  private async together<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    await this.execute('BEGIN IMMEDIATE')
    try {
      const result = await work(this.direct)
      await this.execute('COMMIT')
      return result
    } catch (error) {
      // SQLite rolls back by itself where there is no room; what went wrong first is what counts.
      await this.execute('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    await this.queue(
      () => new Promise<void>((resolve, reject) => this.connection.close(error => (error ? reject(error) : resolve()))),
    )
  }

  private queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work)
    this.tail = result.catch(() => {})
    return result
  }

  private execute(sql: string): Promise<void> {
    return new Promise((resolve, reject) => this.connection.exec(sql, error => (error ? reject(error) : resolve())))
  }

  /** Without the mailbox: for whoever holds it. */
  private readonly direct: Sql = {
    all: <Row>(sql: string, ...values: SqlValue[]) =>
      new Promise<Row[]>((resolve, reject) =>
        this.connection.all<Row>(sql, values, (error, rows) => (error ? reject(error) : resolve(rows))),
      ),
    get: <Row>(sql: string, ...values: SqlValue[]) =>
      new Promise<Row | undefined>((resolve, reject) =>
        this.connection.get<Row>(sql, values, (error, row) => (error ? reject(error) : resolve(row))),
      ),
    run: (sql, ...values) =>
      new Promise((resolve, reject) =>
        this.connection.run(sql, values, function (error) {
          if (error) reject(error)
          else resolve({ changes: this.changes })
        }),
      ),
    transaction: work => work(this.direct),
  }
}
