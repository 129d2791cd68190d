import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Camera,
  DataValue,
  Destination,
  Event,
  Health,
  Program,
  Settings,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage, messagesOf } from '../peers/api-stage.ts'
import { until } from '../peers/run.ts'

const stage = new ApiStage('api')
const { control, ask, get } = stage
beforeAll(() => stage.begin())
afterAll(() => stage.end())

/** Nothing listens there: port 9 is discard, which no system runs any more. */
const NOWHERE = '127.0.0.1:9'

describe('conventions', () => {
  it('errors are problem documents with a code, what happened and what to do', async () => {
    for (const [method, path, status, code, body] of [
      ['GET', '/nothing', 404, 'NOT_FOUND'],
      ['DELETE', '/settings', 405, 'METHOD_NOT_ALLOWED'],
      ['GET', '/cameras/none', 404, 'NOT_FOUND'],
      ['GET', '/cameras?surprise=1', 400, 'BAD_REQUEST'],
      ['GET', '/events?limit=1001', 400, 'BAD_REQUEST'],
      ['POST', '/destinations', 400, 'BAD_REQUEST', { name: 'x', platform: 'myspace' }],
      ['POST', '/destinations', 400, 'BAD_REQUEST', { name: 'x', platform: 'rtmp' }],
      ['PUT', '/data/x', 413, 'TOO_LARGE', { value: 'x'.repeat(200_000) }],
      ['PUT', '/data/not%20a%20key', 400, 'BAD_REQUEST', { value: 1 }],
    ] as const) {
      const told = await ask(method, path, body)
      expect(told.headers['content-type'], path).toContain('application/problem+json')
      expect(told.body, path).toMatchObject({ status, code, detail: expect.any(String), hint: expect.any(String) })
      expect(told.status, path).toBe(status)
    }
  })

  it('a body that is no JSON, of another type, or with an unknown field is named', async () => {
    const sent = (body: string, type: string) => fetchRaw('POST', '/program/take', body, { 'content-type': type })
    expect((await sent('{', 'application/json')).status).toBe(400)
    expect((await sent('source=slate', 'application/x-www-form-urlencoded')).status).toBe(400)
    const told = await ask('POST', '/program/take', { source: 'slate', surprise: true })
    expect(told.body).toMatchObject({ status: 400, detail: expect.stringContaining('surprise') })
  })

  it('pages and answers come with headers that keep other sites out', async () => {
    const { headers } = await control.ask({ path: '//', cookie: stage.cookie, headers: { accept: 'text/html' } })
    expect(headers['content-security-policy']).toContain("script-src 'self';")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  async function fetchRaw(method: string, path: string, body: string, headers: Record<string, string>) {
    const { request } = await import('node:https')
    return new Promise<{ status: number }>((resolve, reject) => {
      request(`${control.origin}/api/v1${path}`, {
        method,
        headers: { ...headers, cookie: stage.cookie },
        rejectUnauthorized: false,
      })
        .once('response', response => resolve({ status: response.resume().statusCode ?? 0 }))
        .once('error', reject)
        .end(body)
    })
  }
})

describe('settings', () => {
  it('merge, know their versions and what each changed; null brings back what was there', async () => {
    const before = await get<Settings>('/settings')
    expect(before).toMatchObject({ slateAfterMs: 2_000, readinessMs: 30_000, program: { width: 1_920, fps: 30 } })
    const patch = { tokens: { tide: 'high', wind: 'NW' }, slateAfterMs: 1_500 }
    expect((await ask<Settings>('PATCH', '/settings', patch)).body).toEqual({ ...before, ...patch })
    const less = await ask<Settings>('PATCH', '/settings', { tokens: { wind: null }, slateAfterMs: null })
    expect(less.body).toEqual({ ...before, tokens: { tide: 'high' } })
    await ask('PATCH', '/settings', {})

    const versions = await get<{ version: number; settings: Settings; actor: string }[]>('/settings/versions')
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(versions[0]).toMatchObject({ settings: less.body, actor: 'Ada' })
    expect(await get('/settings/versions/3/diff')).toEqual([
      { path: '/slateAfterMs', from: 1_500, to: 2_000 },
      { path: '/tokens/wind', from: 'NW' },
    ])
    expect((await ask('GET', '/settings/versions/4/diff')).status).toBe(404)
  })

  it.each([{ timezone: 'Mars/Olympus' }, { locale: 'no such' }, { program: { width: 101 } }, { slateAfterMs: 5 }])(
    'refuse %o',
    async patch => expect((await ask('PATCH', '/settings', patch)).body).toMatchObject({ code: 'BAD_REQUEST' }),
  )
})

describe('cameras', () => {
  it('are refused with what their test found, or kept without it when forced', async () => {
    const url = `rtsp://me:s3cret-word@${NOWHERE}/stream`
    const test = await ask<{ ok: boolean; steps: object[] }>('POST', '/cameras/test', { url })
    expect(test.body).toMatchObject({ ok: false, steps: [{ step: 'reach', ok: false, hint: expect.any(String) }] })
    const refused = await ask('POST', '/cameras', { name: 'Pier', url })
    expect(refused.body).toMatchObject({ status: 422, code: 'CAMERA_UNREACHABLE', steps: expect.any(Array) })
    expect(await get('/cameras')).toEqual([])

    const made = await ask<Camera>('POST', '/cameras?force=true', { name: 'Pier', url })
    expect(made.status).toBe(201)
    const { id, ...camera } = made.body
    expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(camera).toMatchObject({ url: `rtsp://${NOWHERE}/stream`, username: 'me', audio: 'off', onFrozen: 'flag' })
    expect(camera.state).toMatchObject({ lastFrameAt: null, currentPreset: null, moving: false, video: null })
    const offline = await until('the camera is offline', async () => {
      const { state } = await get<Camera>(`/cameras/${id}`)
      return state.status === 'offline' && state
    })
    expect(offline.error).toMatchObject({ code: 'CAMERA_UNREACHABLE', hint: expect.any(String) })
  })

  it('keep secrets that a patch leaves out, clear what it sets to null, and never tell one', async () => {
    const [{ id } = { id: '' }] = await get<Camera[]>('/cameras')
    const path = `/cameras/${id}`
    const onvif = { host: '10.0.0.2', port: 80, username: 'o', password: 'onvif-word' }
    const changed = await ask<Camera>('PATCH', path, { name: 'Quay', onvif })
    expect(changed.body).toMatchObject({ name: 'Quay', username: 'me', onvif: { host: '10.0.0.2', username: 'o' } })
    expect(JSON.stringify(changed.body)).not.toMatch(/onvif-word|s3cret/)
    const cleared = await ask<Camera>('PATCH', path, { username: null, onvif: null })
    expect(cleared.body.username).toBeUndefined()
    expect(cleared.body.onvif).toBeUndefined()
    expect((await ask('PATCH', path, { url: 'ftp://x' })).status).toBe(400)
    expect((await ask('PATCH', path, { onvif: { port: 1 } })).status).toBe(400)
    expect((await ask('PATCH', path, { name: null })).status).toBe(400)
    const kept = readdirSync(control.paths.data).filter(name => name.startsWith('vistter.db'))
    for (const name of kept)
      expect(readFileSync(join(control.paths.data, name), 'latin1')).not.toMatch(/onvif-word|s3cret-word/)
  })

  it('have a snapshot of what there is: none without a picture', async () => {
    const [{ id } = { id: '' }] = await get<Camera[]>('/cameras')
    expect((await ask('GET', `/cameras/${id}/snapshot.jpg`)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    const slate = await control.open({ path: '/cameras/slate/snapshot.jpg', cookie: stage.cookie })
    expect([slate.statusCode, slate.headers['content-type']]).toEqual([200, 'image/jpeg'])
    slate.destroy()
  })
})

describe('the program', () => {
  it('shows what was taken, and refuses what does not exist', async () => {
    const [{ id } = { id: '' }] = await get<Camera[]>('/cameras')
    const taken = await ask<Program>('POST', '/program/take', { source: id })
    expect(taken.body).toMatchObject({ wanted: id, override: null })
    const slate = { source: 'slate', transition: { type: 'fade', duration: '200ms' } }
    const back = await ask<Program>('POST', '/program/take', slate)
    expect(back.body).toMatchObject({ wanted: 'slate', transition: { type: 'fade', duration: 200 } })
    const produced = back.body.frames.produced
    await until('frames are produced', async () => (await get<Program>('/program')).frames.produced > produced)
    expect(await get('/programs/main')).toMatchObject({ id: 'main', source: 'slate', fallback: false })
    expect((await ask('POST', '/program/take', { source: 'none' })).body).toMatchObject({
      status: 422,
      code: 'UNKNOWN_REFERENCE',
    })
    const silly = { source: 'slate', transition: { type: 'fade', duration: 'soon' } }
    expect((await ask('POST', '/program/take', silly)).status).toBe(400)
    expect((await ask('GET', '/programs/other')).status).toBe(404)
  })
})

it('live data is kept for its time', async () => {
  expect((await ask<DataValue>('PUT', '/data/tide', { value: 3.5 })).body).toEqual({
    key: 'tide',
    value: '3.5',
    time: expect.stringMatching(/Z$/),
    expires: null,
  })
  const short = await ask<DataValue>('PUT', '/data/gust', { value: 'NW 7', ttl: 300 })
  expect(short.body.expires).toMatch(/Z$/)
  expect((await get<DataValue[]>('/data')).map(({ key }) => key)).toEqual(['tide', 'gust'])
  await until('it is gone', async () => (await get<DataValue[]>('/data')).length === 1)
  expect((await ask('DELETE', '/data/tide')).status).toBe(204)
  expect((await ask('DELETE', '/data/tide')).status).toBe(404)
})

describe('destinations', () => {
  it('have a profile without being told one, and say why they do not get through', async () => {
    const given = { name: 'Local', platform: 'rtmp', url: `rtmp://${NOWHERE}/live`, streamKey: 'top-secret-key' }
    const made = await ask<Destination>('POST', '/destinations', given)
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      profile: { width: 1_920, height: 1_080, fps: 30, videoBitrate: 4_500, audioBitrate: 128, keyframeInterval: 2 },
      autoBitrate: false,
      state: { status: 'idle', videoBitrate: 0, queueSeconds: 0 },
    })
    const path = `/destinations/${made.body.id}`
    const profile = { width: 640, height: 360 }
    expect((await ask<Destination>('PATCH', path, { profile })).body.profile).toMatchObject({ ...profile, fps: 30 })
    const started = await ask<Destination>('POST', `${path}/start`)
    expect(started.body.state.status).toMatch(/connecting|reconnecting/)
    expect((await ask<Destination>('POST', `${path}/start`)).status).toBe(200)
    const failing = await until('the refusal is known', async () => (await get<Destination>(path)).state.error)
    expect(failing).toMatchObject({ code: 'OUTPUT_UNREACHABLE', hint: expect.any(String) })
    expect(JSON.stringify(await get('/destinations'))).not.toContain('top-secret')
  })

  it('stop when their wire is cut, cannot be started then, and come back with it', async () => {
    const [{ id } = { id: '' }] = await get<Destination[]>('/destinations')
    const flows = async <Body>(method: string, body?: unknown) =>
      (await ask<Body>(method, '//editor/flows', body, { headers: { origin: control.origin } })).body
    const whole = await flows<{ type: string; wires?: string[][] }[]>('GET')
    const cut = whole.map(node => (node.type === 'vistter-encoder' ? { ...node, wires: [[]] } : node))
    await flows('POST', cut)
    const idle = await until('it is idle', async () => {
      const { state } = await get<Destination>(`/destinations/${id}`)
      return state.status === 'idle' && state
    })
    expect(idle.error).toMatchObject({ code: 'NOT_WIRED' })
    expect((await ask('POST', `/destinations/${id}/start`)).body).toMatchObject({ status: 409, code: 'NOT_WIRED' })
    await flows('POST', whole)
    await until('it is tried again', async () => {
      const { state } = await get<Destination>(`/destinations/${id}`)
      return state.error?.code === 'OUTPUT_UNREACHABLE'
    })
  })

  it('survive restarts of control and of the engine as they were', async () => {
    const [{ id } = { id: '' }] = await get<Destination[]>('/destinations')
    const { pid } = (await get<Health>('/health')).engine
    await control.stop()
    await control.start()
    await until('control commands the same engine', async () => (await get<Health>('/health')).engine.pid === pid)
    expect((await get<Destination>(`/destinations/${id}`)).state.status).not.toBe('idle')

    await stage.killEngine('SIGKILL')
    await until('control knows', async () => (await ask('GET', '/program')).body.code === 'ENGINE_DOWN')
    expect((await ask('POST', '/cameras', { name: 'x', url: `rtsp://${NOWHERE}/` })).body.code).toBe('ENGINE_DOWN')
    const preview = await control.open({ path: '//preview/program.flv', cookie: stage.cookie })
    expect(preview.statusCode).toBe(503)
    preview.destroy()
    stage.startEngine()
    await until('the output is tried again', async () => {
      const { state } = await get<Destination>(`/destinations/${id}`)
      return state.error?.code === 'OUTPUT_UNREACHABLE'
    })
    expect((await ask<Destination>('POST', `/destinations/${id}/stop`)).body.state).toMatchObject({ status: 'idle' })
    expect((await ask('DELETE', `/destinations/${id}`)).status).toBe(204)
  })
})

describe('the live stream', () => {
  it('begins with the state of everything, then tells each change', async () => {
    const stream = await control.open({ path: '/stream', cookie: stage.cookie })
    expect(stream.headers['content-type']).toBe('text/event-stream')
    const heard = messagesOf(stream)
    await until('the first state', () =>
      ['settings', 'camera', 'program', 'flow'].every(event => heard.some(e => e.event === event)),
    )
    await ask('PATCH', '/settings', { locationName: 'New harbour' })
    await until('the change', () =>
      heard.some(({ event, data }) => event === 'settings' && data.locationName === 'New harbour'),
    )
    await until('the line of the log', () =>
      heard.some(({ event, data }) => event === 'event' && data.type === 'settings.changed'),
    )
    const [{ id } = { id: '' }] = await get<Camera[]>('/cameras')
    await ask('DELETE', `/cameras/${id}`)
    await until('the end of a camera', () =>
      heard.some(({ event, data }) => event === 'camera-removed' && data.id === id),
    )
    stream.destroy()
  })
})

it('the activity log is paged, newest first', async () => {
  const all = await get<Event[]>('/events?limit=1000')
  expect(all.length).toBeGreaterThan(5)
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .sort()
      .reverse(),
  )
  const [first, second, third] = all
  expect(await get(`/events?limit=2&before=${first?.id}`)).toEqual([second, third])
  const since = await get<Event[]>(`/events?since=${third?.time}&limit=1000`)
  expect(since.length).toBeGreaterThanOrEqual(3)
  expect(since.every(({ time }) => time >= (third?.time ?? ''))).toBe(true)
})
