export interface AddressedCamera {
  id: string
  name: string
  /** Without a login. */
  url: string
}

/** The camera that older segments mean: by its id, its name, or the host and path where its stream is. */
export function cameraAt(cameras: readonly AddressedCamera[], wanted: string): string | undefined {
  const named = cameras.find(({ id }) => id === wanted) ?? cameras.find(({ name }) => name === wanted)
  if (named) return named.id
  const place = placeOf(wanted)
  return place === undefined ? undefined : cameras.find(({ url }) => placeOf(url) === place)?.id
}

function placeOf(address: string): string | undefined {
  const [, host, path = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:]+)(?::\d+)?([^?#]*)/i.exec(address) ?? []
  return host === undefined ? undefined : `${host.toLowerCase()}${path.replace(/\/$/, '')}`
}
