import { VistterError } from '../../contract/errors.ts'

export interface CameraUrl {
  /** Without credentials. */
  url: string
  username?: string
  password?: string
}

/** Moves credentials out of an address; everything else stays as it was written. Throws BAD_REQUEST when it names no host. */
export function splitCameraUrl(text: string): CameraUrl {
  const match = /^([a-z]+:\/\/)(?:([^/?#]*)@)?([^/?#@]+)(.*)$/is.exec(text)
  const [, scheme, userinfo, host, rest] = match ?? []
  if (!scheme || !host || !URL.canParse(`${scheme}${host}${rest}`))
    throw new VistterError('BAD_REQUEST', '/url: this is not an address such as rtsp://192.168.1.20:554/stream.')
  const url = `${scheme}${host}${rest}`
  if (userinfo === undefined) return { url }
  const colon = userinfo.indexOf(':')
  if (colon < 0) return { url, username: decoded(userinfo) }
  return { url, username: decoded(userinfo.slice(0, colon)), password: decoded(userinfo.slice(colon + 1)) }
}

/** People paste passwords with a bare % in them; such a one means itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
