import type { Camera, CameraFit, CameraMode } from '../../runtime/contract/generated/openapi.v1.ts'
import { span } from '../lib-ui/format.ts'

const STATUS: Record<Camera['state']['status'], { text: string; tone: string }> = {
  connecting: { text: 'Connecting', tone: 'is-warn' },
  online: { text: 'Online', tone: 'is-ok' },
  degraded: { text: 'Unsteady', tone: 'is-warn' },
  frozen: { text: 'Frozen picture', tone: 'is-warn' },
  offline: { text: 'Offline', tone: 'is-bad' },
}

/** A camera's state in a word that people use, and the colour of its dot. */
export const cameraStatus = (status: Camera['state']['status']): { text: string; tone: string } => STATUS[status]

/**
 * Where a camera is, and since when nothing came of it, in a few words (`now`: UTC ms); empty while all is
 * usual, and what you do yourself (`me`) is not told you. Pure.
 */
export function cameraFacts({ state }: Pick<Camera, 'state'>, now: number, me?: string): string {
  const { status, lastFrameAt, ptz } = state
  const silent = lastFrameAt && (status === 'offline' || status === 'connecting')
  const parts = [
    ...(ptz?.moving ? ['moving'] : ptz?.presetName ? [`at “${ptz.presetName}”`] : []),
    ...(ptz?.heldBy && ptz.heldBy !== me ? [`held by ${ptz.heldBy}`] : []),
    ...(ptz && !ptz.reachable ? ['cannot be moved now'] : []),
    ...(silent ? [`last picture ${span(now - Date.parse(lastFrameAt))} ago`] : []),
  ]
  return parts.join(' · ')
}

export const MODES: Record<CameraMode, string> = {
  auto: 'Ready while the machine has room',
  hot: 'Always ready',
  standby: 'On standby, warmed up by its take',
  off: 'Switched off',
}

export const FITS: Record<CameraFit, string> = {
  letterbox: 'Whole, with bars',
  crop: 'Cropped to fill the frame',
}

/** What is unusual about a camera, in a few words. */
export function settingsOf({ mode, fit, audio }: Pick<Camera, 'mode' | 'fit' | 'audio'>): string {
  const parts = [
    ...(mode === 'standby' ? ['standby'] : mode === 'off' ? ['switched off'] : []),
    ...(fit === 'crop' ? ['cropped'] : []),
    ...(audio === 'on' ? ['with sound'] : []),
  ]
  return parts.join(' · ')
}
