import type { RequestHandler } from 'express'
import helmet from 'helmet'

type Directives = Record<string, string[]>

/** Our own pages: scripts from here only. Video plays from blob: addresses that the player makes. */
const OURS: Directives = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  mediaSrc: ["'self'", 'blob:'],
  workerSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'", 'wss:'],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'self'"],
}

/** One ui-template node of an integrator makes the dashboard compile at run time, which needs 'unsafe-eval'. */
const DASHBOARD: Directives = { ...OURS, scriptSrc: ["'self'", "'unsafe-eval'"] }

/** The editor of Node-RED has inline scripts and compiles; only administrators see it. */
const EDITOR: Directives = { ...OURS, scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'"] }

/** No HSTS: with a self-signed certificate it would take the browser's "go on anyway" away. */
const headersWith = (directives: Directives): RequestHandler =>
  helmet({ contentSecurityPolicy: { useDefaults: false, directives }, strictTransportSecurity: false })

/** What a browser may do with our answers, by where they come from. */
export function securityHeaders(): RequestHandler {
  const [ours, dashboard, editor] = [OURS, DASHBOARD, EDITOR].map(headersWith)
  return (request, response, next) => {
    const headers = under(request.path, '/editor') ? editor : under(request.path, '/dashboard') ? dashboard : ours
    headers?.(request, response, next)
  }
}

/** Whether a path is a folder or stands below it. */
export const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
