import type { Request, RequestHandler, Response } from 'express'
import { VistterError } from '../../contract/errors.ts'
import type { Actor, Role } from '../ports.ts'

export interface Identity {
  actor: Actor
  sessionId?: string
  readOnly: boolean
}

/** What the web asks of the access part. */
export interface Gate {
  identify(headers: Request['headers']): Promise<Identity | undefined>
  mayActAs(role: Role, needed: Role): boolean
  fromOwnPage(headers: Request['headers']): boolean
  /** `close` runs when the session ends. Answers how to forget it. */
  onSessionEnd(sessionId: string, close: () => void): () => void
}

export interface Need {
  role: Role
  /** Changes nothing although it is a POST: tokens that only read may do it. */
  readsOnly: boolean
}

/** Who makes this request; set by a guard that ran before. */
export const identityOf = (response: Response): Identity => response.locals.identity

/** Lets pass who may: 401 for nobody, 403 for the wrong role, a token that only reads, or a page of another site. */
export function guard(gate: Gate, { role, readsOnly }: Need): RequestHandler {
  return (request, response, next) => {
    admit(gate, request, role, readsOnly).then(identity => {
      response.locals.identity = identity
      next()
    }, next)
  }
}

/** For requests that need no identity but change something: they too must come from our own pages. */
export function ownPagesOnly(gate: Gate): RequestHandler {
  return (request, _response, next) => {
    next(reads(request) || gate.fromOwnPage(request.headers) ? undefined : foreign())
  }
}

async function admit(gate: Gate, request: Request, role: Role, readsOnly: boolean): Promise<Identity> {
  const identity = await gate.identify(request.headers)
  if (!identity) throw new VistterError('NOT_SIGNED_IN', 'This needs a sign-in or a token.')
  const changes = !reads(request) && !readsOnly
  if (identity.readOnly && changes) throw new VistterError('FORBIDDEN', 'This token may only read.')
  if (identity.sessionId && changes && !gate.fromOwnPage(request.headers)) throw foreign()
  if (!gate.mayActAs(identity.actor.role, role))
    throw new VistterError('FORBIDDEN', `This needs the role ${role}; you have the role ${identity.actor.role}.`)
  return identity
}

const reads = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'

const foreign = () => new VistterError('FORBIDDEN', 'The request comes from a page of another site.')

/** How often a long answer asks whether its reader is still welcome (ms). */
const ASK_EVERY = 15_000

/** Ends a long answer (stream, preview) when its session ends or its token is revoked. */
export function whileWelcome(gate: Gate, request: Request, response: Response): void {
  const { sessionId } = identityOf(response)
  const end = () => response.destroy()
  const forget = sessionId ? gate.onSessionEnd(sessionId, end) : () => {}
  const asking = setInterval(() => {
    gate.identify(request.headers).then(identity => identity ?? end(), end)
  }, ASK_EVERY)
  response.once('close', () => {
    clearInterval(asking)
    forget()
  })
}
