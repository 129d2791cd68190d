import { DatabaseSync } from 'node:sqlite'

export interface Acked {
  status: string
  at: string
  sequence?: string
  [more: string]: unknown
}

export interface SentCommand {
  id: string
  appliance: string
  type: string
  data: Record<string, unknown>
  time: string
  expiresat?: string
  /** In the order in which the appliance said them. */
  acks: Acked[]
}

export interface KnownAppliance {
  id: string
  serial: string
  model: string
  software: string
  pairedAt: string
  revoked: boolean
}

type Message = Record<string, unknown>

const FINAL = ['done', 'failed', 'rejected', 'expired']
/** Messages of one kind that are kept of one appliance. */
const KEPT = { telemetry: 360, event: 5_000, ack: 20_000 }
const TABLES = `
  CREATE TABLE IF NOT EXISTS appliances (id TEXT PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS commands (seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, appliance TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS commands_of ON commands (appliance, seq);
  CREATE TABLE IF NOT EXISTS told (seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, appliance TEXT NOT NULL, topic TEXT NOT NULL,
    type TEXT NOT NULL, about TEXT, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS told_of ON told (appliance, topic, type, seq);
  CREATE INDEX IF NOT EXISTS told_about ON told (about);
  CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`

/** What a Studio remembers: its appliances, what it sent, and what it was told. A message that comes twice is there once. */
export class Ledger {
  private readonly sql: DatabaseSync

  /** Without a file it is forgotten with the process. */
  constructor(file = ':memory:') {
    this.sql = new DatabaseSync(file)
    this.sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    this.sql.exec(TABLES)
  }

  note(name: string, make: () => string): string {
    const kept = this.sql.prepare('SELECT value FROM notes WHERE name = ?').get(name)?.value
    if (typeof kept === 'string') return kept
    const value = make()
    this.sql.prepare('INSERT INTO notes VALUES (?, ?)').run(name, value)
    return value
  }

  keep(appliance: KnownAppliance): void {
    this.sql
      .prepare('INSERT INTO appliances VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body')
      .run(appliance.id, JSON.stringify(appliance))
  }

  appliances(): KnownAppliance[] {
    return bodies<KnownAppliance>(this.sql.prepare('SELECT body FROM appliances ORDER BY id').all())
  }

  sent(appliance: string, { id, type, data, time, expiresat }: Message): void {
    const body = JSON.stringify({ id, appliance, type, data, time, ...(expiresat !== undefined && { expiresat }) })
    this.sql
      .prepare('INSERT OR IGNORE INTO commands (id, appliance, body) VALUES (?, ?, ?)')
      .run(String(id), appliance, body)
  }

  /** Answers false where it was heard before, or is nothing that can be kept. */
  heard(appliance: string, topic: string, message: Message): boolean {
    const { id, type, data } = message
    if (typeof id !== 'string' || typeof type !== 'string' || typeof data !== 'object' || !data) return false
    const about = topic === 'ack' ? String((data as Message).command ?? '') : null
    const { changes } = this.sql
      .prepare('INSERT OR IGNORE INTO told (id, appliance, topic, type, about, body) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, appliance, topic, type, about, JSON.stringify(message))
    const most = KEPT[topic as keyof typeof KEPT]
    if (changes > 0 && most !== undefined && Math.random() < 0.02) this.thin(appliance, topic, most)
    return changes > 0
  }

  /** Newest first. */
  told(appliance: string, topic: string, type: string, most: number): Message[] {
    return bodies(
      this.sql
        .prepare(
          "SELECT body FROM told WHERE appliance = ? AND topic = ? AND type GLOB ? ORDER BY json_extract(body, '$.time') DESC, seq DESC LIMIT ?",
        )
        .all(appliance, topic, type, most),
    )
  }

  /** Of all appliances, in the order in which it came. */
  heardOn(topic: string): Message[] {
    return bodies(this.sql.prepare('SELECT body FROM told WHERE topic = ? ORDER BY seq').all(topic))
  }

  command(id: string): SentCommand | undefined {
    const [found] = bodies<SentCommand>(this.sql.prepare('SELECT body FROM commands WHERE id = ?').all(id))
    return found && { ...found, acks: this.acks(id) }
  }

  /** Newest first. */
  commands(appliance: string, most: number): SentCommand[] {
    const all = bodies<SentCommand>(
      this.sql.prepare('SELECT body FROM commands WHERE appliance = ? ORDER BY seq DESC LIMIT ?').all(appliance, most),
    )
    return all.map(command => ({ ...command, acks: this.acks(command.id) }))
  }

  /** Commands that were sent and have neither a last word nor run out: a broker that lost its memory is told them again. */
  open(now: number): SentCommand[] {
    const all = bodies<SentCommand>(this.sql.prepare('SELECT body FROM commands ORDER BY seq').all())
    const ends = ({ time, expiresat }: SentCommand) => (expiresat ? Date.parse(expiresat) : Date.parse(time) + 60_000)
    return all
      .filter(command => ends(command) > now)
      .filter(({ id }) => !this.acks(id).some(({ status }) => FINAL.includes(status)))
  }

  close(): void {
    this.sql.close()
  }

  acks(command: string): Acked[] {
    const all = bodies<{ data: Acked; sequence?: string }>(
      this.sql
        .prepare(
          "SELECT body FROM told WHERE about = ? AND topic = 'ack' ORDER BY json_extract(body, '$.sequence'), seq",
        )
        .all(command),
    )
    return all.map(({ data, sequence }) => ({ ...data, ...(sequence !== undefined && { sequence }) }))
  }

  private thin(appliance: string, topic: string, most: number): void {
    this.sql
      .prepare(
        `DELETE FROM told WHERE appliance = ?1 AND topic = ?2 AND type NOT IN ('vistter.proof', 'vistter.capabilities')
           AND seq <= (SELECT seq FROM told WHERE appliance = ?1 AND topic = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3)`,
      )
      .run(appliance, topic, most)
  }
}

const bodies = <T = Message>(rows: Record<string, unknown>[]): T[] =>
  rows.map(({ body }) => JSON.parse(String(body)) as T)
