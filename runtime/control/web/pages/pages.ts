import { readFileSync } from 'node:fs'
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
  const pages = { setup: whole(folder, 'setup'), 'sign-in': whole(folder, 'sign-in') }
  const router = express.Router()
  router.use('/pages', express.static(folder, { index: false, redirect: false, maxAge: '5m' }))
  router.get('/', (req, res, next) => {
    pageFor(req, deps)
      .then(page => {
        // Which page it is changes with the session, so no cache may answer for us.
        res.set('cache-control', 'no-store')
        if (page) res.type('html').send(pages[page])
        else res.redirect('/dashboard')
      })
      .catch(next)
  })
  return router
}

async function pageFor(req: Request, deps: PagesDeps): Promise<keyof typeof TITLES | undefined> {
  if (!(await deps.isSetUp())) return 'setup'
  return (await deps.sessionOf(req)) ? undefined : 'sign-in'
}

const TITLES = { setup: 'Set up VistterStream', 'sign-in': 'Sign in to VistterStream' }

/** A page is its form in the frame that all of them share. */
function whole(folder: string, page: keyof typeof TITLES): string {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const parts: Record<string, string> = { title: TITLES[page], page, form: read(`${page}.html`).trimEnd() }
  return read('frame.html').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '')
}
