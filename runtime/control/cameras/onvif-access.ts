import { guessPort } from './onvif/greeting.ts'
import type { OnvifStepTarget } from './onvif-step.ts'

interface Access {
  username?: string | undefined
  password?: string | undefined
}

interface OnvifAccess extends Access {
  host: string
  port?: number | undefined
  profile?: string | undefined
}

/** Taken where nobody has said a port and none answers: a camera may be added while it is switched off. */
export const USUAL_PORT = 80

/**
 * With whose name and password a camera is moved: its ONVIF's own, else those of its stream. Its stream's password is never
 * tried with another name: three wrong ones lock some cameras.
 */
export function onvifTarget(onvif: OnvifAccess, stream: Access): OnvifStepTarget {
  const username = onvif.username ?? stream.username
  const password = onvif.password ?? (username === stream.username ? stream.password : undefined)
  return {
    host: onvif.host,
    ...(onvif.port !== undefined && { port: onvif.port }),
    ...(onvif.profile !== undefined && { profile: onvif.profile }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  }
}

/** The same with a port: that which was given, or which answers. */
export async function withPort<T extends { host: string; port?: number }>(onvif: T): Promise<T> {
  if (onvif.port !== undefined) return onvif
  const port = await guessPort(onvif.host)
  return port === undefined ? onvif : { ...onvif, port }
}
