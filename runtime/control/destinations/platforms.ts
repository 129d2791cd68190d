import { VistterError } from '../../contract/errors.ts'
import type { Platform } from '../../contract/generated/openapi.v1.ts'

/** The platforms' own ingest addresses, as their help pages give them. */
const OWN: Partial<Record<Platform, string>> = {
  youtube: 'rtmps://a.rtmps.youtube.com/live2',
  facebook: 'rtmps://live-api-s.facebook.com:443/rtmp/',
  twitch: 'rtmps://live.twitch.tv/app',
}

const SCHEMES: Record<Platform, RegExp> = {
  youtube: /^rtmps?:/i,
  facebook: /^rtmps?:/i,
  twitch: /^rtmps?:/i,
  rtmp: /^rtmps?:/i,
  srt: /^srt:/i,
  file: /^file:/i,
}

/** Where a destination sends to. Throws BAD_REQUEST when there is no address, or one that does not fit the platform. */
export function addressOf(platform: Platform, url: string | undefined): string {
  const address = url ?? OWN[platform]
  if (!address) throw new VistterError('BAD_REQUEST', `/url: a destination of platform ${platform} needs an address.`)
  if (!SCHEMES[platform].test(address) || !URL.canParse(address))
    throw new VistterError('BAD_REQUEST', `/url: this is not an address for platform ${platform}.`)
  return address
}
