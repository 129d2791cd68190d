import { join } from 'node:path'
import express, { type Request, type Router } from 'express'

export interface PagesDeps {
  /** Whether the first administrator exists. */
  isSetUp(): boolean | Promise<boolean>
  /** The session behind a request's cookie; anything false means not signed in. */
  sessionOf(req: Request): unknown
  /** Folder of the static files; the build may have put them elsewhere. */
  staticFolder?: string
}

/** Beside this file in the sources; beside the bundle's main.js in the build. */
const STATIC_FOLDER = join(import.meta.dirname, 'static')

/**
 * `/` leads everyone to the right place: the set-up page on a new appliance, the sign-in page without a session, else the
 * dashboard. The files of both pages are open under /pages: they hold nothing that a stranger may not see.
 */
export function pagesRouter(deps: PagesDeps): Router {
  const folder = deps.staticFolder ?? STATIC_FOLDER
  const router = express.Router()
  router.use('/pages', express.static(folder, { index: false, redirect: false, maxAge: '5m' }))
  router.get('/', (req, res, next) => {
    pageFor(req, deps)
      .then(page => {
        // Which page it is changes with the session, so no cache may answer for us.
        res.set('cache-control', 'no-store')
        if (page) res.sendFile(page, { root: folder, cacheControl: false })
        else res.redirect('/dashboard')
      })
      .catch(next)
  })
  return router
}

async function pageFor(req: Request, deps: PagesDeps): Promise<string | undefined> {
  if (!(await deps.isSetUp())) return 'setup.html'
  return (await deps.sessionOf(req)) ? undefined : 'sign-in.html'
}
