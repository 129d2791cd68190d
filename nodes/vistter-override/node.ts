import type { FlowOverride, FlowState } from '../../runtime/contract/flow.ts'
import { controlText } from '../lib/control-status.ts'
import { defineNode } from '../lib/define-node.ts'
import { NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { isRecord } from '../lib/values.ts'
import { spec } from './schema.ts'

type Settings = SettingsOf<typeof spec>

/** Puts something above shows and takes, with a reason and an end, or ends it. */
export default defineNode(spec, ({ settings, vistter, t }) => ({
  message: async (msg): Promise<NodeMessage> => {
    const wish = wishOf(msg.payload)
    if (wish === undefined) return msg
    const { program } = settings
    if (wish === 'release') return { ...msg, payload: await vistter.call('program.release', { program }) }
    const override = overrideOf(wish, settings, t('defaultReason'), Date.now())
    return { ...msg, payload: await vistter.call('program.override', { program, ...override }) }
  },
  status: state => statusOf(state, settings.program, t),
}))

/** What a message asks for: an override (its members go before the form's), its end, or nothing that concerns this node. */
function wishOf(payload: unknown): Record<string, unknown> | 'release' | undefined {
  if (payload === 'set' || payload === true) return {}
  if (payload === 'release' || payload === false) return 'release'
  return isRecord(payload) && isRecord(payload.override) ? payload.override : undefined
}

function overrideOf(wish: Record<string, unknown>, settings: Settings, why: string, now: number): FlowOverride {
  const kinds: readonly string[] = spec.fields.kind.choices
  const { kind = settings.kind, reason = settings.reason || why, until, minutes } = wish
  if (typeof kind !== 'string' || !kinds.includes(kind)) throw refused(`The kind must be one of ${kinds.join(', ')}.`)
  if (typeof reason !== 'string' || reason === '') throw refused('The reason must be a text.')
  const most = spec.fields.reason.maxLength
  const override = { kind: kind as FlowOverride['kind'], reason: reason.slice(0, most) }
  if (until !== undefined) return { ...override, until: timeOf(until) }
  const lasting = Number(minutes ?? settings.minutes)
  if (!(lasting >= 0 && lasting <= spec.fields.minutes.max))
    throw refused('The minutes must be a number, at most a week.')
  return lasting > 0 ? { ...override, until: new Date(now + lasting * 60_000).toISOString() } : override
}

/** RFC 3339 or milliseconds, as messages have them. */
function timeOf(until: unknown): string {
  const time = new Date(typeof until === 'number' ? until : String(until))
  if (Number.isNaN(time.getTime())) throw refused(`"${until}" is not a time.`)
  return time.toISOString()
}

const refused = (detail: string): NodeError =>
  new NodeError(
    'BAD_REQUEST',
    detail,
    'Send {"override": {"kind", "reason", "minutes" or "until"}}, "set" or "release".',
  )

function statusOf(state: FlowState, id: string, t: (key: string) => string): NodeStatus {
  if (!state.engine) return { fill: 'yellow', shape: 'ring', text: t('shared.engineAway') }
  const program = state.programs.find(each => each.id === id)
  if (!program) return { fill: 'grey', shape: 'ring', text: t('status.noProgram') }
  const { override, control } = program
  const who = control && controlText(control, t)
  if (!override) return { fill: 'grey', shape: 'ring', text: [t('status.none'), who].filter(Boolean).join(' · ') }
  const text = `${t(`status.${override.kind}`)} · ${who ?? override.actor}: ${override.reason}`
  return { fill: 'red', shape: 'dot', text: text.slice(0, 80) }
}
