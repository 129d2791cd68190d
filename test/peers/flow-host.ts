import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CueTake, CueTaken } from '../../runtime/contract/cue-offer.ts'
import type { FlowMethod, FlowRequests, FlowState } from '../../runtime/contract/flow.ts'
import type { Wiring } from '../../runtime/contract/generated/wiring.v1.ts'
import { FlowHost } from '../../runtime/control/flow/flow-host.ts'
import type { FlowUser } from '../../runtime/control/flow/proxy.ts'
import type { NewEvent } from '../../runtime/control/ports.ts'
import { sleep } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { pathsFor, preparePaths } from '../../runtime/lib/paths.ts'

export interface FlowNode {
  id: string
  type: string
  [key: string]: unknown
}

/** Control's part of the flow host, with the real child process and Node-RED in it, and a front door without log-in. */
export class FlowHostRig {
  readonly data = mkdtempSync(join(tmpdir(), 'flow-rig-'))
  readonly paths = pathsFor(this.data)
  readonly wirings: Wiring[] = []
  readonly events: NewEvent[] = []
  readonly calls: { method: FlowMethod; params: unknown }[] = []
  /** Who the front door says is asking. */
  user: FlowUser = { username: 'ada', role: 'admin', session: 's1' }
  answer: (method: FlowMethod, params: unknown) => Promise<Record<string, unknown>> = async () => ({ ok: true })
  /** Cues that the flow has let go. */
  readonly passed: string[] = []
  cueTaken: (take: CueTake) => CueTaken | Promise<CueTaken> = () => ({ taken: true })
  /** Node-RED has started, for the first time or again. */
  started = (): void => {}
  readonly host: FlowHost
  private readonly door: Server

  /** `flows` is what stands in the flow file at the start; without it the first start ships its own. */
  constructor(flows?: FlowNode[]) {
    process.env.VISTTER_LOG_LEVEL ??= 'silent'
    preparePaths(this.paths)
    if (flows) {
      mkdirSync(this.paths.flows, { recursive: true })
      writeFileSync(join(this.paths.flows, 'flows.json'), JSON.stringify(flows))
    }
    const record = (method: FlowMethod) => async (params: unknown) => {
      this.calls.push({ method, params })
      return this.answer(method, params)
    }
    const requests: FlowRequests = {
      'program.take': record('program.take'),
      'preset.goto': record('preset.goto'),
      'program.override': record('program.override'),
      'program.release': record('program.release'),
      'program.sound': record('program.sound'),
      'overlay.put': record('overlay.put'),
      'overlay.play': record('overlay.play'),
      'overlay.stop': record('overlay.stop'),
      'overlay.reached': record('overlay.reached'),
      'data.put': record('data.put'),
      'destination.start': record('destination.start'),
      'destination.stop': record('destination.stop'),
      'destination.test': record('destination.test'),
      'timeline.put': record('timeline.put'),
      'timeline.start': record('timeline.start'),
      'timeline.stop': record('timeline.stop'),
      'timeline.jump': record('timeline.jump'),
      'timeline.skip': record('timeline.skip'),
      'timeline.extend': record('timeline.extend'),
      'timeline.hold': record('timeline.hold'),
      'timeline.release': record('timeline.release'),
      'schedule.list': async params => ({ schedules: [await record('schedule.list')(params)] }),
      'schedule.enable': async params => ({ schedules: [await record('schedule.enable')(params)] }),
      'cue.take': async take => {
        this.calls.push({ method: 'cue.take', params: take })
        return this.cueTaken(take)
      },
      'proof.list': async range => ({ rows: [await record('proof.list')(range)] }),
      'proof.report': async range => ({ advertisers: [await record('proof.report')(range)] }),
      'proof.verify': record('proof.verify'),
      'studio.carryOut': record('studio.carryOut'),
      'studio.answer': record('studio.answer'),
      'studio.tell': record('studio.tell'),
      'segment.queue': record('segment.queue'),
      'segment.play': record('segment.play'),
      'segment.preview': record('segment.preview'),
      'queue.start': record('queue.start'),
      'queue.stop': record('queue.stop'),
      'queue.skip': record('queue.skip'),
      'recording.start': record('recording.start'),
      'recording.stop': record('recording.stop'),
    }
    this.host = new FlowHost({
      paths: this.paths,
      log: createLog('rig', process.env.VISTTER_LOG_LEVEL),
      credentialSecret: 'a secret of this test',
      wiringChanged: wiring => this.wirings.push(wiring),
      ready: () => this.started(),
      left: () => {},
      event: event => this.events.push(event),
      requests,
      passed: offer => this.passed.push(offer),
    })
    this.door = createServer((req, res) => this.host.handle(req, res, this.user))
    this.door.on('upgrade', (req, socket, head) => this.host.upgrade(req, socket, head, this.user))
  }

