import type { FlowState } from '../../runtime/contract/flow-state.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'

type Queue = NonNullable<FlowState['queue']>
type Playing = NonNullable<Queue['playing']>

/** What has begun or ended in the queue since the last look. What is seen first is no news. */
export class QueueNews {
  private last: Queue | undefined
  /** Empty: every segment. */
  private readonly segment: string

  constructor(segment: string) {
    this.segment = segment
  }

  see(queue: Queue): NodeMessage[] {
    const { last } = this
    this.last = queue
    const { playing } = queue
    if (!last || last.playing?.id === playing?.id) return []
    if (playing)
      return this.concerns(playing) ? [{ topic: playing.problem ? 'problem' : 'playing', payload: playing }] : []
    return last.playing && this.concerns(last.playing) ? [{ topic: 'ended', payload: last.playing }] : []
  }

  private concerns({ segment, name }: Playing): boolean {
    return this.segment === '' || this.segment === segment || this.segment === name
  }
}
