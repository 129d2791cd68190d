import type { Actor, NewEvent, Recorder, Shelf } from '../../ports.ts'
import { EMPTY, type Entry, type QueueBody } from './entry.ts'

/** The queue as it is on the disk, and what is told of it. */
export class KeptQueue {
  private readonly shelf: Shelf<QueueBody>
  private readonly record: Recorder

  constructor(shelf: Shelf<QueueBody>, record: Recorder) {
    this.shelf = shelf
    this.record = record
  }

  get body(): QueueBody {
    return this.shelf.find('queue')?.body ?? EMPTY
  }

  change(change: Partial<QueueBody>): Promise<void> {
    return this.write({ ...this.body, ...change })
  }

  write(body: QueueBody): Promise<void> {
    return this.shelf.write('queue', () => ({ body }))
  }

  note(type: string, message: string, actor: Actor, entry?: Entry): void {
    this.tell({ type, severity: 'info', message, actor: actor.name }, entry)
  }

  fail(message: string, entry?: Entry): void {
    this.tell({ type: 'segment.failed', severity: 'error', message }, entry)
  }

  private tell(event: NewEvent, entry: Entry | undefined): void {
    this.record({ ...event, ...(entry && { data: { segment: entry.segment, entry: entry.id } }) })
  }
}