  get port(): number {
    return (this.door.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.door.listen(0, '127.0.0.1', resolve))
    await this.host.start()
  }

  async stop(): Promise<void> {
    await this.host.stop()
    this.door.closeAllConnections()
    await new Promise<void>(resolve => this.door.close(() => resolve()))
    rmSync(this.data, { recursive: true, force: true })
  }

  publish(state: Partial<FlowState>): void {
    const nothing: FlowState = {
      engine: true,
      programs: [],
      cameras: [],
      overlays: [],
      data: [],
      encoders: [],
      destinations: [],
      recordings: [],
      timelines: [],
    }
    this.host.publish({ ...nothing, ...state })
  }

  /** Waits until `found` answers something, asking every 20 ms. */
  async until<T>(
    what: string,
    found: () => T | undefined | false | Promise<T | undefined | false>,
    ms = 20_000,
  ): Promise<T> {
    const end = performance.now() + ms
    for (;;) {
      const value = await found()
      if (value !== undefined && value !== false) return value
      if (performance.now() > end) throw new Error(`waited ${ms} ms in vain for: ${what}`)
      await sleep(20)
    }
  }

  /** The editor answers: Node-RED is up. */
  async ready(ms = 30_000): Promise<void> {
    await this.until('the editor', async () => (await this.get('/editor/settings')).status === 200, ms)
  }

  get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
    return this.ask('GET', path, headers)
  }

  /** Deploys as the editor does. `nodes` restarts the changed nodes alone. */
  async deploy(flows: FlowNode[], type: 'full' | 'nodes' | 'flows' = 'full'): Promise<void> {
    const headers = { 'content-type': 'application/json', 'node-red-deployment-type': type }
    const { status, body } = await this.ask('POST', '/editor/flows', headers, JSON.stringify(flows))
    if (status !== 204 && status !== 200) throw new Error(`deploy: ${status} ${body}`)
  }

  /** Deploys and answers the wiring that it leads to. */
  async wiringAfter(flows: FlowNode[], type?: 'full' | 'nodes' | 'flows'): Promise<Wiring> {
    const before = this.wirings.length
    await this.deploy(flows, type)
    return this.until('a new wiring', () => this.wirings.length > before && this.wirings.at(-1), 5_000)
  }

  /** Presses the button of an inject node in the editor, once it is there: a deploy is answered before its nodes are. */
  async press(node: string): Promise<void> {
    let status = 404
    const isThere = async () => {
      status = (await this.ask('POST', `/editor/inject/${node}`, {})).status
      return status !== 404
    }
    await this.until(`${node} is there`, isThere)
    if (status !== 200) throw new Error(`inject ${node}: ${status}`)
  }

  /** Long enough for a round to settle, and so for a wiring to come if one were to come. */
  async settled(): Promise<void> {
    await sleep(1_300)
  }

  private ask(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(`${this.url}${path}`, { method, headers, timeout: 10_000 }, (response: IncomingMessage) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      })
      call.on('timeout', () => call.destroy(new Error('no answer within 10 s')))
      call.on('error', reject)
      call.end(body)
    })
  }
}

/** The nodes of a small show, wired as the shipped one; `change` alters single nodes by id. */
export function smallShow(change: Record<string, Partial<FlowNode>> = {}): FlowNode[] {
  const at = { z: 'tab', x: 100, y: 100 }
  const nodes: FlowNode[] = [
    { id: 'tab', type: 'tab', label: 'Test' },
    { id: 'cam', type: 'vistter-camera', ...at, camera: '*', role: 'source', order: 10, wires: [['prog']] },
    { id: 'slate', type: 'vistter-slate', ...at, wires: [['prog']] },
    { id: 'prog', type: 'vistter-program', ...at, program: 'main', wires: [['ocl']] },
    { id: 'ocl', type: 'vistter-ocl-overlay', ...at, overlay: '*', wires: [['enc']] },
    { id: 'enc', type: 'vistter-encoder', ...at, profile: 'destination', wires: [['dest']] },
    { id: 'dest', type: 'vistter-destination', ...at, destination: '*', wires: [[]] },
  ]
  return nodes.map(node => ({ ...node, ...change[node.id] }))
}
