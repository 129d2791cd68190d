import type { FlowState } from '../../runtime/contract/flow.ts'
import type { NodeStatus } from './node-red.d.ts'

/** How the way to Studio is, as both of its nodes show it. */
export function studioStatus(
  { studio }: FlowState,
  t: (key: string, values?: Record<string, string | number>) => string,
): NodeStatus {
  if (!studio) return { fill: 'grey', shape: 'ring', text: t('shared.noStudio') }
  if (studio.connected) return { fill: 'green', shape: 'dot', text: t('shared.studioThere') }
  return { fill: 'yellow', shape: 'ring', text: t('shared.studioAway', { waiting: studio.waiting }) }
}
