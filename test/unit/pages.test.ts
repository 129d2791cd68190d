import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pagesRouter } from '../../runtime/control/web/pages/pages.ts'

const appliance = { setUp: false, session: undefined as object | undefined }
const server = createServer(
  express().use(pagesRouter({ isSetUp: () => appliance.setUp, sessionOf: () => appliance.session })),
)
const get = (path: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { redirect: 'manual' })

beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => new Promise(done => server.close(done)))

test('/ leads to set-up, then to sign-in, then to the dashboard, and is never cached', async () => {
  const setUp = await get('/')
  expect(await setUp.text()).toContain('Finish set-up')
  expect(setUp.headers.get('cache-control')).toBe('no-store')
  appliance.setUp = true
  expect(await (await get('/')).text()).toContain('<h1>Sign in</h1>')
  appliance.session = {}
  const signedIn = await get('/')
  expect(signedIn.status).toBe(302)
  expect(signedIn.headers.get('location')).toBe('/dashboard')
})

test('the pages need no script or style that stands inside them, so a strict content security policy holds', async () => {
  appliance.session = undefined
  for (const [setUp, title] of [
    [false, 'Set up VistterStream'],
    [true, 'Sign in to VistterStream'],
  ] as const) {
    appliance.setUp = setUp
    const html = await (await get('/')).text()
    expect(html).toContain(`<title>${title}</title>`)
    expect(html).not.toContain('{{')
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect((await get(path)).status, path).toBe(200)
  }
})

test('nothing outside the static folder is served', async () => {
  expect((await get('/pages/../pages.ts')).status).toBe(404)
  expect((await get('/pages/%2e%2e/pages.ts')).status).toBe(404)
})
