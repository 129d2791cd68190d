import type { FlowState } from '../../runtime/contract/flow.ts'
import type { WiredProfile } from '../../runtime/contract/generated/wiring.v1.ts'
import { defineNode } from '../lib/define-node.ts'
import { misplaced } from '../lib/node-error.ts'
import type { NodeStatus } from '../lib/node-red.d.ts'
import type { SettingsOf } from '../lib/spec.ts'
import { spec } from './schema.ts'

/** Says how the picture is encoded for the destinations behind it. */
export default defineNode(spec, ({ settings, t }) => {
  const profile = profileOf(settings)
  let program: string | undefined
  return {
    feed: feed => {
      if (feed.kind !== 'program') throw misplaced('An encoder belongs after a program.')
      program = feed.program
      return { ...feed, profile }
    },
    status: state => {
      const words = profile === 'destination' ? t('status.destination') : sizeOf(profile)
      return statusOf(state, program, words)
    },
  }
})

function profileOf(settings: SettingsOf<typeof spec>): 'destination' | WiredProfile {
  const { profile, width, height, fps, videoBitrate, audioBitrate, keyframeInterval } = settings
  if (profile === 'destination') return 'destination'
  const { preset, h264Profile, level } = settings
  const floor = floorOf(settings)
  return {
    ...{ width, height, fps, videoBitrate, audioBitrate, keyframeInterval },
    // What is the default anyway is left out, so that equal wishes are equal profiles.
    ...(preset !== 'auto' && { preset }),
    ...(h264Profile !== 'high' && { h264Profile }),
    ...(level !== 'auto' && { level }),
    ...(floor !== undefined && { autoBitrateFloor: floor }),
  }
}

/** How far down the bitrate may go, kbit/s: 0 is not at all, undefined as each destination says. */
function floorOf({ autoBitrate, autoBitrateFloor, videoBitrate }: SettingsOf<typeof spec>): number | undefined {
  if (autoBitrate === 'destination') return undefined
  if (autoBitrate === 'off') return 0
  return autoBitrateFloor || Math.max(100, Math.round(videoBitrate / 4))
}

const sizeOf = ({ height, fps, videoBitrate }: WiredProfile): string =>
  `${height}p${Math.round(fps)} · ${(videoBitrate / 1000).toFixed(1)} Mbit/s`

function statusOf(state: FlowState, program: string | undefined, words: string): NodeStatus {
  const encoders = state.encoders.filter(each => each.program === program)
  const broken = encoders.find(({ error, status }) => error && status !== 'running')
  if (broken?.error) return { fill: 'red', shape: 'dot', text: `${broken.error.code}: ${broken.error.detail}` }
  if (encoders.length === 0) return { fill: 'grey', shape: 'ring', text: words }
  const running = encoders.every(({ status }) => status === 'running')
  return { fill: running ? 'green' : 'yellow', shape: 'dot', text: words }
}
