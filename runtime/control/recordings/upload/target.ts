import { AwsV4Signer } from 'aws4fetch'
import type { Upload } from '../../../contract/generated/openapi.v1.ts'

/** Where uploads go, with the secret in clear. */
export interface Target extends Upload {
  password?: string
}

/** What of a target makes another place or another right to it: an upload under way begins anew with it. */
export const placeOf = ({ kind, url, username, password, region }: Target): string =>
  JSON.stringify([kind, url, username, password, region])

/** The address of one file of a recording. Both names are our own and need no escaping. */
export function addressOf({ url }: Target, recording: string, file: string): URL {
  return new URL(`${url.replace(/\/+$/, '')}/${recording}/${file}`)
}

interface Signed {
  method: 'PUT' | 'MKCOL'
  url: URL
  /** SHA-256 of the body, in hex. */
  sha256: string
  /** UTC ms. */
  now: number
}

/** The headers that show the right to do it. */
export async function rightTo(target: Target, { method, url, sha256, now }: Signed): Promise<Record<string, string>> {
  const { kind, username = '', password = '', region = 'us-east-1' } = target
  if (kind === 'put') {
    const login = Buffer.from(`${username}:${password}`).toString('base64')
    return username ? { authorization: `Basic ${login}` } : {}
  }
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { 'x-amz-content-sha256': sha256 },
    accessKeyId: username,
    secretAccessKey: password,
    service: 's3',
    region,
    datetime: `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
  })
  return Object.fromEntries((await signer.sign()).headers)
}
