/** The few parts of the embedding API that we use (nodered.org/docs/api/runtime, release 5); it ships no types. */
declare module 'node-red' {
  import type { EventEmitter } from 'node:events'
  import type { Server } from 'node:http'
  import type { RequestHandler } from 'express'

  const RED: {
    init(server: Server, settings: Record<string, unknown>): void
    start(): Promise<void>
    stop(): Promise<void>
    readonly events: EventEmitter
    readonly hooks: import('./cue-traces.ts').Hooks
    readonly httpAdmin: RequestHandler
    readonly httpNode: RequestHandler
  }
  export default RED
}
