import type { RequestHandler } from 'express'
import type { Role } from '../ports.ts'
import { type Gate, identityOf, whileWelcome } from './guard.ts'
import type { LiveFeed } from './live-feed.ts'

const HEARTBEAT_MS = 15_000
/** A reader this far behind (bytes) is cut off: it comes back and gets the whole state. */
const TOO_FAR_BEHIND = 4 * 1024 * 1024

/** Not everything on the stream is for everyone: what of it is for this role, if anything. */
export type HeardBy = (role: Role, event: string, data: object) => object | undefined

interface Deps {
  gate: Gate
  feed: Pick<LiveFeed, 'listen'>
  heardBy: HeardBy
}

/** Server-sent events (HTML Living Standard, 9.2): the state of everything, then every change, as long as the session lasts. */
export function streamHandler({ gate, feed, heardBy }: Deps): RequestHandler {
  return (request, response) => {
    const { role } = identityOf(response).actor
    // no-transform also keeps the compression from collecting what should go out at once.
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' })
    response.write('retry: 1000\n\n')
    whileWelcome(gate, request, response)
    const send = (text: string) => {
      if (response.writableLength > TOO_FAR_BEHIND) response.destroy()
      else response.write(text)
    }
    const leave = feed.listen((event, data) => {
      const heard = heardBy(role, event, data)
      if (heard) send(`event: ${event}\ndata: ${JSON.stringify(heard)}\n\n`)
    })
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS)
    response.once('close', () => {
      clearInterval(heartbeat)
      leave()
    })
  }
}
