import type { ServerResponse } from 'node:http'
import type { FlvTag } from '../media/tag.ts'
import { FLV_HEADER, flvBytes } from './flv.ts'
import { Gate } from './gate.ts'
import type { Relay } from './relay.ts'

/** A viewer who is this far behind (bytes) loses everything up to the next keyframe. */
const MOST_WAITING = 4 * 1024 * 1024

/** One viewer of a live FLV over HTTP. The last group of pictures comes first, so there is a picture at once. */
export class LiveFlv {
  private readonly gate = new Gate()
  private leave: () => void = () => {}
  private readonly relay: Relay
  private readonly response: ServerResponse

  constructor(relay: Relay, response: ServerResponse) {
    this.relay = relay
    this.response = response
  }

  start(): void {
    this.response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' })
    this.response.write(FLV_HEADER)
    this.leave = this.relay.join({ tag: tag => this.take(tag) }, 'gop')
  }

  stop(): void {
    this.leave()
  }

  private take(tag: FlvTag): void {
    if (this.response.writableLength > MOST_WAITING) {
      this.gate.restart()
      return
    }
    const passed = this.gate.pass(tag)
    if (passed) this.response.write(flvBytes(passed))
  }
}
