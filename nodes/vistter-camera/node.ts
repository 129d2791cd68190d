import type { FlowState } from '../../runtime/contract/flow.ts'
import { defineNode, type NodeContext } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { Changes } from './changes.ts'
import { spec } from './schema.ts'

type CameraState = FlowState['cameras'][number]
type Words = NodeContext<typeof spec>['t']

const LOOKS: Record<CameraState['status'], NodeStatus> = {
  online: { fill: 'green', shape: 'dot' },
  degraded: { fill: 'yellow', shape: 'dot' },
  frozen: { fill: 'yellow', shape: 'dot' },
  connecting: { fill: 'yellow', shape: 'ring' },
  offline: { fill: 'red', shape: 'dot' },
}

/** A camera that the show may use; it announces itself down its wire, and tells what changes of it. */
export default defineNode(spec, ({ settings, t }) => {
  const changes = new Changes()
  let known: CameraState[] = []
  return {
    announce: round => ({
      round,
      kind: 'source',
      role: settings.role,
      order: settings.order,
      source: { kind: 'camera', camera: settings.camera },
    }),
    feed: () => {
      throw misplaced('A wire begins at a camera: no picture can be wired into it.')
    },
    message: async (msg): Promise<NodeMessage> => {
      const take = takeOf(msg.payload)
      if (take) return { ...msg, payload: { take: { ...take, source: named(settings.camera, msg) } } }
      if (msg.payload !== 'state') return msg
      return { ...msg, payload: stateOf(known, settings.camera, msg) }
    },
    news: ({ cameras }): Outgoing[] => {
      known = cameras
      const mine = settings.camera === '*' ? cameras : cameras.filter(camera => isCalled(camera, settings.camera))
      return changes.see(mine).map(told => [null, told])
    },
    status: ({ cameras }) => {
      if (settings.camera === '*') return summary(cameras, t)
      const camera = cameras.find(each => isCalled(each, settings.camera))
      if (!camera) return { fill: 'red', shape: 'ring', text: t('status.unknown', { camera: settings.camera }) }
      return { ...LOOKS[camera.status], text: [t(`status.${camera.status}`), ...details(camera, t)].join(' · ') }
    },
  }
})

const isCalled = ({ id, name }: CameraState, wanted: string): boolean => id === wanted || name === wanted

/** What a take says besides its source; undefined where none is asked for, or one that names its source already. */
function takeOf(payload: unknown): Record<string, unknown> | undefined {
  if (payload === 'take') return {}
  if (!isRecord(payload) || payload.take === undefined) return undefined
  const { take } = payload
  if (take === true) return {}
  if (!isRecord(take)) throw refused('What the message calls a take is none.')
  return take.source === undefined ? take : undefined
}

/** The node's camera; where it stands for whichever is taken, the message must say which one is meant. */
function named(own: string, { camera }: NodeMessage): string {
  if (own !== '*') return own
  const wanted = isRecord(camera) ? camera.id : camera
  if (typeof wanted === 'string' && wanted !== '') return wanted
  throw refused('The message does not say which camera.')
}

const refused = (detail: string): NodeError =>
  new NodeError('BAD_REQUEST', detail, 'Set msg.camera to its id or name, and send "take", {"take": {…}} or "state".')

function stateOf(cameras: CameraState[], own: string, msg: NodeMessage): CameraState | CameraState[] {
  if (own === '*' && msg.camera === undefined) return cameras
  const wanted = named(own, msg)
  const camera = cameras.find(({ id }) => id === wanted) ?? cameras.find(({ name }) => name === wanted)
  if (camera) return camera
  throw new NodeError('UNKNOWN_REFERENCE', `There is no camera ${wanted}.`, 'Name a camera that exists, by id or name.')
}

function details({ error, moving, preset, ptz }: CameraState, t: Words): string[] {
  const [fault] = [error, ptz?.error].flatMap(each => (each ? [each.code] : []))
  const place = moving ? t('status.moving') : preset?.name
  return [...(fault === undefined ? [] : [fault]), ...(place === undefined ? [] : [place])]
}

function summary(cameras: CameraState[], t: Words): NodeStatus {
  if (cameras.length === 0) return { fill: 'grey', shape: 'ring', text: t('status.none') }
  const well = cameras.filter(({ status }) => status === 'online').length
  const fill = well === cameras.length ? 'green' : well > 0 ? 'yellow' : 'red'
  return { fill, shape: 'dot', text: t('status.summary', { well, all: cameras.length }) }
}
