import { VistterError } from '../../contract/errors.ts'
import type { FlowCalls } from '../../contract/flow.ts'
import type { NewEvent } from '../ports.ts'

const SEVERITIES: readonly string[] = ['info', 'warning', 'error']
const LONGEST = 1_000

/** What the flow has to tell: a line of the activity log, and so of Studio. Messages hold whatever a function node put there. */
export function tellings({ severity = 'info', message, details }: FlowCalls['studio.tell']['params']): NewEvent {
  if (typeof message !== 'string' || message === '')
    throw new VistterError('BAD_REQUEST', '/payload/message: must be a text.')
  if (!SEVERITIES.includes(severity))
    throw new VistterError('BAD_REQUEST', `/payload/severity: must be one of ${SEVERITIES.join(', ')}.`)
  return {
    ...{ type: 'flow.told', severity, message: message.slice(0, LONGEST), actor: 'the flow' },
    ...(details && { data: details }),
  }
}
