import type { FlowFault, FlowState } from '../../runtime/contract/flow.ts'
import { cueOf, takeUp } from '../lib/cue.ts'
import { defineNode, type NodeContext } from '../lib/define-node.ts'
import { faultOf } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus, Outgoing } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { turned, turns } from './cue.ts'
import { spec } from './schema.ts'
import { wishOf } from './wish.ts'

type Words = NodeContext<typeof spec>['t']

/** How the last message fared; `seen`: the appliance has told since that the camera stands there. */
type Journey =
  | { to: string; is: 'going' }
  | { to: string; is: 'arrived'; ms: number; camera: unknown; preset: unknown; seen: boolean }
  | { to: string; is: 'failed'; why: FlowFault }

/** Moves a camera to a preset. The message goes on when it verifiably stands there, or by the other output with why not. */
export default defineNode(spec, ({ settings, vistter, t, refresh }) => {
  let last: Journey | undefined
  let cameras: FlowState['cameras'] = []
  const note = (journey: Journey) => {
    last = journey
    refresh()
  }
  return {
    message: async (msg): Promise<Outgoing> => {
      const cue = cueOf(msg)
      // Its camera turns when it is time: the cue goes on at once, and the program tells what became of it.
      if (cue)
        return [turns(settings, cameras, msg) ? await takeUp(vistter, turned(settings, msg), cue, 'preset') : msg, null]
      let going: Journey = { to: settings.preset, is: 'going' }
      try {
        const wish = wishOf(settings, msg)
        going = { to: wish.preset, is: 'going' }
        note(going)
        const arrival = await vistter.call('preset.goto', wish)
        // A later message may be on its way by now: it is the one to be shown.
        if (last === going) note(journeyOf(wish.preset, arrival))
        return onward(msg, arrival)
      } catch (thrown) {
        const why = faultOf(thrown)
        if (last === going || going.to === '') note({ to: going.to, is: 'failed', why })
        return onward(msg, { arrived: false, error: why })
      }
    },
    status: state => {
      cameras = state.cameras
      if (last?.is === 'arrived' && standsAt(last, state)) last.seen = true
      return last ? statusOf(last, state, t) : readiness(settings.camera, state, t)
    },
  }
})

function onward(msg: NodeMessage, arrival: Record<string, unknown>): Outgoing {
  const out = { ...msg, arrival }
  return arrival.arrived === true ? [out, null] : [null, out]
}

function journeyOf(wanted: string, { arrived, ms, camera, preset, error }: Record<string, unknown>): Journey {
  const to = isRecord(preset) && typeof preset.name === 'string' ? preset.name : wanted
  if (arrived !== true) return { to, is: 'failed', why: faultOf(error) }
  return { to, is: 'arrived', ms: Number(ms), camera: idIn(camera), preset: idIn(preset), seen: false }
}

const idIn = (thing: unknown): unknown => (isRecord(thing) ? thing.id : undefined)

const standsAt = ({ camera, preset }: Extract<Journey, { is: 'arrived' }>, { cameras }: FlowState): boolean =>
  cameras.some(each => each.id === camera && each.preset?.id === preset)

function statusOf(journey: Journey, state: FlowState, t: Words): NodeStatus {
  const { to: preset } = journey
  switch (journey.is) {
    case 'going':
      return { fill: 'blue', shape: 'dot', text: t('status.going', { preset }) }
    case 'failed':
      return { fill: 'red', shape: 'ring', text: `${journey.why.code}: ${journey.why.detail}`.slice(0, 120) }
    case 'arrived': {
      const seconds = (journey.ms / 1_000).toFixed(1)
      if (!journey.seen || standsAt(journey, state))
        return { fill: 'green', shape: 'dot', text: t('status.arrived', { preset, seconds }) }
      return { fill: 'grey', shape: 'ring', text: t('status.left', { preset }) }
    }
  }
}

/** Before the first message: whether one would find the camera. */
function readiness(wanted: string, { cameras }: FlowState, t: Words): NodeStatus {
  if (wanted === '*') return { fill: 'grey', shape: 'ring', text: t('status.ready') }
  const camera = cameras.find(({ id, name }) => id === wanted || name === wanted)
  if (!camera) return { fill: 'red', shape: 'ring', text: t('status.unknown', { camera: wanted }) }
  if (!camera.ptz) return { fill: 'red', shape: 'ring', text: t('status.fixed', { camera: camera.name }) }
  const away = !camera.ptz.reachable
  if (away) return { fill: 'yellow', shape: 'ring', text: camera.ptz.error?.code ?? t('status.away') }
  return { fill: 'grey', shape: 'ring', text: t('status.ready') }
}
