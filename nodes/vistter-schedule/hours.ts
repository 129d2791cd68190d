import type { FlowState } from '../../runtime/contract/flow.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'

export type Hours = NonNullable<FlowState['schedules']>[number]

/** Schedules whose hours have begun or ended since the last look, a message each. What is seen first is no news. */
export class Openings {
  private last: Map<string, Hours> | undefined

  see(schedules: readonly Hours[]): NodeMessage[] {
    const { last } = this
    this.last = new Map(schedules.map(schedule => [schedule.id, schedule]))
    if (!last) return []
    const gone = [...last.values()].filter(({ id, open }) => open && !this.last?.has(id))
    const closed = gone.map(schedule => ({ ...schedule, open: false }))
    return [...schedules, ...closed].flatMap(schedule => {
      const before = last.get(schedule.id)?.open ?? false
      if (before === schedule.open) return []
      return { topic: schedule.open ? 'opened' : 'closed', timeline: schedule.timeline.id, payload: schedule }
    })
  }
}
