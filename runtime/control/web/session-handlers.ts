import { stringifySetCookie } from 'cookie'
import type { RequestHandler } from 'express'
import { identityOf } from './guard.ts'

export interface SessionDeps {
  /** Name of the cookie. */
  sessionCookie: string
  /** s */
  sessionLasts: number
  /** Answers the session's secret; throws WRONG_PASSWORD or TOO_MANY_TRIES. */
  signIn(username: string, password: string, address: string): Promise<string>
  signOut(sessionId: string): Promise<void>
}

/** Sign-in and sign-out: the two operations that set a cookie. */
export function sessionHandlers(deps: SessionDeps): Record<string, RequestHandler> {
  const { sessionCookie, sessionLasts, signIn, signOut } = deps
  const attributes = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const
  return {
    signIn: (request, response, next) => {
      const { username, password } = request.body as { username: string; password: string }
      signIn(username, password, request.socket.remoteAddress ?? '').then(secret => {
        response.append(
          'set-cookie',
          stringifySetCookie(sessionCookie, secret, { ...attributes, maxAge: sessionLasts }),
        )
        response.status(204).end()
      }, next)
    },
    getSession: (_request, response) => {
      const { name, role } = identityOf(response).actor
      response.set('cache-control', 'no-store').json({ username: name, role })
    },
    signOut: (_request, response, next) => {
      const { sessionId } = identityOf(response)
      const ended = sessionId ? signOut(sessionId) : Promise.resolve()
      ended.then(() => {
        response.append('set-cookie', stringifySetCookie(sessionCookie, '', { ...attributes, maxAge: 0 }))
        response.status(204).end()
      }, next)
    },
  }
}
