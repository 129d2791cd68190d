import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VistterError } from '../../../contract/errors.ts'
import { type Clock, rfc3339 } from '../../../lib/clock.ts'
import { pieceNames } from '../pieces.ts'
import { type Content, fileContent, textContent } from './content.ts'
import type { Finished } from './finished.ts'
import { type Ledger, MANIFEST, type Receipt } from './ledger.ts'
import type { Sender } from './sender.ts'

/** A piece that was touched within this time (ms) may still be written to: by an engine that has not heard of the end. */
const QUIET = 3_000

interface Deps {
  clock: Clock
  ledger: Ledger
  sender: Sender
  /** A file was acknowledged. */
  progress(): void
}

/**
 * Sends what the other side has not acknowledged yet: the pieces in their order, then a description of the whole. Answers
 * whether all of it is there; false where the recording still changes. Throws what stands in the way.
 */
export async function sendRecording(
  recording: Finished,
  { clock, ledger, sender, progress }: Deps,
  signal: AbortSignal,
): Promise<boolean> {
  const { id, folder } = recording
  const names = await pieceNames(folder)
  const there = new Set((await ledger.receipts(id)).map(({ file }) => file))
  refuseMissing(recording, new Set([...names, ...there]).size)
  if (!(await isQuiet(join(folder, names.at(-1) ?? ''), clock.now()))) return false
  const deliver = async (file: string, content: Content) => {
    await sender.send(id, file, content, signal)
    if (!(await content.unchanged())) return false
    await ledger.add(id, { file, bytes: content.size, sha256: content.sha256 }, clock.now())
    progress()
    return true
  }
  for (const file of names) {
    if (signal.aborted) return false
    if (!there.has(file) && !(await deliver(file, await fileContent(join(folder, file))))) return false
  }
  return deliver(MANIFEST, textContent(manifest(recording, await ledger.receipts(id))))
}

/** A folder that lost pieces, or whose disk is not mounted, must never pass for the recording: what is whole there may go here. */
function refuseMissing({ folder, pieces }: Finished, found: number): void {
  if (found < pieces)
    throw new VistterError('UPLOAD_FILE', `${folder} has only ${found} of the ${pieces} pieces that were recorded.`)
}

async function isQuiet(piece: string, now: number): Promise<boolean> {
  const touched = await stat(piece).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  return Math.abs(now - touched) > QUIET
}

/** What the pieces are, for whoever finds them there. */
function manifest({ id, name, program, startedAt, endedAt }: Finished, pieces: Receipt[]): string {
  const times = { startedAt: rfc3339(startedAt), endedAt: rfc3339(endedAt) }
  return `${JSON.stringify({ id, name, program, ...times, pieces }, undefined, 2)}\n`
}
