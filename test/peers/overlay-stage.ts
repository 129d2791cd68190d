import { createWriteStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createCanvas } from '@napi-rs/canvas'
import type { Asset } from '../../runtime/contract/generated/ocl.v1.ts'
import type { OverlaySummary, Recording } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Told } from '../../runtime/control/proof/aired.ts'
import { Database } from '../../runtime/control/store/database.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { ApplianceProcess } from './appliance.ts'
import { AssetServer } from './asset-server.ts'
import { scratch, until } from './run.ts'
import type { FlowNode, ProgramView } from './stage.ts'

const HOST = 'localhost'
const at = { z: 'test', x: 100, y: 100 }

/** The whole appliance with a dark program that is recorded, and the internet that its overlays need. */
export class OverlayStage {
  readonly files = scratch('overlays')
  readonly assets = new AssetServer()
  readonly hanging: ServerResponse[] = []
  readonly appliance: ApplianceProcess
  private readonly weather = createServer((request, response) => {
    if (request.url === '/hangs') this.hanging.push(response)
    else response.end(JSON.stringify({ current: { temperature_2m: 21.4, wind_speed_10m: 3 } }))
  })
  private readonly ca = join(this.files.path, 'ca.pem')

  constructor() {
    // As an administrator does it whose server has a certificate of its own.
    this.appliance = new ApplianceProcess({ env: { NODE_EXTRA_CA_CERTS: this.ca } })
  }

  get api() {
    return this.appliance.api
  }

  async begin(): Promise<void> {
    await Promise.all([this.assets.start(), new Promise<void>(done => this.weather.listen(0, '127.0.0.1', done))])
    writeFileSync(this.ca, this.assets.ca)
    writeFileSync(join(this.files.path, 'black.png'), square('#000000'))
    await this.appliance.start()
    await this.appliance.setUp()
    await this.api.patch('/settings', { program: { width: 640, height: 360, fps: 30 }, privateAssetHosts: [HOST] })
    await this.deploy()
  }

  async end(): Promise<void> {
    try {
      await this.appliance.remove()
    } finally {
      for (const response of this.hanging) response.destroy()
      this.weather.closeAllConnections()
      await Promise.all([this.assets.stop(), new Promise(done => this.weather.close(done))])
      this.files.remove()
    }
  }

  /** A file that is to be had from the test's server, as a document names it. */
  asset(id: string, content: Buffer, more: Partial<Asset> = {}): Asset {
    const { sha256 } = this.assets.put(`/${id}.png`, content, 'image/png')
    return { id, url: this.assets.url(`/${id}.png`, HOST), sha256, mediaType: 'image/png', ...more }
  }

  async overlay(id: string): Promise<OverlaySummary> {
    const all = await this.api.get<OverlaySummary[]>('/overlays')
    const found = all.find(overlay => overlay.id === id)
    if (!found) throw new Error(`there is no overlay ${id}`)
    return found
  }

  program(): Promise<ProgramView> {
    return this.api.get<ProgramView>('/program')
  }

  /** Presses the button of an inject node. */
  async press(node: string): Promise<void> {
    const answer = await this.api.call('POST', `/editor/inject/${node}`, {}, true)
    if (answer.status !== 200) throw new Error(`${node}: ${answer.status}`)
  }

  async record(): Promise<string> {
    const { id } = await this.api.post<Recording>('/recordings/start')
    await until('it records', async () => (await this.api.get<Recording>(`/recordings/${id}`)).bytes > 0)
    return id
  }

  /** Ends a recording; answers it as one file. */
  async recorded(id: string): Promise<string> {
    await this.api.post('/recordings/stop')
    const folder = join(this.appliance.data, 'recordings', id)
    const file = join(this.files.path, 'recorded.ts')
    const pieces = readdirSync(folder).sort()
    writeFileSync(file, Buffer.concat(pieces.map(piece => readFileSync(join(folder, piece)))))
    return file
  }

