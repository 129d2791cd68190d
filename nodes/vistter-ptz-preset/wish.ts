import type { FlowCalls, FlowSwing } from '../../runtime/contract/flow.ts'
import { NodeError } from '../lib/node-error.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { isRecord } from '../lib/values.ts'
import type { spec } from './schema.ts'

/** Where the camera shall go: what the form leaves open is taken from the message. */
export function wishOf(settings: SettingsOf<typeof spec>, msg: NodeMessage): FlowCalls['preset.goto']['params'] {
  const camera = settings.camera === '*' ? named(msg.camera, 'camera') : settings.camera
  const preset = settings.preset === '' ? named(msg.preset, 'preset') : settings.preset
  if (preset === undefined) throw refused('The message does not say which preset.')
  const swing = msg.swing === undefined ? swingOf(settings) : swingIn(msg.swing)
  return { preset, ...(camera !== undefined && { camera }), swing }
}

/** As text, or as what a node of ours or the API has told: an object with an id. */
function named(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const name = isRecord(value) ? value.id : value
  if (typeof name === 'string' && name !== '') return name
  throw refused(`msg.${what} is no ${what}.`)
}

const swingOf = ({ swing, cutaway }: SettingsOf<typeof spec>): FlowSwing => (swing === 'cutaway' ? { cutaway } : swing)

function swingIn(value: unknown): FlowSwing {
  if (value === 'show' || value === 'freeze' || value === 'slate') return value
  const cutaway = isRecord(value) ? named(value.cutaway, 'swing') : undefined
  if (cutaway !== undefined) return { cutaway }
  throw refused('msg.swing is none of show, freeze, slate and {"cutaway": camera}.')
}

const refused = (detail: string): NodeError =>
  new NodeError('BAD_REQUEST', detail, 'Set msg.preset (and msg.camera) to an id or a name, or fill in the form.')
