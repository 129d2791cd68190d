import type { Sql } from '../ports.ts'
import { type Aired, entryOf, type Told } from './aired.ts'
import type { Entry } from './chain.ts'

/** So many are carried over at a time, so that nothing else waits for long. */
const MOST_AT_ONCE = 500

/**
 * What a release before this one has counted, which kept neither circumstances nor a chain: taken out of its table, to be
 * written as rows. `tagsOf`: of content that there still is.
 */
export async function inherited(tx: Sql, tagsOf: (asset: string, sha256: string) => string[]): Promise<Entry[]> {
  const rows = await tx.all<Omit<Told, 'ended' | 'source'> & { ended: number }>(
    `SELECT program, overlay, cue, nullif(asset, '') AS asset, nullif(sha256, '') AS sha256, first_at AS firstAt,
       last_at AS lastAt, frames, ended
     FROM airings ORDER BY first_at, program, overlay, cue, airings.asset, airings.sha256 LIMIT ?`,
    MOST_AT_ONCE,
  )
  await tx.run(
    `DELETE FROM airings WHERE (first_at, program, overlay, cue, asset, sha256) IN
       (SELECT first_at, program, overlay, cue, asset, sha256 FROM airings
        ORDER BY first_at, program, overlay, cue, asset, sha256 LIMIT ?)`,
    MOST_AT_ONCE,
  )
  return rows.map(row => {
    const tags = row.asset !== null && row.sha256 !== null ? tagsOf(row.asset, row.sha256) : []
    const known = { name: null, tags, version: null, inherited: true } as const
    const unknown = { destinations: [], overrides: [], timelines: [], segment: null } satisfies Partial<Aired>
    return entryOf('overlay', { ...row, source: null, ended: row.ended === 1 }, { ...known, ...unknown })
  })
}
