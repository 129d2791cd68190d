import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode } from '../lib/define-node.ts'
import type { NodeStatus } from '../lib/node-red.d.ts'
import { spec } from './schema.ts'

type CameraState = FlowState['cameras'][number]

const LOOKS: Record<CameraState['status'], NodeStatus> = {
  online: { fill: 'green', shape: 'dot' },
  degraded: { fill: 'yellow', shape: 'dot' },
  frozen: { fill: 'yellow', shape: 'dot' },
  connecting: { fill: 'yellow', shape: 'ring' },
  offline: { fill: 'red', shape: 'dot' },
}

/** A camera that the show may use; it announces itself down its wire. */
export default defineNode(spec, ({ settings, t }) => ({
  announce: round => ({
    round,
    kind: 'source',
    role: settings.role,
    order: settings.order,
    source: { kind: 'camera', camera: settings.camera },
  }),
  status: ({ cameras }) => {
    if (settings.camera === '*') return summary(cameras, t)
    const camera = cameras.find(({ id, name }) => id === settings.camera || name === settings.camera)
    if (!camera) return { fill: 'red', shape: 'ring', text: t('status.unknown', { camera: settings.camera }) }
    const error = camera.error ? ` · ${camera.error.code}` : ''
    return { ...LOOKS[camera.status], text: `${t(`status.${camera.status}`)}${error}` }
  },
}))

function summary(cameras: CameraState[], t: (key: string, values?: Record<string, number>) => string): NodeStatus {
  if (cameras.length === 0) return { fill: 'grey', shape: 'ring', text: t('status.none') }
  const well = cameras.filter(({ status }) => status === 'online').length
  const fill = well === cameras.length ? 'green' : well > 0 ? 'yellow' : 'red'
  return { fill, shape: 'dot', text: t('status.summary', { well, all: cameras.length }) }
}
