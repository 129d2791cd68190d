import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { sleep, systemClock } from '../../runtime/lib/clock.ts'
import { freePort, scratch, until } from './run.ts'

/** nginx looks at its clock once per round of events. */
const CACHED_TIME_MS = 20
const secondOf = (ms: number): number => Math.floor(ms / 1_000)

/** One accepted publish, from the platform's own point of view; times are monotonic ms. */
export interface Publish {
  key: string
  client: string
  began: number
  ended?: number
}

/**
 * A streaming platform: nginx with the RTMP module, which asks for every stream key and records what it accepts.
 * start() after stop() comes back on the same ports with the recordings kept; remove() takes the files away, too.
 */
export class RtmpPlatform {
  /** Every publish that was let in, in order: its length is the number of connections that carried a stream. */
  readonly publishes: Publish[] = []
  /** Keys that were turned away, in order. */
  readonly refused: string[] = []
  /** When each key was last published: seconds of UTC. */
  private readonly seconds = new Map<string, number>()
  private readonly keys: Set<string> | 'any'
  private readonly folder = scratch('platform')
  private rtmpPort = 0
  private httpPort = 0
  private gate: Server | undefined
  private nginx: ChildProcess | undefined

  constructor(keys: string[] | 'any' = 'any') {
    this.keys = keys === 'any' ? 'any' : new Set(keys)
  }

  /** What a destination is given as its address; the stream key comes after a slash. */
  get url(): string {
    return `rtmp://127.0.0.1:${this.rtmpPort}/live`
  }

  get connections(): number {
    return this.publishes.length
  }

  accept(key: string): void {
    if (this.keys !== 'any') this.keys.add(key)
  }

  refuse(key: string): void {
    if (this.keys !== 'any') this.keys.delete(key)
  }

  async start(): Promise<void> {
    if (this.nginx) return
    const gatePort = await this.openGate()
    this.rtmpPort ||= await freePort()
    this.httpPort ||= await freePort()
    for (const name of ['rec', 'temp']) mkdirSync(join(this.folder.path, name), { recursive: true })
    writeFileSync(join(this.folder.path, 'nginx.conf'), this.config(gatePort))
    const args = ['-p', this.folder.path, '-c', join(this.folder.path, 'nginx.conf'), '-e', 'error.log']
    const child = spawnOwned('nginx', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    this.nginx = child
    await until('nginx listens', () => {
      if (child.exitCode !== null) throw new Error(`nginx left with ${child.exitCode}`)
      return Promise.all([listens(this.rtmpPort), listens(this.httpPort)])
    })
  }

  async stop(): Promise<void> {
    const child = this.nginx
    this.nginx = undefined
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      await ended
    }
    const gate = this.gate
    this.gate = undefined
    gate?.closeAllConnections()
    if (gate) await new Promise(resolve => gate.close(resolve))
  }

  /** stop(), and the recordings go as well. */
  async remove(): Promise<void> {
    await this.stop()
    this.folder.remove()
  }

  /** Files of all publishes so far, oldest first. The newest may still be growing. */
  recordings(): string[] {
    const folder = join(this.folder.path, 'rec')
    return readdirSync(folder)
      .sort((a, b) => Number(a.match(/-(\d+)\.flv$/)?.[1]) - Number(b.match(/-(\d+)\.flv$/)?.[1]))
      .map(name => join(folder, name))
  }

  /** Cuts the publisher's connection from the platform's side. */
  async drop(key: string): Promise<void> {
    await fetch(`http://127.0.0.1:${this.httpPort}/control/drop/publisher?app=live&name=${encodeURIComponent(key)}`)
  }

  /** The module's own statistics as XML. */
  async stat(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.httpPort}/stat`)).text()
  }

  /** Bytes of the stream that nginx has taken in so far; undefined while nobody publishes under this key. */
  async bytesIn(key: string): Promise<number | undefined> {
    const streams = (await this.stat()).split('<stream>').slice(1)
    const stream = streams.find(text => text.includes(`<name>${key}</name>`) && text.includes('<publishing/>'))
    const bytes = stream?.match(/<bytes_in>(\d+)</)?.[1]
    return bytes === undefined ? undefined : Number(bytes)
  }

  /** The platform stops reading, its sockets stay open. */
  stall(): void {
    this.nginx?.kill('SIGSTOP')
  }

  resume(): void {
    this.nginx?.kill('SIGCONT')
  }

  /** nginx asks here who may publish, and tells when a publish ended. */
  private async openGate(): Promise<number> {
    const gate = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', async () => {
        const call = new URLSearchParams(body)
        if (call.get('call') === 'publish') await this.ownSecond(call.get('name') ?? '')
        response.statusCode = this.answer(call)
        response.end()
      })
    })
    this.gate = gate
    await new Promise<void>(resolve => gate.listen(0, '127.0.0.1', resolve))
    const address = gate.address()
    return address && typeof address === 'object' ? address.port : 0
  }

  /**
   * nginx names a recording by its key and the second in which it began. A second publish within that second would be
   * written behind the first one, as if it were the same connection, so it has to wait for the next.
   */
  private async ownSecond(key: string): Promise<void> {
    if (this.keys !== 'any' && !this.keys.has(key)) return
    const last = this.seconds.get(key) ?? 0
    if (secondOf(systemClock.now()) <= last) await sleep((last + 1) * 1_000 - systemClock.now() + CACHED_TIME_MS)
    this.seconds.set(key, secondOf(systemClock.now()))
  }

  private answer(call: URLSearchParams): number {
    const key = call.get('name') ?? ''
    const client = call.get('clientid') ?? ''
    if (call.get('call') === 'publish_done') {
      const publish = this.publishes.findLast(p => p.key === key && p.client === client)
      if (publish) publish.ended = systemClock.mono()
      return 200
    }
    if (this.keys !== 'any' && !this.keys.has(key)) {
      this.refused.push(key)
      return 403
    }
    this.publishes.push({ key, client, began: systemClock.mono() })
    return 200
  }

  private config(gatePort: number): string {
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path temp;`).join(' ')
    return `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; master_process off; pid nginx.pid; error_log error.log notice;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 64; }
rtmp { server {
  listen 127.0.0.1:${this.rtmpPort};
  chunk_size 4096;
  application live {
    live on;
    wait_key on; interleave on;
    record all; record_path ${join(this.folder.path, 'rec')}; record_suffix -%s.flv; record_append on;
    on_publish http://127.0.0.1:${gatePort}/;
    on_publish_done http://127.0.0.1:${gatePort}/;
  }
} }
http { access_log off; ${temp}
  server { listen 127.0.0.1:${this.httpPort};
    location = /stat { rtmp_stat all; }
    location /control { rtmp_control all; }
} }
`
  }
}

function listens(port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
