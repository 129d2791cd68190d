import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RequestHandler } from 'express'
import { VistterError } from '../../contract/errors.ts'
import type { Role } from '../ports.ts'
import type { Gate, Identity } from './guard.ts'
import { under } from './security-headers.ts'

interface FlowUser {
  username: string
  role: Role
  session?: string
}

/** Whoever passes requests on to Node-RED. */
export interface FlowBackend {
  handle(request: IncomingMessage, response: ServerResponse, user: FlowUser): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, user: FlowUser): void
  closeSession(session: string): void
}

/** The dashboard loads its widgets from the editor's resources, so these are for everyone who is signed in. */
const neededRole = (path: string): Role =>
  under(path, '/dashboard') || under(path, '/editor/resources') ? 'viewer' : 'admin'

const leadsToFlow = (path: string): boolean => under(path, '/dashboard') || under(path, '/editor')

/** The door to editor and dashboard: one log-in for everything. Only sessions pass, tokens are for the API. */
export function flowDoor(gate: Gate, flow: FlowBackend): RequestHandler {
  return (request, response, next) => {
    signedIn(gate, request, request.originalUrl)
      .then(identity => {
        if (identity) flow.handle(request, response, userOf(identity))
        else if (request.method === 'GET' && request.accepts(['json', 'html']) === 'html')
          response.redirect(`/?next=${encodeURIComponent(request.originalUrl)}`)
        else next(new VistterError('NOT_SIGNED_IN', 'This needs a sign-in.'))
      })
      .catch(next)
  }
}

/** The same door for web sockets, which ends them with their session. */
export async function flowUpgrade(
  gate: Gate,
  flow: FlowBackend,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'https://host').pathname
  const identity = leadsToFlow(path) ? await signedIn(gate, request, path).catch(() => undefined) : undefined
  if (!identity?.sessionId) {
    socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
    return
  }
  const session = identity.sessionId
  const forget = gate.onSessionEnd(session, () => flow.closeSession(session))
  socket.once('close', forget)
  flow.upgrade(request, socket, head, userOf(identity))
}

async function signedIn(gate: Gate, request: IncomingMessage, url: string): Promise<Identity | undefined> {
  const identity = await gate.identify(request.headers)
  if (!identity?.sessionId) return undefined
  const role = neededRole(url.split('?')[0] ?? url)
  if (!gate.mayActAs(identity.actor.role, role))
    throw new VistterError('FORBIDDEN', `This needs the role ${role}; you have the role ${identity.actor.role}.`)
  if (request.method !== 'GET' && request.method !== 'HEAD' && !gate.fromOwnPage(request.headers))
    throw new VistterError('FORBIDDEN', 'The request comes from a page of another site.')
  return identity
}

const userOf = ({ actor, sessionId }: Identity): FlowUser => ({
  username: actor.name,
  role: actor.role,
  ...(sessionId && { session: sessionId }),
})
