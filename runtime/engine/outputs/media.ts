import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fault } from '../../contract/errors.ts'
import type { Log } from '../../lib/log.ts'
import { LiveFlv } from './live-flv.ts'
import { LiveJpegs } from './live-jpegs.ts'
import { type DownloadFormat, sendRecording } from './record/download.ts'
import type { Relay } from './relay.ts'

interface Deps {
  /** The relay of a program's preview and how to let go of it again; undefined when there is no such program. */
  relayFor: (program: string) => { relay: Relay; release(): void } | undefined
  /** The newest picture of a source; undefined while there is none. */
  jpeg: (source: string) => Promise<Buffer | undefined>
  /** The same as a few bytes of grey, for comparing. */
  grey: (source: string) => Buffer | undefined
  /** Somebody watches a source; answers how to say that it is over. */
  watch: (source: string) => () => void
  /** Where recordings have their folders. */
  recordings: string
  log: Pick<Log, 'error'>
}

const PROGRAM = /^\/program\/([^/]+)\.flv$/
const RECORDING = /^\/recordings\/([0-9A-Z]+)\.(mp4|ts)$/
const SOURCE = /^\/sources\/([^/]+)\.(jpg|mjpeg|grey)$/

/**
 * Pictures for people, over HTTP/1.1 on a Unix socket that only our own processes can open; control passes it on.
 * `GET /program/{id}.flv`, `GET /sources/{id}.jpg`, `GET /sources/{id}.mjpeg?fps=`,
 * `GET /sources/{id}.grey`, `GET /recordings/{id}.mp4`.
 */
export class MediaServer {
  private server: Server | undefined
  private readonly path: string
  private readonly deps: Deps

  constructor(path: string, deps: Deps) {
    this.path = path
    this.deps = deps
  }

  async start(): Promise<void> {
    rmSync(this.path, { force: true })
    const server = createServer((request, response) => {
      this.answer(request, response).catch(error => {
        this.deps.log.error({ err: error, path: request.url }, 'media request failed')
        if (!response.headersSent) problem(response, 500, 'INTERNAL', 'The picture could not be made.')
        else response.destroy()
      })
    })
    this.server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.path, resolve))
    chmodSync(this.path, 0o600)
  }

  async stop(): Promise<void> {
    const server = this.server
    this.server = undefined
    if (!server) return
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine')
    const program = PROGRAM.exec(url.pathname)
    const source = SOURCE.exec(url.pathname)
    const recording = RECORDING.exec(url.pathname)
    if (request.method !== 'GET') problem(response, 404, 'NOT_FOUND', 'Only GET is answered here.')
    else if (program) this.program(decodeURIComponent(program[1] ?? ''), response)
    else if (recording) await this.recording(recording[1] ?? '', recording[2] as DownloadFormat, response)
    else if (source?.[2] === 'grey') this.grey(decodeURIComponent(source[1] ?? ''), response)
    else if (source) await this.source(decodeURIComponent(source[1] ?? ''), source[2] === 'mjpeg', url, response)
    else problem(response, 404, 'NOT_FOUND', `There is nothing at ${url.pathname}.`)
  }

  private program(id: string, response: ServerResponse): void {
    const preview = this.deps.relayFor(id)
    if (!preview) {
      problem(response, 404, 'NOT_FOUND', `There is no program "${id}".`)
      return
    }
    const live = new LiveFlv(preview.relay, response)
    response.once('close', () => {
      live.stop()
      preview.release()
    })
    live.start()
  }

  private async recording(id: string, format: DownloadFormat, response: ServerResponse): Promise<void> {
    const sent = await sendRecording(join(this.deps.recordings, id), format, response)
    if (!sent) problem(response, 404, 'NOT_FOUND', 'This recording has no pieces on the disk.')
  }

  private grey(id: string, response: ServerResponse): void {
    const cells = this.deps.grey(id)
    if (!cells) problem(response, 404, 'NOT_FOUND', `There is no picture of "${id}" now.`)
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(cells)
  }

  private async source(id: string, moving: boolean, url: URL, response: ServerResponse): Promise<void> {
    const first = await this.deps.jpeg(id)
    if (response.destroyed) return // gone while the picture was made
    if (!first) return problem(response, 404, 'NOT_FOUND', `There is no picture of "${id}" now.`)
    if (moving) {
      const live = new LiveJpegs(() => this.deps.jpeg(id), Number(url.searchParams.get('fps') ?? 2), response)
      const leave = this.deps.watch(id)
      response.once('close', () => {
        live.stop()
        leave()
      })
      live.start(first)
      return
    }
    response.writeHead(200, {
      'content-type': 'image/jpeg',
      'cache-control': 'no-store',
      'content-length': first.length,
    })
    response.end(first)
  }
}

function problem(response: ServerResponse, status: number, code: 'NOT_FOUND' | 'INTERNAL', detail: string): void {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, ...fault(code, detail) })
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(body)
}
