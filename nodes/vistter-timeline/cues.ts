import type { FlowState } from '../../runtime/contract/flow.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'

type Timeline = FlowState['timelines'][number]

/** Cues that have begun since the last look, and timelines that have begun or ended, a message each. What is seen first is no news. */
export class Cues {
  private last: Map<string, Timeline> | undefined

  see(timelines: readonly Timeline[]): NodeMessage[] {
    const { last } = this
    this.last = new Map(timelines.map(timeline => [timeline.id, timeline]))
    return last ? timelines.flatMap(timeline => between(last.get(timeline.id), timeline)) : []
  }
}

function between(before: Timeline | undefined, now: Timeline): NodeMessage[] {
  const topics: string[] = []
  const ran = before?.status === 'running'
  if (!ran && now.status === 'running') topics.push('started')
  if (ran && now.status !== 'running') topics.push('stopped')
  // A camera that turns is not on air yet, and is not told again when it is.
  const { cue } = now
  if (cue && !cue.moving && cue.since !== undefined && cue.since !== before?.cue?.since) topics.push('cue')
  return topics.map(topic => ({ topic, timeline: now.id, payload: now }))
}
