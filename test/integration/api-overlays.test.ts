import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event, OverlaySummary, Problem, Program } from '../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage } from '../peers/api-stage.ts'
import { until } from '../peers/run.ts'

const stage = new ApiStage('api-overlays')
const { control, ask, get } = stage
beforeAll(() => stage.begin())
afterAll(() => stage.end())

describe('overlays', () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>',
  )
  const asset = {
    id: 'logo',
    url: `data:image/svg+xml;base64,${svg.toString('base64')}`,
    sha256: createHash('sha256').update(svg).digest('hex'),
    mediaType: 'image/svg+xml',
  }
  const cue = { id: 'c', start: 0, duration: '1h', layer: 0, assetRef: 'logo' }
  const document = {
    ocl: '1.0',
    timeline: { id: 'tl', version: 1, frameRate: 30, resolution: { width: 1_920, height: 1_080 } },
    assets: [asset],
    scenes: [
      {
        id: 's',
        start: 0,
        tracks: [
          {
            id: 't',
            kind: 'lower-third',
            cues: [{ ...cue, duration: 3_600_000, properties: { position: { anchor: 'center', x: 0, y: 0 } } }],
          },
        ],
      },
    ],
  }

  it('are stored as sent, with warnings for what is not known', async () => {
    const sent = { ...document, surprise: 1 }
    const stored = await ask<{ accepted: true; warnings: { code: string; path: string }[] }>(
      'PUT',
      '/overlays/brand',
      sent,
    )
    expect(stored.status).toBe(200)
    expect(stored.body.accepted).toBe(true)
    expect(stored.body.warnings).toMatchObject([{ code: 'OCL_UNSUPPORTED_DIRECTIVE', path: '/surprise' }])
    expect(await get('/overlays/brand')).toEqual(sent)
    expect((await ask('POST', '/ocl/validate', sent)).body).toEqual(stored.body)
  })

  it('are refused whole when their structure is broken, each error by its path', async () => {
    const broken = { ...document, scenes: [{ id: 's', start: 'soon', tracks: [] }] }
    const told = await ask<Problem & { errors: { path: string }[] }>('PUT', '/overlays/brand', broken)
    expect(told.status).toBe(422)
    expect(told.body.errors.map(({ path }) => path)).toContain('/scenes/0/start')
    expect(told.body.code).toMatch(/^OCL_/)
    expect(await get<{ scenes: object[] }>('/overlays/brand')).toMatchObject({ scenes: document.scenes })
    expect((await ask('PUT', '/overlays/brand', { ...document, ocl: '2.0' })).body.code).toBe('OCL_VERSION')
  })

  it('play and stop; their pictures are here by then', async () => {
    const played = await ask<OverlaySummary>('POST', '/overlays/brand/play', { scene: 's' })
    expect(played.body).toMatchObject({ id: 'brand', playing: { scene: 's', startedAt: expect.any(String) } })
    expect(readdirSync(join(control.paths.assets, 'overlays'))).toEqual([asset.sha256])
    await until('the overlay is on air', async () => {
      const { overlays } = await get<Program>('/program')
      return overlays.some(({ id, scene, layers }) => id === 'brand' && scene === 's' && layers === 1)
    })
    expect((await ask('POST', '/overlays/brand/play', { scene: 'none' })).body.code).toBe('UNKNOWN_REFERENCE')
    expect((await ask<OverlaySummary>('POST', '/overlays/brand/stop')).body.playing).toBeNull()
    await until('it has gone', async () => (await get<Program>('/program')).overlays.length === 0)
    expect((await ask('DELETE', '/overlays/brand')).status).toBe(204)
    expect((await ask('POST', '/overlays/brand/play')).status).toBe(404)
  })

  it('play without a picture that cannot be had, and that is told', async () => {
    const missing = { ...asset, sha256: '0'.repeat(64) }
    await ask('PUT', '/overlays/poor', { ...document, assets: [missing] })
    expect((await ask<OverlaySummary>('POST', '/overlays/poor/play')).status).toBe(200)
    const [event] = await get<Event[]>('/events?type=asset.missing')
    expect(event).toMatchObject({ severity: 'warning', message: expect.stringContaining('checksum') })
    await ask('DELETE', '/overlays/poor')
  })
})
