import type { Sql } from '../../ports.ts'

/** A file that the other side has acknowledged. */
export interface Receipt {
  file: string
  bytes: number
  /** Hex. */
  sha256: string
}

/** The last file of a recording to be sent: with it the recording is there as a whole. */
export const MANIFEST = 'recording.json'

/**
 * What was acknowledged, on the disk before anything else is sent: it is never sent to the same place again, whatever dies.
 * Only the present place counts: what another one has is no reason to delete anything here, or not to send it.
 */
export class Ledger {
  private target = ''
  private counts = new Map<string, number>()
  private whole = new Set<string>()
  private readonly sql: Sql

  constructor(sql: Sql) {
    this.sql = sql
  }

  /** From now on this is the place (its URL). Recordings that are not among the `known` are forgotten. */
  async open(target: string, known: ReadonlySet<string>): Promise<void> {
    const rows = await this.sql.all<{ recording: string; pieces: number; whole: number }>(
      `SELECT recording, sum(target = ? AND file <> ?) AS pieces, sum(target = ? AND file = ?) AS whole
       FROM uploads GROUP BY recording`,
      ...[target, MANIFEST, target, MANIFEST],
    )
    this.target = target
    this.counts = new Map(rows.map(({ recording, pieces }) => [recording, pieces]))
    this.whole = new Set(rows.flatMap(({ recording, whole }) => (whole > 0 ? [recording] : [])))
    for (const { recording } of rows) if (!known.has(recording)) await this.forget(recording)
  }

  /** How many pieces of it are at the present place. */
  count(recording: string): number {
    return this.counts.get(recording) ?? 0
  }

  isWhole(recording: string): boolean {
    return this.whole.has(recording)
  }

  receipts(recording: string): Promise<Receipt[]> {
    return this.sql.all<Receipt>(
      'SELECT file, bytes, sha256 FROM uploads WHERE recording = ? AND target = ? AND file <> ? ORDER BY file',
      ...[recording, this.target, MANIFEST],
    )
  }

  async add(recording: string, { file, bytes, sha256 }: Receipt, now: number): Promise<void> {
    await this.sql.run(
      'INSERT OR REPLACE INTO uploads (recording, file, target, bytes, sha256, sent_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[recording, file, this.target, bytes, sha256, now],
    )
    if (file === MANIFEST) this.whole.add(recording)
    else this.counts.set(recording, this.count(recording) + 1)
  }

  async forget(recording: string): Promise<void> {
    this.counts.delete(recording)
    this.whole.delete(recording)
    await this.sql.run('DELETE FROM uploads WHERE recording = ?', recording)
  }
}