  /** What control has written down of an overlay on air, the oldest first. */
  async proof(overlay: string): Promise<Told[]> {
    const store = await Database.open(join(this.appliance.data, 'vistter.db'))
    const fact = (name: string) => `json_extract(body, '$.facts.${name}')`
    const rows = `SELECT ${fact('cue')} AS cue, first_at AS firstAt, last_at AS lastAt, ${fact('frames')} AS frames, max(n)
      FROM proof WHERE kind = 'overlay' AND ${fact('overlay')} = ?`
    try {
      return await store.all<Told>(`${rows} GROUP BY subject, first_at ORDER BY first_at`, overlay)
    } finally {
      await store.close()
    }
  }

  /** What a browser sees of the program, from now until `end` is called. */
  async preview(): Promise<{ file: string; end(): Promise<void> }> {
    const file = join(this.files.path, 'preview.flv')
    const stream = await this.api.open('GET', '/preview/program.flv')
    const written = pipeline(stream, createWriteStream(file)).catch(() => {})
    return {
      file,
      end: () => {
        stream.destroy()
        return written
      },
    }
  }

  /** The shipped flow over a black ground, the example of the weather, and buttons of our own. */
  private async deploy(): Promise<void> {
    const service = `http://127.0.0.1:${(this.weather.address() as AddressInfo).port}`
    const set = (node: FlowNode): FlowNode => {
      if (node.type === 'vistter-slate') return { ...node, image: join(this.files.path, 'black.png') }
      const isWeather = node.type === 'tab' && node.id === 'weather'
      return isWeather ? { ...node, env: [{ name: 'WEATHER_URL', value: `${service}/`, type: 'str' }] } : node
    }
    const button = (id: string, payload: object, next: string): FlowNode => ({
      ...{ id, type: 'inject', ...at, props: [{ p: 'payload' }], once: false, repeat: '', crontab: '' },
      ...{ payload: JSON.stringify(payload), payloadType: 'json', wires: [[next]] },
    })
    const flows: FlowNode[] = [
      ...[...shipped('default.json'), ...shipped('examples/weather-lower-third.json')].map(set),
      { id: 'test', type: 'tab', label: 'Test' },
      button('scene-three', { scene: 'three' }, 'scenes'),
      button('say', { text: { word: 'MMM' } }, 'scenes'),
      button('ask', {}, 'request'),
      { id: 'scenes', type: 'vistter-ocl-overlay', ...at, overlay: 'scenes', wires: [[]] },
      {
        id: 'request',
        type: 'http request',
        ...at,
        method: 'GET',
        ret: 'txt',
        url: `${service}/hangs`,
        wires: [['value']],
      },
      { id: 'value', type: 'vistter-overlay-data', ...at, key: 'word', property: 'payload', ttl: 0, wires: [[]] },
    ]
    await until('the editor answers', async () => {
      const answer = await this.api.call('POST', '/editor/flows', flows, true)
      if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
      return true
    })
    await until('the example has stored its overlay', () => this.overlay('weather'))
  }
}

/** A PNG of one colour; of noise where none is given. */
export function square(colour?: string, side = 80): Buffer {
  const canvas = createCanvas(side, side)
  const context = canvas.getContext('2d')
  context.fillStyle = colour ?? '#ffffff'
  context.fillRect(0, 0, side, side)
  if (colour === undefined) {
    const image = context.getImageData(0, 0, side, side)
    let noise = 1
    for (let i = 0; i < image.data.length; i++) {
      noise = (noise * 48_271) % 0x7fff_ffff
      if (i % 4 < 3) image.data[i] = 128 + (noise % 128)
    }
    context.putImageData(image, 0, 0)
  }
  return canvas.toBuffer('image/png')
}

const shipped = (name: string): FlowNode[] => JSON.parse(readFileSync(join(projectRoot(), 'flows', name), 'utf8'))
