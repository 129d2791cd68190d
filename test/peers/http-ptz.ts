import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../runtime/lib/clock.ts'
import { HOME, type Position, PtzHead } from './ptz/head.ts'

/** Degrees to either side, and the longest lens: what this camera's maker counts in. */
const PAN = 170
const TILT = 90
const ZOOM = 20

/**
 * A camera that is moved over plain HTTP, as many are: `/ptz?do=move|stop|goto|status` with `pan` and `tilt` in degrees and
 * `zoom` as a factor from 1, or as speeds in percent. A move goes on until it is told otherwise.
 */
export class HttpPtz {
  head = new PtzHead(HOME)
  readonly asked: string[] = []
  /** Answers this status to everything, or nothing at all. */
  trouble: number | 'silence' | undefined
  private port = 0
  private readonly server: Server = createServer((req, res) => {
    const { searchParams } = new URL(req.url ?? '/', 'http://camera')
    this.asked.push(searchParams.get('do') ?? '')
    if (this.trouble === 'silence') return
    if (this.trouble !== undefined) {
      res.statusCode = this.trouble
      res.end('no')
    } else this.answer(res, searchParams)
  })

  get url(): string {
    return `http://127.0.0.1:${this.port}/ptz`
  }

  get position(): Position {
    return this.head.at(systemClock.mono())
  }

  get moving(): boolean {
    const { panTilt, zoom } = this.head.moving(systemClock.mono())
    return panTilt || zoom
  }

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.server.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }

  private answer(res: ServerResponse, query: URLSearchParams): void {
    const now = systemClock.mono()
    const number = (name: string) => Number(query.get(name) ?? 0)
    const [pan, tilt, zoom] = [number('pan'), number('tilt'), number('zoom')]
    const what = query.get('do')
    if (what === 'move') this.head.drive(now, { pan: pan / 100, tilt: tilt / 100, zoom: zoom / 100 }, Infinity)
    else if (what === 'stop') this.head.stop(now)
    else if (what === 'goto') this.head.goTo(now, { pan: pan / PAN, tilt: tilt / TILT, zoom: (zoom - 1) / (ZOOM - 1) })
    else if (what !== 'status') res.statusCode = 400
    const at = this.position
    const told = { pan: at.pan * PAN, tilt: at.tilt * TILT, zoom: 1 + at.zoom * (ZOOM - 1), moving: this.moving }
    res.setHeader('content-type', 'application/json').end(JSON.stringify(told))
  }
}
