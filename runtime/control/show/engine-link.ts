import { ResponseError } from 'vscode-jsonrpc/node'
import { asErrorCode, VistterError } from '../../contract/errors.ts'
import type {
  Applied,
  DesiredState,
  EngineEvent,
  EngineState,
  HttpProxy,
  PictureAnswer,
  PictureRequest,
  Stillness,
} from '../../contract/generated/engine.v1.ts'
import type { DestinationTest, TestResult } from '../../contract/generated/openapi.v1.ts'
import { within } from '../../lib/clock.ts'
import { RpcClient } from '../../lib/rpc.ts'

const ANSWER_MS = 8_000
/** The engine itself gives up after 15 s. */
const PROBE_MS = 17_000
/** Asked ten times a second, of a moment. */
const STILLNESS_MS = 500
/** Drawing a large overlay for the first time takes a while. */
const PICTURE_MS = 20_000
/** The engine itself gives up after 10 s. */
const PREFLIGHT_MS = 12_000

export interface PreflightTarget {
  url: string
  streamKey?: string
  proxy?: HttpProxy
  /** It is on air now: its key is not to be tried, and what it sends is the measure of the uplink. */
  live?: { videoBitrate: number; queueSeconds: number }
}

interface Hooks {
  /** A connection stands: the engine may know nothing yet. */
  connected(): void
  disconnected(): void
  state(): void
  event(event: EngineEvent): void
}

/** Control's end of the line to the engine, and the last that was heard from there. */
export class EngineLink {
  private last: EngineState | undefined
  private readonly client: RpcClient

  constructor(socket: string, hooks: Hooks) {
    this.client = new RpcClient(socket, {
      opened: async rpc => {
        rpc.onNotification('state', (state: EngineState) => {
          this.last = state
          hooks.state()
        })
        rpc.onNotification('event', (event: EngineEvent) => hooks.event(event))
        await rpc.sendNotification('listening')
        hooks.connected()
      },
      closed: () => {
        this.last = undefined
        hooks.disconnected()
      },
    })
  }

  /** What the engine said last; undefined while it is away. */
  get state(): EngineState | undefined {
    return this.last
  }

  get connected(): boolean {
    return this.client.connected
  }

  start(): void {
    this.client.start()
  }

  stop(): void {
    this.client.stop()
  }

  /** Throws ENGINE_DOWN without an answer, INTERNAL when the answer is no: then the same again would be refused again. */
  async apply(desired: DesiredState): Promise<Applied> {
    const applied = await this.ask<Applied>('apply', desired, ANSWER_MS)
    await this.refresh()
    return applied
  }

  /** Asks for the state at once, for an answer that must tell the state after a command. */
  async refresh(): Promise<EngineState> {
    this.last = await this.ask<EngineState>('status', undefined, ANSWER_MS)
    return this.last
  }

  probe(target: { url: string; username?: string; password?: string }): Promise<TestResult> {
    return this.ask<TestResult>('probe', target, PROBE_MS)
  }

  preflight(target: PreflightTarget): Promise<DestinationTest> {
    return this.ask<DestinationTest>('preflight', target, PREFLIGHT_MS)
  }

  stillness(source: string): Promise<Stillness> {
    return this.ask<Stillness>('stillness', { source }, STILLNESS_MS)
  }

  /** As PNG. Throws what the engine says is in the way. */
  async picture(request: PictureRequest): Promise<Buffer> {
    const { png, fault } = await this.ask<PictureAnswer>('picture', request, PICTURE_MS)
    if (png !== undefined) return Buffer.from(png, 'base64')
    throw new VistterError(asErrorCode(fault?.code) ?? 'RENDERER_FAILED', fault?.detail ?? 'No picture could be drawn.')
  }

  private ask<T>(method: string, params: unknown, ms: number): Promise<T> {
    if (!this.connected) return Promise.reject(down('is not there'))
    return within(ms, 'no answer', this.client.request<T>(method, params)).catch(error => {
      const why = error instanceof Error ? error.message : String(error)
      if (method === 'apply' && error instanceof ResponseError)
        throw new VistterError('INTERNAL', why.replace('Request apply failed with message: ', ''))
      throw down(`did not answer to ${method}: ${why}`)
    })
  }
}

const down = (what: string): VistterError => new VistterError('ENGINE_DOWN', `The picture engine ${what}.`)
