interface Proxy {
  url: string
  username?: string
  password?: string
}

/** A proxy as Node's agents take it: as an environment would name it. */
export function throughProxy({ url, username, password = '' }: Proxy): NodeJS.ProcessEnv {
  const address = new URL(url)
  if (username !== undefined) {
    address.username = encodeURIComponent(username)
    address.password = encodeURIComponent(password)
  }
  return { HTTP_PROXY: address.href, HTTPS_PROXY: address.href }
}
