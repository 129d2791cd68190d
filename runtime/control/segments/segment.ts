import type { NewTimeline, Segment } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import type { Stored } from '../ports.ts'
import type { Note } from './package/contents.ts'

/** Where a package came from. */
export type Source = 'upload' | 'media'

/** A segment as it is kept, by its own id. Times in UTC ms. */
export interface SegmentBody {
  version: string | number
  name: string
  duration: number
  /** Of the package. */
  sha256: string
  bytes: number
  source: Source
  signed: boolean
  addedAt: number
  addedBy: string
  /** Its timeline here; what it is made of, in case that was deleted. */
  timeline: string
  score: NewTimeline
  /** Its overlays here. */
  overlays: string[]
  /** Files of its overlays that came with it. */
  files: { id: string; url: string; sha256: string; mediaType: string }[]
  notes: Note[]
}

export const shownSegment = ({ id, body }: Pick<Stored<SegmentBody>, 'id' | 'body'>): Segment => {
  const { addedAt, score, files, ...rest } = body
  return { id, ...rest, cues: score.cues.length, files: files.length, addedAt: rfc3339(addedAt) }
}

/** Versions count in numbers, or in words with numbers in them: 2 before 10, 1.9 before 1.10. */
export const isNewer = (version: string | number, than: string | number): boolean =>
  String(version).localeCompare(String(than), 'en', { numeric: true }) > 0
