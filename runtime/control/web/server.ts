import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import compression from 'compression'
import express, { type Express, type RequestHandler } from 'express'
import { VistterError } from '../../contract/errors.ts'
import type { Health } from '../../contract/generated/openapi.v1.ts'
import language from '../../contract/schemas/ocl.v1.json' with { type: 'json' }
import document from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import type { Log } from '../../lib/log.ts'
import type { Operations } from '../ports.ts'
import { apiRouter } from './api.ts'
import type { KeyPair } from './certificate.ts'
import { downloadHandler } from './download.ts'
import { type FlowBackend, flowDoor, flowUpgrade } from './flow-door.ts'
import { type Gate, guard } from './guard.ts'
import type { LiveFeed } from './live-feed.ts'
import { mediaProxy } from './media-proxy.ts'
import { pagesRouter } from './pages/pages.ts'
import { problemHandler } from './problems.ts'
import { securityHeaders } from './security-headers.ts'
import { type SessionDeps, sessionHandlers } from './session-handlers.ts'
import { type HeardBy, streamHandler } from './stream.ts'
import { evidenceHandler, thumbnailHandler } from './thumbnail.ts'

export interface WebOptions {
  bind: string
  /** 0 takes a free one. */
  port: number
  keyPair: KeyPair
  log: Log
  people: { gate: Gate; isSetUp(): Promise<boolean>; heardBy: HeardBy } & SessionDeps
  operations: Operations
  feed: LiveFeed
  mediaSocket: string
  /** Where packages that are uploaded are put first. */
  incoming: string
  /** The file with the picture of a preset. */
  presetPicture(preset: string): string
  proofPicture(sha256: string): string
  flow: FlowBackend
  health: { readonly ready: boolean; now(): Health; metrics(): string }
  checkAnswers: boolean
}

/** The front door: HTTPS, pages, API, previews, and the way through to Node-RED. */
export class WebServer {
  private server: Server | undefined
  private readonly options: WebOptions

  constructor(options: WebOptions) {
    this.options = options
  }

  get port(): number {
    const address = this.server?.address() as AddressInfo | null | undefined
    return address?.port ?? this.options.port
  }

  async start(): Promise<void> {
    const { bind, port, keyPair, flow, log } = this.options
    const { gate } = this.options.people
    const server = createServer({ ...keyPair, minVersion: 'TLSv1.2' }, this.application())
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      flowUpgrade(gate, flow, request, socket, head).catch(error => {
        log.error({ err: error }, 'web socket failed')
        socket.destroy()
      })
    })
    this.server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', error => reject(inUse(error, port)))
      server.listen(port, bind, resolve)
    })
  }

  async stop(): Promise<void> {
    const server = this.server
    if (!server) return
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }

  private application(): Express {
    const { people, operations, feed, flow, health, log, incoming, checkAnswers } = this.options
    const { gate, isSetUp, heardBy } = people
    const viewer = guard(gate, { role: 'viewer', readsOnly: false })
    const media = (pathFor: Parameters<typeof mediaProxy>[2]) => mediaProxy(this.options.mediaSocket, gate, pathFor)
    const source = (kind: string) => media(({ params }) => `/sources/${encodeURIComponent(params.id ?? '')}.${kind}`)
    const handlers = {
      ...sessionHandlers(people),
      getOpenapi: (_request, response) => void response.json(document),
      getOclSchema: (_request, response) => void response.type('application/schema+json').json(language),
      openStream: streamHandler({ gate, feed, heardBy }),
      getSnapshot: source('jpg'),
      getPresetThumbnail: thumbnailHandler(preset => this.options.presetPicture(preset)),
      getProofPicture: evidenceHandler(sha256 => this.options.proofPicture(sha256)),
      downloadRecording: downloadHandler(media),
    } satisfies Record<string, RequestHandler>

    const app = express()
    app.disable('x-powered-by')
    app.use(securityHeaders(), compression())
    app.get('/healthz', (_request, response) => {
      const { status, build, engine, flowHost } = health.now()
      response.status(health.ready ? 200 : 503).set('cache-control', 'no-store')
      response.json({ status, build, parts: { engine: engine.connected ? 'up' : 'down', flowHost: flowHost.status } })
    })
    app.get('/metrics', viewer, (_request, response) => {
      response.type('text/plain; version=0.0.4').send(health.metrics())
    })
    app.use('/api/v1', apiRouter({ gate, operations, handlers, incoming, checkAnswers }))
    app.get(
      '/preview/program.flv',
      viewer,
      media(() => '/program/main.flv'),
    )
    app.get(
      '/preview/:program.flv',
      viewer,
      media(({ params }) => `/program/${encodeURIComponent(params.program ?? '')}.flv`),
    )
    app.get('/preview/cameras/:id.mjpeg', viewer, source('mjpeg'))
    app.use(pagesRouter({ isSetUp, sessionOf: ({ headers }) => gate.identify(headers) }))
    app.all(/^\/(editor|dashboard)(\/|$)/, flowDoor(gate, flow))
    app.use((request, _response, next) => next(new VistterError('NOT_FOUND', `There is nothing at ${request.path}.`)))
    app.use(problemHandler(log))
    return app
  }
}

function inUse(error: Error, port: number): Error {
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  return taken ? new VistterError('ADDRESS_IN_USE', `Port ${port} is in use already.`) : error
}
