import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { VistterError } from '../../../contract/errors.ts'
import type { HttpProxy } from '../../../contract/generated/engine.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import { throughProxy } from '../../../lib/proxy-env.ts'
import { type Content, NOTHING } from './content.ts'
import type { Pace } from './pace.ts'
import { put } from './put.ts'
import { addressOf, rightTo, type Target } from './target.ts'

/** WebDAV servers answer 409 where a folder is missing (RFC 4918, 9.7.1); nginx says 500. */
const FOLDER_MISSING = new Set<string>(['UPLOAD_NO_FOLDER', 'UPLOAD_FAILED'])

/** Sends files to one place, one after another over one connection, at a pace. */
export class Sender {
  private readonly agent: HttpAgent
  private readonly target: Target
  private readonly clock: Clock
  private readonly pace: Pace

  constructor(target: Target, proxy: HttpProxy | undefined, clock: Clock, pace: Pace) {
    const options = { keepAlive: true, maxSockets: 1, ...(proxy && { proxyEnv: throughProxy(proxy) }) }
    this.agent = target.url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options)
    this.target = target
    this.clock = clock
    this.pace = pace
  }

  /** Resolves when all of it was acknowledged. A folder that a WebDAV server misses is made. Throws VistterError. */
  async send(recording: string, file: string, content: Content, signal: AbortSignal): Promise<void> {
    const write = () => this.ask('PUT', addressOf(this.target, recording, file), content, signal)
    try {
      await write()
    } catch (error) {
      const missing = error instanceof VistterError && FOLDER_MISSING.has(error.code)
      if (!missing || this.target.kind !== 'put' || !(await this.makeFolder(recording, signal))) throw error
      await write()
    }
  }

  close(): void {
    this.agent.destroy()
  }

  private makeFolder(recording: string, signal: AbortSignal): Promise<boolean> {
    return this.ask('MKCOL', addressOf(this.target, recording, ''), NOTHING, signal).then(
      () => true,
      () => false,
    )
  }

  private async ask(method: 'PUT' | 'MKCOL', url: URL, content: Content, signal: AbortSignal): Promise<void> {
    const { size, sha256 } = content
    const headers = await rightTo(this.target, { method, url, sha256, now: this.clock.now() })
    await put({ method, url, headers, size, body: this.paced(content, signal), agent: this.agent, signal })
  }

  private async *paced(content: Content, signal: AbortSignal): AsyncGenerator<Buffer> {
    for await (const chunk of content.read()) {
      await this.pace.take(chunk.length, signal)
      if (signal.aborted) return
      yield chunk
    }
  }
}
