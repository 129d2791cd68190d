import type { FlowState } from '../../runtime/contract/flow.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'

type Camera = FlowState['cameras'][number]

/**
 * What has changed of cameras since the last look, a message each. What is seen first is no change: a deploy or a restart
 * of the appliance tells nothing.
 */
export class Changes {
  private last: Map<string, Camera> | undefined

  see(cameras: readonly Camera[]): NodeMessage[] {
    const { last } = this
    this.last = new Map(cameras.map(camera => [camera.id, camera]))
    if (!last) return []
    const gone = [...last.values()].filter(({ id }) => !this.last?.has(id)).map(camera => told('removed', camera))
    return [...gone, ...cameras.flatMap(camera => between(last.get(camera.id), camera))]
  }
}

function between(before: Camera | undefined, now: Camera): NodeMessage[] {
  if (!before) return [told('added', now)]
  const topics: string[] = []
  if (now.status !== before.status) topics.push(now.status)
  if (now.moving !== before.moving) topics.push(now.moving ? 'moving' : 'standing')
  if (now.preset && now.preset.id !== before.preset?.id) topics.push('preset')
  return topics.map(topic => told(topic, now, before.status))
}

const told = (topic: string, camera: Camera, before?: Camera['status']): NodeMessage => ({
  topic,
  camera: camera.id,
  payload: { ...camera, ...(before !== undefined && before !== camera.status && { before }) },
})
