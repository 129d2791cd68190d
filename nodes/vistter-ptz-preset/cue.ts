import type { FlowState } from '../../runtime/contract/flow.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { isRecord } from '../lib/values.ts'
import type { spec } from './schema.ts'

type Settings = SettingsOf<typeof spec>

/** Whether a cue turns the camera that this node stands for. */
export function turns({ camera }: Settings, cameras: FlowState['cameras'], { payload }: NodeMessage): boolean {
  if (!isRecord(payload) || payload.preset === undefined) return false
  const own = cameras.find(({ id, name }) => id === camera || name === camera)
  return camera === '*' || payload.camera === camera || payload.camera === own?.id || payload.camera === own?.name
}

/** The cue with the preset of the form, where that names one. */
export function turned({ preset }: Settings, msg: NodeMessage): NodeMessage {
  return preset === '' || !isRecord(msg.payload) ? msg : { ...msg, payload: { ...msg.payload, preset } }
}
