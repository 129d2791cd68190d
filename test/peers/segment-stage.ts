import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { NewTimeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { type NewEvent, type Operations, operation, type Role } from '../../runtime/control/ports.ts'
import type { QueueBody } from '../../runtime/control/segments/queue/entry.ts'
import type { SegmentBody } from '../../runtime/control/segments/segment.ts'
import { Segments } from '../../runtime/control/segments/segments.ts'
import { apiRouter, routes } from '../../runtime/control/web/api.ts'
import { problemHandler } from '../../runtime/control/web/problems.ts'
import { rfc3339, systemClock } from '../../runtime/lib/clock.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { AssetStage } from './asset-stage.ts'
import { scratch } from './run.ts'
import { memoryShelf } from './shelf.ts'

/** The segments of an appliance behind the API, its answers checked against its document, with stand-ins for the show. */
export class SegmentStage {
  readonly assets = new AssetStage()
  readonly events: NewEvent[] = []
  readonly overlays = new Map<string, unknown>()
  readonly timelines = new Map<string, NewTimeline & { running: boolean }>()
  readonly settings = { keys: [] as string[], signedOnly: false, mediaFolder: '' }
  readonly media = scratch('media')
  role: Role = 'operator'
  segments: Segments
  /** Set: overlays are refused, or whatever names this. */
  refuses: boolean | string = false
  private readonly folder = scratch('segments')
  private readonly shelf = memoryShelf<SegmentBody>()
  private readonly queued = memoryShelf<QueueBody>()
  private server: Server | undefined

  constructor() {
    this.segments = this.make()
  }

  get path(): string {
    return join(this.folder.path, 'kept')
  }

  async begin(): Promise<void> {
    this.assets.needed = () => this.segments.needed()
    this.assets.packages = {
      holds: sha256 => this.segments.holds(sha256),
      restore: sha256 => this.segments.restore(sha256),
    }
    await this.assets.begin()
    this.segments.start()
    const gate = {
      identify: async () => ({ actor: { kind: 'user' as const, name: 'ann', role: this.role }, readOnly: false }),
      mayActAs: (has: Role, needed: Role) => has !== 'viewer' || needed === 'viewer',
      fromOwnPage: () => true,
      onSessionEnd: () => () => {},
    }
    const others = Object.fromEntries(routes().map(({ operationId }) => [operationId, async () => undefined]))
    const operations = { ...others, ...this.show(), ...this.segments.operations() }
    const app = express()
    app.use(
      '/api/v1',
      apiRouter({ gate, operations, handlers: {}, incoming: this.segments.incoming, checkAnswers: true }),
    )
    app.use(problemHandler(createLog('test', 'silent')))
    this.server = createServer(app).listen(0, '127.0.0.1')
    await once(this.server, 'listening')
  }

  async end(): Promise<void> {
    this.segments.stop()
    this.server?.close()
    await this.assets.end()
    this.folder.remove()
    this.media.remove()
  }

  /** Control stops and comes back. */
  again(): void {
    this.segments.stop()
    this.segments = this.make()
    this.segments.start()
  }

  told(type: string): string[] {
    return this.events.filter(event => event.type === type).map(({ message }) => message)
  }

  async ask<Body>(method: string, path: string, body?: FormData | object): Promise<{ status: number; body: Body }> {
    const address = this.server?.address()
    const port = address && typeof address === 'object' ? address.port : 0
    const sent =
      body instanceof FormData
        ? { body }
        : body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, ...sent })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  upload<Body>(content: Buffer | string, field = 'package') {
    const form = new FormData()
    form.set(field, new Blob([Buffer.from(content)]), 'show.vseg')
    return this.ask<Body>('POST', '/segments', form)
  }

  /** A stick with a package is put in. */
  putIn(name: string, content: Buffer): void {
    writeFileSync(join(this.media.path, name), content)
  }

  private make(): Segments {
    return new Segments({
      ...{
        shelf: this.shelf,
        queue: this.queued,
        touched: () => {},
        folder: this.path,
        clock: systemClock,
        time: new HouseClock(systemClock),
        settings: () => this.settings,
      },
      operations: () => this.show(),
      cameras: { list: () => [{ id: 'CAM1', name: 'Pier', url: 'rtmp://192.168.86.22:1935/bcs/channel0_main.bcs' }] },
      assets: { give: (asset, bytes, content) => this.assets.assets.give(asset, bytes, content) },
      record: event => this.events.push(event),
    })
  }

  private refuse(what: unknown): void {
    const isNamed = typeof this.refuses === 'string' && JSON.stringify(what).includes(this.refuses)
    if (isNamed || what === '') throw new VistterError('INTERNAL', 'The disk is full.')
  }

  private show(): Operations {
    const { overlays, timelines } = this
    const timeline = (id = '') => {
      const found = timelines.get(id)
      if (!found) throw new VistterError('NOT_FOUND', `There is no timeline ${id}.`)
      const { running, ...body } = found
      const defaults = { loop: false, gap: 'hold', timing: 'clock', offAir: false }
      return { id, ...defaults, ...body, duration: 1, problems: [], state: { status: running ? 'running' : 'idle' } }
    }
    return {
      getOverlay: operation(({ params }) => {
        const found = overlays.get(params.id ?? '')
        if (!found) throw new VistterError('NOT_FOUND', 'There is no such overlay.')
        return found
      }),
      putOverlay: operation<object>(({ params, body }) => {
        this.refuse(this.refuses === true ? '' : body)
        overlays.set(params.id ?? '', body)
      }),
      removeOverlay: operation(({ params }) => {
        if (!overlays.delete(params.id ?? '')) throw new VistterError('NOT_FOUND', 'There is no such overlay.')
      }),
      getTimeline: operation(({ params }) => timeline(params.id)),
      addTimeline: operation<NewTimeline>(({ body }) => {
        const id = `TL${timelines.size + 1}`
        timelines.set(id, { ...body, running: false })
        return timeline(id)
      }),
      changeTimeline: operation<NewTimeline>(({ params, body }) => {
        this.refuse(body)
        timelines.set(params.id ?? '', { ...body, running: false })
        return timeline(params.id)
      }),
      removeTimeline: operation(({ params }) => {
        timeline(params.id)
        timelines.delete(params.id ?? '')
      }),
      startTimeline: operation(({ params }) => {
        const found = timelines.get(params.id ?? '')
        if (found) found.running = true
        return timeline(params.id)
      }),
      listTimelines: operation(() => [...timelines.keys()].map(id => timeline(id))),
      getProgramById: operation(({ params }) => {
        return { id: params.id, wanted: 'slate', wantedName: 'Slate', time: rfc3339(systemClock.now()) }
      }),
      listCameras: operation(() => []),
    }
  }
}
