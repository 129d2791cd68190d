import type { VistterError } from '../../contract/errors.ts'
import type { Actor, Recorder, Stored } from '../ports.ts'
import { shownName } from './refusal.ts'
import type { SegmentBody, Source } from './segment.ts'

/** Where a package came from. */
export interface Origin {
  source: Source
  /** What people call the file. */
  name: string
  actor: Actor
}

/** What becomes of packages, for people. */
export class SegmentLog {
  private readonly record: Recorder

  constructor(record: Recorder) {
    this.record = record
  }

  taken(segment: Stored<SegmentBody>, before: Stored<SegmentBody> | undefined, { name, actor }: Origin): void {
    const { body } = segment
    const what = before ? `was replaced (version ${before.body.version} before)` : 'was added'
    const more = body.notes.length > 0 ? ` There is something to know about it: ${body.notes.length}.` : ''
    const message = `The segment ${body.name}, version ${body.version}, ${what} from the package ${shownName(name)}.${more}`
    this.note(before ? 'segment.replaced' : 'segment.added', segment, message, actor.name, {
      notes: body.notes.slice(0, 20),
    })
  }

  rejected({ code, message: why, extra }: VistterError, { name, actor }: Origin): void {
    const message = `The segment package ${shownName(name)} was rejected: ${why}`
    const data = { code, ...(typeof extra.file === 'string' && { file: extra.file }) }
    this.record({ type: 'segment.rejected', severity: 'error', message, actor: actor.name, data })
  }

  note(type: string, { id, body }: Stored<SegmentBody>, message: string, actor: string, more: object = {}): void {
    const data = { segment: id, timeline: body.timeline, ...more }
    this.record({ type, severity: 'info', message, actor, data })
  }
}
