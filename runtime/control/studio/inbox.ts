import type { Ack, AckStatus, Command } from '../../contract/generated/studio.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { Sql } from '../ports.ts'
import { laneOf } from './commands.ts'
import { type Arrived, FINAL, insert } from './inbox-rows.ts'
import { type Incoming, type Refusal, read, refusal } from './intake.ts'
import type { Outbox } from './outbox.ts'
import { Together } from './together.ts'

/** A command that is kept and has no final status yet. Times in UTC ms of Studio's clock. */
export interface Kept {
  id: string
  lane: string
  command: Command
  expiresAt: number
  /** UTC ms by this box's clock: it was begun before this process, and whether it took effect is not known. */
  begunAt?: number
}

/** What is said about a command, but for its id and the moment. */
export type Word = Omit<Ack['data'], 'command' | 'at'>

/** Why something that came in was not taken. */
export type Counted = 'junk' | 'refused' | 'expired' | 'replayed'

type Beat = Extract<Command, { type: 'vistter.command.heartbeat' }>

interface Deps {
  sql: Sql
  /** Studio's time, as well as it is known. */
  clock: { now(): number; here(studio: number): number }
  outbox: Pick<Outbox, 'put' | 'kept'>
  count(what: Counted, why: string): void
  /** A command is on disk and waits. */
  waits(kept: Kept): void
  /** A heartbeat came in; called before its ack leaves. Answers what it measured. */
  beat(id: string, data: Beat['data']): Record<string, number>
  /** Commands without a final status. */
  mostOpen?: number
  kept?: number
}

interface Row {
  id: string
  lane: string
  body: string
  expires_at: number
  begun_at: number | null
}

/** What came and is not on the disk yet. A heartbeat has no row. */
interface Entry {
  row?: Arrived
  acks: Ack['data'][]
  isNew(): void
}

const MOST_OPEN = 10_000
/** With what was said about them, for people to look at; and what they are known by when they come again. */
const KEPT = 10_000
const PRUNE_EVERY = 500
/** How far ahead of Studio's clock a command may claim to be. */
const MOST_AHEAD = 5 * 60_000
const BEATS_KNOWN = 64
/** What is longer is not kept longer than it is needed (characters): ten thousand commands may stand here. */
const LONG = 20_000
/** Written down together at the most. */
const GROUP = 200

const ACK = 'vistter.ack'

/**
 * Commands of Studio, each on the disk together with its first ack before the broker is told that it arrived. An id acts
 * once: what comes again is counted and nothing else.
 */
export class Inbox {
  private open = 0
  private written = 0
  private beats: string[] = []
  private readonly writing = new Together<Entry>(entries => this.together(entries), GROUP)
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Before anything arrives. Answers what an earlier life left without a final status, in the order in which it came. */
  async load(): Promise<Kept[]> {
    const rows = await this.deps.sql.all<Row>(
      'SELECT id, lane, body, expires_at, begun_at FROM studio_inbox WHERE final = 0 ORDER BY seq',
    )
    this.open = rows.length
    return rows.map(({ id, lane, body, expires_at, begun_at }) => ({
      ...{ id, lane, command: JSON.parse(body) as Command, expiresAt: expires_at },
      ...(begun_at !== null && { begunAt: begun_at }),
    }))
  }

  /** How many have no final status. */
  get waiting(): number {
    return this.open
  }

  /** Something came on the topic `command`. Resolves when it is on the disk: only then may the broker forget it. */
  async arrive(payload: Buffer): Promise<void> {
    const found = read(payload)
    if (found.kind === 'junk') return this.deps.count('junk', found.why)
    if (found.kind === 'refused') return this.refuse(found.id, found.type, payload, found.refusal)
    const { incoming } = found
    if (incoming.command.type === 'vistter.command.heartbeat') return this.beat(incoming.id, incoming.command)
    const why = this.objection(incoming)
    if (why?.code === 'COMMAND_EXPIRED') return this.expire(incoming, why)
    return why ? this.refuse(incoming.id, incoming.command.type, payload, why) : this.keep(incoming)
  }

  /** Says how far a command is. Answers false, and says nothing, when it has its final word already. */
  async say(id: string, word: Word): Promise<boolean> {
    const final = FINAL.includes(word.status)
    const ack = this.ack(id, word)
    const said = await this.deps.sql.transaction(async sql => {
      const { changes } = await sql.run(
        `UPDATE studio_inbox SET status = ?1, final = ?2, acks = json_insert(acks, '$[#]', json(?3)),
           begun_at = coalesce(begun_at, ?4), body = iif(?2 AND length(body) > ?5, '{}', body) WHERE id = ?6 AND final = 0`,
        ...[word.status, final ? 1 : 0, JSON.stringify(ack), word.status === 'running' ? this.here() : null, LONG, id],
      )
      if (changes > 0) await this.deps.outbox.put(sql, 'ack', [this.telling(ack)])
      return changes > 0
    })
    if (said && final) this.open--
    if (said) this.deps.outbox.kept()
    return said
  }

