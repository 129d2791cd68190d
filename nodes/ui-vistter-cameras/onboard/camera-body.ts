import type { Camera, NewOnvif, Onvif } from '../../../runtime/contract/generated/openapi.v1.ts'

/** How a camera is moved, as a form has it: what is empty was not said. */
export interface OnvifForm {
  on: boolean
  host: string
  port: number | ''
  username: string
  password: string
}

export interface AddressForm {
  name: string
  url: string
  username: string
  password: string
}

export const addressForm = (camera?: Camera): AddressForm => ({
  name: camera?.name ?? '',
  url: camera?.url ?? '',
  username: camera?.username ?? '',
  password: '',
})

export const onvifForm = (onvif?: Onvif): OnvifForm => ({
  on: onvif !== undefined,
  host: onvif?.host ?? '',
  port: onvif?.port ?? '',
  username: onvif?.username ?? '',
  password: '',
})

/** The host of a camera's address, whatever else is pasted with it; empty where there is none. Pure. */
export function hostOf(url: string): string {
  const [, host = ''] = /^[a-z]+:\/\/(?:[^/?#]*@)?(\[[^\]]+\]|[^/?#:]+)/i.exec(url.trim()) ?? []
  return host
}

/** Empty fields are left out: an address may bring its own user name and password, and a stored password stays. Pure. */
export const said = <T extends object>(form: T): Partial<T> =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')) as Partial<T>

/** What a new camera, or a test of one, says of its moving. Pure. */
export function newOnvif({ on, ...form }: OnvifForm, url: string): { onvif?: NewOnvif } {
  if (!on) return {}
  const { host = hostOf(url), port, ...login } = said(form)
  return { onvif: { host, ...(port && { port }), ...login } }
}

/** What a patch of a stored one says of it: only what was changed, and null for what it shall not have any more. Pure. */
export function onvifPatch(before: OnvifForm, now: OnvifForm, url: string): { onvif?: object | null } {
  if (!now.on) return before.on ? { onvif: null } : {}
  if (!before.on) return newOnvif(now, url)
  const { host, port, username, password } = now
  const patch = {
    ...(host !== before.host && { host: host || hostOf(url) }),
    ...(port !== before.port && port !== '' && { port }),
    ...(username !== before.username && { username: username || null }),
    ...(password !== '' && { password }),
  }
  return Object.keys(patch).length > 0 ? { onvif: patch } : {}
}
