import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { run, scratch } from './run.ts'

/** Cameras of any size, rate and pixel shape: each is a long playlist that is read at its own pace. */
export class HlsCameras {
  private readonly files = scratch('hls')
  private server: Server | undefined
  private port = 0

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const file = join(this.files.path, (request.url ?? '').slice(1))
      if (existsSync(file)) createReadStream(file).pipe(response)
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    const address = this.server.address()
    if (address && typeof address === 'object') this.port = address.port
  }

  /** Makes a camera out of an FFmpeg filter that draws its picture; answers its address. */
  async add(name: string, picture: string, seconds = 20): Promise<string> {
    const folder = join(this.files.path, name)
    const input = ['-v', 'error', '-f', 'lavfi', '-i', picture, '-t', String(seconds), '-pix_fmt', 'yuv420p']
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-g', '10', '-bf', '0']
    await run('ffmpeg', [...input, ...codec, '-f', 'hls', '-hls_playlist_type', 'vod', `${folder}.m3u8`])
    return `http://127.0.0.1:${this.port}/${name}.m3u8`
  }

  stop(): void {
    this.server?.closeAllConnections()
    this.server?.close()
    this.files.remove()
  }
}
