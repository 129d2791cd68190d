import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { Supervised } from '../../runtime/lib/supervise.ts'
import { RtmpPlatform } from '../../test/peers/nginx-rtmp.ts'
import { freePort } from '../../test/peers/run.ts'

/** Where the demo's stream goes: a platform of one's own, on this machine. */
export interface DemoPlatform {
  /** The address and key that a destination is given. */
  url(): string
  key: string
  /** A sentence on how to watch what arrives. */
  watch(): string
  start(): Promise<void>
  stop(): Promise<void>
}

const KEY = 'demo'

/** nginx where the set-up could install it, else FFmpeg as a server for one stream. */
export function demoPlatform(folder: string): DemoPlatform {
  return existsSync('/usr/lib/nginx/modules/ngx_rtmp_module.so') ? withNginx() : withFfmpeg(folder)
}

function withNginx(): DemoPlatform {
  const platform = new RtmpPlatform([KEY])
  return {
    key: KEY,
    url: () => platform.url,
    watch: () => `open ${platform.url}/${KEY} in VLC, or run: ffplay ${platform.url}/${KEY}`,
    start: () => platform.start(),
    stop: () => platform.remove(),
  }
}

function withFfmpeg(folder: string): DemoPlatform {
  const file = join(folder, 'received.flv')
  let url = ''
  const listener = new Supervised({
    child: { id: 'platform', kind: 'platform' },
    spawn: () => {
      const input = ['-listen', '1', '-i', `${url}/${KEY}`]
      const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...input, '-c', 'copy', '-f', 'flv', file]
      return spawnOwned('ffmpeg', args, { stdio: 'ignore' })
    },
    // It serves one publisher and ends with it: the next one must find it listening again.
    backoff: { first: 200, max: 1_000, jitter: 0, healthyAfter: 1_000 },
  })
  return {
    key: KEY,
    url: () => url,
    watch: () => `what arrives is in ${file}; open it in VLC`,
    start: async () => {
      url = `rtmp://127.0.0.1:${await freePort()}/live`
      listener.start()
    },
    stop: () => listener.stop(),
  }
}
