import type { Camera } from '../../runtime/contract/generated/openapi.v1.ts'

const STATUS: Record<Camera['state']['status'], { text: string; tone: string }> = {
  connecting: { text: 'Connecting', tone: 'is-warn' },
  online: { text: 'Online', tone: 'is-ok' },
  degraded: { text: 'Unsteady', tone: 'is-warn' },
  frozen: { text: 'Frozen picture', tone: 'is-warn' },
  offline: { text: 'Offline', tone: 'is-bad' },
}

/** A camera's state in a word that people use, and the colour of its dot. */
export const cameraStatus = (status: Camera['state']['status']): { text: string; tone: string } => STATUS[status]
