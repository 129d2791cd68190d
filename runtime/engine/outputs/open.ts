import { VistterError } from '../../contract/errors.ts'
import type { Output } from '../../contract/generated/engine.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Connection } from './connection.ts'
import { openCopy } from './copy.ts'
import { fileCommand, srtCommand } from './copy-command.ts'
import { publishRtmp } from './rtmp/publisher.ts'
import { rtmpTarget } from './rtmp/url.ts'

/** Opens the way to a destination by the protocol of its address. Rejects with a VistterError. */
export async function openConnection(
  { id, url, streamKey, proxy }: Pick<Output, 'id' | 'url' | 'streamKey' | 'proxy'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Connection> {
  if (/^rtmps?:/i.test(url)) return publishRtmp(rtmpTarget(url, streamKey, proxy), clock, signal)
  if (/^srt:/i.test(url)) return openCopy(id, srtCommand(url, streamKey))
  if (/^file:/i.test(url)) return openCopy(id, fileCommand(url))
  throw new VistterError('OUTPUT_UNSUPPORTED', 'The address has a protocol that is not spoken here.')
}
