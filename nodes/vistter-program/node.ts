import type { Feed, FlowCalls, FlowState, FlowSwing, FlowTransition } from '../../runtime/contract/flow.ts'
import type { WiredPicture, WiredSound } from '../../runtime/contract/generated/wiring.v1.ts'
import { controlText } from '../lib/control-status.ts'
import { cueOf, takeUp } from '../lib/cue.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced, NodeError } from '../lib/node-error.ts'
import type { NodeMessage, NodeStatus } from '../lib/node-red.d.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { isRecord } from '../lib/values.ts'
import { spec } from './schema.ts'

/** The program: the sources wired to it are what it may show, and it announces its own picture. */
export default defineNode(spec, ({ settings, vistter, t }) => ({
  announce: (round): Feed => {
    const { program } = settings
    const [picture, sound] = [pictureOf(settings), soundOf(settings)]
    vistter.declare({ round, kind: 'program', program, ...(picture && { picture }), ...(sound && { sound }) })
    return { round, kind: 'program', program, overlays: [], profile: 'destination' }
  },
  feed: feed => {
    const { round } = feed
    const { program } = settings
    if (feed.kind === 'program') throw misplaced('A program cannot be wired into another program.')
    if (feed.kind === 'source') vistter.declare({ round, kind: 'source', program, feed })
    else vistter.declare({ round, kind: 'timeline', program, timeline: feed.timeline })
    return undefined
  },
  message: async (msg): Promise<NodeMessage> => {
    const { program } = settings
    const cue = cueOf(msg)
    if (cue) return cue.program === program ? takeUp(vistter, msg, cue, 'program') : msg
    const take = takeOf(msg.payload)
    if (take) return { ...msg, payload: await vistter.call('program.take', { program, ...take }) }
    const sound = isRecord(msg.payload) ? msg.payload.sound : undefined
    // Control checks it against the API's own schema.
    return isRecord(sound) ? { ...msg, payload: await vistter.call('program.sound', { program, sound }) } : msg
  },
  status: state => statusOf(state, settings.program, t),
}))

/** What differs from the appliance's settings; undefined when nothing does, so that the shipped flow says nothing. */
function pictureOf({ width, height, fps, fit, focusX }: SettingsOf<typeof spec>): WiredPicture | undefined {
  const picture: WiredPicture = {
    ...(width > 0 && { width }),
    ...(height > 0 && { height }),
    ...(fps > 0 && { fps }),
    ...(fit === 'crop' && { fit, focusX }),
  }
  return Object.keys(picture).length > 0 ? picture : undefined
}

/** Likewise. */
function soundOf(settings: SettingsOf<typeof spec>): WiredSound | undefined {
  const { bed, bedGain: gain, bedMute: mute, bedDucking: ducking, loudness } = settings
  const sound: WiredSound = {
    ...(bed && { bed: { asset: bed, gain, mute, ducking } }),
    ...(loudness !== 0 && { loudness }),
  }
  return Object.keys(sound).length > 0 ? sound : undefined
}

function takeOf(payload: unknown): Omit<FlowCalls['program.take']['params'], 'program'> | undefined {
  if (!isRecord(payload) || payload.take === undefined) return undefined
  const { take } = payload
  if (!isRecord(take) || typeof take.source !== 'string') {
    throw new NodeError('BAD_REQUEST', 'A take needs a source.', 'Send {"take": {"source": "a camera or slate"}}.')
  }
  const { source, preset, swing, transition } = take
  // Control checks them against the API's own schema; here they only travel.
  return {
    source,
    ...(preset !== undefined && { preset: preset as string }),
    ...(swing !== undefined && { swing: swing as FlowSwing }),
    ...(isRecord(transition) && { transition: transition as unknown as FlowTransition }),
  }
}

function statusOf(state: FlowState, id: string, t: (key: string) => string): NodeStatus {
  if (!state.engine) return { fill: 'yellow', shape: 'ring', text: t('shared.engineAway') }
  const program = state.programs.find(each => each.id === id)
  if (!program) return { fill: 'grey', shape: 'ring', text: t('status.idle') }
  const { source, fallback, control } = program
  // A show in its course keeps nobody away.
  const who = control && control.rank !== 'schedule' && controlText(control, t)
  const text = [source.name, fallback && t('status.fallback'), who].filter(Boolean).join(' · ')
  return { fill: fallback ? 'yellow' : 'green', shape: 'dot', text }
}
