import type { SourceRef } from '../../runtime/contract/generated/wiring.v1.ts'
import { defineNode } from '../lib/define-node.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { spec } from './schema.ts'

/** A picture that never fails: the usual last fallback. */
export default defineNode(spec, ({ settings, t }) => ({
  announce: round => ({
    round,
    kind: 'source',
    role: settings.role,
    order: settings.order,
    source: sourceOf(settings),
  }),
  status: ({ programs }) => {
    const onAir = programs.some(({ source }) => source.kind === settings.content)
    const role = t(`status.${settings.role}`)
    return onAir
      ? { fill: 'yellow', shape: 'dot', text: t('status.onAir') }
      : { fill: 'grey', shape: 'dot', text: role }
  },
}))

function sourceOf(settings: SettingsOf<typeof spec>): SourceRef {
  const { content, title, subtitle, image, file, loop, gain, mute, tone } = settings
  if (content === 'clip') return { kind: 'clip', file, loop, ...(gain !== 0 && { gain }), ...(mute && { mute }) }
  if (content === 'bars') return { kind: 'bars', tone }
  return { kind: 'slate', title, subtitle, ...(image ? { image } : {}) }
}
