import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { deviceService, OPEN, PATHS } from './device-service.ts'
import type { Login } from './login.ts'
import { mediaService, SUB } from './media-service.ts'
import type { Camera, Operations } from './operations.ts'
import { ptzService } from './ptz-service.ts'
import { snapshot } from './snapshot.ts'
import { envelope, faultBody, SoapFault, SoapRequest } from './soap.ts'

/** A request that was understood, when (monotonic ms), and whether it was refused. */
export interface Asked {
  action: string
  at: number
  refused: boolean
}

/** More than a client that asks ten times a second says in half an hour. */
const REMEMBERED = 20_000

/** The camera's HTTP port: its three services, and all the nonsense that it can be told to talk. */
export class CameraWeb {
  readonly asked: Asked[] = []
  private readonly camera: Camera
  private readonly login: Login
  private readonly services: Map<string, Operations>
  private server: Server | undefined

  constructor(camera: Camera, login: Login) {
    this.camera = camera
    this.login = login
    this.services = new Map([
      [PATHS.device, deviceService(camera)],
      [PATHS.media, mediaService(camera)],
      [PATHS.ptz, ptzService(camera)],
    ])
  }

  /** Answers the port. */
  async start(address: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy())
    })
    this.server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve))
    const bound = server.address()
    return bound && typeof bound === 'object' ? bound.port : 0
  }

  async stop(): Promise<void> {
    const server = this.server
    this.server = undefined
    if (!server) return
    const closed = new Promise(resolve => server.close(resolve))
    server.closeAllConnections()
    await closed
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const operations = this.services.get(incoming.url ?? '')
    if (!operations || incoming.method !== 'POST') {
      this.show(incoming, response)
      return
    }
    const request = new SoapRequest(await text(incoming))
    const { faults } = this.camera
    const struck = !faults.strikes || faults.strikes.includes(request.action)
    if (struck && faults.delayMs) await pause(faults.delayMs)
    const [status, body] = this.answer(operations, request)
    if (struck && faults.nonsense) spoil[faults.nonsense](response, envelope(body), request.action)
    else send(response, status, envelope(body))
  }

  /** The snapshot, for who knows the password. */
  private show({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    const { camera } = this
    const size = { '/snapshot/main.jpg': camera.size, '/snapshot/sub.jpg': SUB }[url ?? '']
    if (!size || method !== 'GET') response.writeHead(404).end()
    else if (!this.login.isBasic(headers.authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="Virtual camera"' }).end()
    } else {
      const picture = snapshot(camera.scene, camera.head.at(camera.now()), size.width, size.height)
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length }).end(picture)
    }
  }

  private answer(operations: Operations, request: SoapRequest): [status: number, body: string] {
    const entry = { action: request.action, at: this.camera.now(), refused: false }
    this.asked.push(entry)
    if (this.asked.length > REMEMBERED) this.asked.shift()
    try {
      if (!OPEN.includes(request.action)) this.login.check(request, this.camera.clock())
      const operation = Object.hasOwn(operations, request.action) ? operations[request.action] : undefined
      if (!operation) throw new SoapFault(['ter:ActionNotSupported'], 'Optional Action Not Implemented', 500)
      return [200, operation(request)]
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error
      entry.refused = true
      return [error.status, faultBody(error)]
    }
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'application/soap+xml'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** How each kind of nonsense is talked. */
const spoil: Record<
  NonNullable<Camera['faults']['nonsense']>,
  (response: ServerResponse, right: string, action: string) => void
> = {
  'odd-prefixes': (response, right) =>
    send(response, 200, right.replaceAll(/(<\/?)(?:s|tt|tds|trt|tptz|ter):/g, '$1SOAP-ENV-X:')),
  empty: response => send(response, 200, ''),
  truncated: (response, right) => send(response, 200, right.slice(0, right.length * 0.6)),
  hollow: (response, _, action) => send(response, 200, envelope(`<${action}Response/>`)),
  html: response =>
    send(response, 200, '<!DOCTYPE html><html><head><title>Login</title></head><body><form>Name<br>', 'text/html'),
  error: response => send(response, 500, 'Internal Server Error', 'text/plain'),
  reset: (response, right) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(right) })
    response.write(right.slice(0, right.length / 2), () => response.socket?.resetAndDestroy())
  },
  hang: () => {},
}
