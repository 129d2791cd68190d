import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnnouncedAsset, AssetCache, Problem } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Role } from '../../runtime/control/ports.ts'
import { apiRouter, routes } from '../../runtime/control/web/api.ts'
import { problemHandler } from '../../runtime/control/web/problems.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { svgOf } from '../peers/asset-server.ts'
import { AssetStage, documentOf } from '../peers/asset-stage.ts'

let stage: AssetStage
let server: Server
let role: Role = 'operator'

/** The API itself, its answers checked against its document, with nothing behind it but the assets. */
beforeEach(async () => {
  stage = new AssetStage()
  await stage.begin()
  const gate = {
    identify: async () => ({ actor: { kind: 'user' as const, name: 'ann', role }, readOnly: false }),
    mayActAs: (has: Role, needed: Role) => has !== 'viewer' || needed === 'viewer',
    fromOwnPage: () => true,
    onSessionEnd: () => () => {},
  }
  const others = Object.fromEntries(routes().map(({ operationId }) => [operationId, async () => undefined]))
  const operations = { ...others, ...stage.assets.operations() }
  const app = express()
  app.use('/api/v1', apiRouter({ gate, operations, handlers: {}, incoming: stage.path, checkAnswers: true }))
  app.use(problemHandler(createLog('test', 'silent')))
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  role = 'operator'
  server.close()
  await stage.end()
})

async function ask<Body>(method: string, path: string, body?: object): Promise<{ status: number; body: Body }> {
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const headers = { 'content-type': 'application/json' }
  const sent = body && { body: JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers, ...sent })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}

test('the API lists files with who needs them, deletes them, and takes manifests', async () => {
  const [air, idle] = ['air', 'idle'].map(name => stage.server.put(`/${name}`, svgOf(name)))
  if (!air || !idle) throw new Error('two were made')
  await stage.store('show', documentOf(air), true)
  await stage.store('later', documentOf(idle))
  const synced = await ask<AnnouncedAsset[]>('POST', '/assets/sync', {
    manifest: [
      { ...idle, version: 3 },
      { id: 'gone', url: stage.server.url('/gone'), sha256: 'ab'.repeat(32), mediaType: 'image/png', version: 1 },
    ],
  })
  expect(synced).toMatchObject({
    status: 200,
    body: [
      { id: 'idle', version: 3, status: 'ready' },
      { id: 'gone', version: 1, status: 'failed', error: { code: 'ASSET_ANSWER' }, nextAt: expect.any(String) },
    ],
  })
  const listed = await ask<AssetCache>('GET', '/assets/cache')
  expect(listed.status).toBe(200)
  expect(listed.body.files.map(({ pinned, uses }) => [pinned, uses])).toEqual([
    [true, [{ overlay: 'show', asset: 'air', version: 1, playing: true }]],
    [
      true,
      [
        { overlay: 'later', asset: 'idle', version: 1, playing: false },
        { asset: 'idle', version: 3, playing: false },
      ],
    ],
  ])
  expect((await ask<Problem>('DELETE', `/assets/cache/${air.sha256}`)).body).toMatchObject({ code: 'CONFLICT' })
  expect((await ask('DELETE', `/assets/cache/${idle.sha256}`)).status).toBe(204)
  expect((await ask<AssetCache>('DELETE', '/assets/cache')).body.files).toHaveLength(1)
})

test('the API lets viewers look, and refuses manifests that are none', async () => {
  expect((await ask<Problem>('POST', '/assets/sync', { manifest: [{ id: 'x' }] })).body.code).toBe('BAD_REQUEST')
  expect((await ask('DELETE', '/assets/cache/nonsense')).status).toBe(400)
  role = 'viewer'
  expect((await ask('GET', '/assets/cache')).status).toBe(200)
  expect((await ask('DELETE', '/assets/cache')).status).toBe(403)
})