  /** Whoever sent what is not over yet is nobody to this box any more, and hears nothing of it. */
  async drop(): Promise<void> {
    const why = refusal('STUDIO_NOT_PAIRED', 'The box was unpaired before.')
    const status: AckStatus = 'expired'
    await this.deps.sql.run(
      `UPDATE studio_inbox SET status = ?1, final = 1, acks = json_insert(acks, '$[#]', json(json_patch(?2, json_object('command', id))))
       WHERE final = 0`,
      ...[status, JSON.stringify(this.ack('', { status, ...why }))],
    )
    this.open = 0
  }

  private objection({ time, expiresAt }: Incoming): Refusal | undefined {
    const now = this.deps.clock.now()
    if (time - now > MOST_AHEAD)
      return refusal('COMMAND_CLOCK', `It was sent ${Math.round((time - now) / 60_000)} minutes from now.`, {
        path: '/time',
      })
    if (expiresAt <= now) return refusal('COMMAND_EXPIRED', `It was good until ${rfc3339(expiresAt)}.`)
    if (this.open + this.writing.size >= (this.deps.mostOpen ?? MOST_OPEN))
      return refusal('COMMAND_QUEUE_FULL', `${this.open} commands wait already.`)
    return undefined
  }

  private keep({ id, source, command, time, expiresAt }: Incoming): Promise<void> {
    const lane = laneOf(id, command.type, command.data as never)
    const { type, data } = command
    const row = { id, type, lane, body: JSON.stringify({ type, data }), source, time, expiresAt }
    return this.write(row, { status: 'received' }, () => {
      this.open++
      this.deps.waits({ id, lane, command: { type, data } as Command, expiresAt })
    })
  }

  private here(): number {
    const { clock } = this.deps
    return Math.round(clock.here(clock.now()))
  }

  private expire({ id, source, command, time, expiresAt }: Incoming, why: Refusal): Promise<void> {
    const row = { id, type: command.type, lane: '', body: '{}', source, time, expiresAt }
    return this.write(row, { status: 'expired', ...why }, () => this.deps.count('expired', why.message))
  }

  private refuse(id: string, type: string, payload: Buffer, why: Refusal): Promise<void> {
    const now = this.deps.clock.now()
    const body = JSON.stringify({ refused: payload.toString('utf8', 0, 2_000) })
    const row = { id, type, lane: '', body, source: '', time: now, expiresAt: now }
    return this.write(row, { status: 'rejected', ...why }, () => this.deps.count('refused', why.message))
  }

  /** `isNew` is called once it is on the disk, unless the id was seen before. */
  private write(row: Arrived, word: Word, isNew: () => void): Promise<void> {
    return this.writing.add({ row, acks: [this.ack(row.id, word)], isNew })
  }

  /** Not kept: the next one replaces it, and nothing hangs on one that is lost. */
  private async beat(id: string, { data }: Beat): Promise<void> {
    if (this.beats.includes(id)) return this.deps.count('replayed', `A heartbeat ${id} came again.`)
    this.beats = [...this.beats.slice(1 - BEATS_KNOWN), id]
    const metrics = this.deps.beat(id, data)
    const words = [{ status: 'received' }, { status: 'done', metrics }] as const
    await this.writing.add({ acks: words.map(word => this.ack(id, word)), isNew: () => {} })
  }

  /** All of them or none. */
  private async together(entries: readonly Entry[]): Promise<void> {
    const { sql, outbox, clock, count } = this.deps
    const { fresh, last } = await sql.transaction(async inside => {
      const isNew = await insert(inside, entries, clock.now())
      const told = entries.filter(isNew)
      const acks = told.flatMap(({ acks }) => acks.map(ack => this.telling(ack)))
      return { fresh: new Set(told), last: await outbox.put(inside, 'ack', acks) }
    }, 'durable')
    for (const entry of entries) {
      if (fresh.has(entry)) entry.isNew()
      else if (entry.row) count('replayed', `${entry.row.type} ${entry.row.id} came again.`)
    }
    if (fresh.size > 0) outbox.kept(last)
    const before = this.written
    this.written += fresh.size
    if (Math.floor(before / PRUNE_EVERY) !== Math.floor(this.written / PRUNE_EVERY)) await this.prune()
  }

  private async prune(): Promise<void> {
    await this.deps.sql.run(
      `DELETE FROM studio_inbox WHERE final = 1 AND expires_at < ?
         AND seq <= (SELECT seq FROM studio_inbox ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
      this.deps.clock.now(),
      this.deps.kept ?? KEPT,
    )
  }

  private ack(command: string, word: Word): Ack['data'] {
    return { command, ...word, at: rfc3339(this.deps.clock.now()) }
  }

  private telling(data: Ack['data']) {
    return { type: ACK, time: Date.parse(data.at), data }
  }
}
