import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Health, Recording, Settings } from '../../runtime/contract/generated/openapi.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { decodeErrors, packets, probe } from '../peers/media.ts'
import { until } from '../peers/run.ts'
import { Stage } from '../peers/stage.ts'
import { LOGIN, WebDav } from '../peers/webdav.ts'

/** One recording through the deaths of everything that makes it, on the whole appliance. */
const stage = new Stage({ size: 'small' })
const dav = new WebDav()
let id = ''

beforeAll(async () => {
  await Promise.all([stage.start(), dav.start()])
  await stage.onAir()
}, 120_000)
afterAll(() => Promise.all([stage.end(), dav.remove()]))

const recording = (which = id) => stage.api.get<Recording>(`/recordings/${which}`)
const encoders = async () => (await stage.api.get<Health>('/health')).engine.encoders?.length

async function records(bytes: number): Promise<Recording> {
  return until('it records', async () => {
    const now = await recording()
    return now.state.status === 'recording' && now.bytes > bytes && now
  })
}

async function download(format: 'mp4' | 'ts'): Promise<string> {
  const response = await stage.api.open('GET', `/api/v1/recordings/${id}/download?format=${format}`)
  expect(response.statusCode).toBe(200)
  expect(response.headers['content-disposition']).toBe(`attachment; filename="${id}.${format}"`)
  const file = join(stage.appliance.data, `got.${format}`)
  writeFileSync(file, await buffer(response))
  return file
}

test('a start shares the encoder that runs anyway, and starting twice is one recording', async () => {
  const started = await stage.api.post<Recording>('/recordings/start', { name: 'Regatta' })
  id = started.id
  expect(started).toMatchObject({ name: 'Regatta', program: 'main', endedAt: null })
  expect((await stage.api.post<Recording>('/recordings/start')).id).toBe(id)
  await records(100_000)
  expect(await encoders()).toBe(1)
})

test('kill -9 of control: the recording does not notice, and can be stopped by the new one', async () => {
  const { bytes } = await recording()
  const old = stage.appliance.kill('control')
  await stage.appliance.reborn('control', old)
  await until('the API answers', () => recording())
  const after = await records(bytes + 100_000)
  expect(after.startedAt).toBe((await recording()).startedAt)
})

test('kill -9 of the engine: it goes on as a new piece, and nothing that was there is lost', async () => {
  const before = await recording()
  const killed = systemClock.mono()
  stage.appliance.kill('engine')
  // What was written before the blow may be told after it: only another piece is proof that it goes on.
  const after = await until('a new piece grows', async () => {
    const now = await records(before.bytes)
    return now.pieces > before.pieces && now
  })
  expect(systemClock.mono() - killed).toBeLessThan(10_000)
  expect(after.bytes).toBeGreaterThan(before.bytes)
})

test('without the wire it waits, and a start is refused; wired again it goes on', async () => {
  const flows = await until('the editor answers', () => stage.flows())
  await stage.deploy(flows.filter(({ type }) => type !== 'vistter-recorder'))
  const waits = async () => (await recording()).state
  await until('it waits', async () => (await waits()).error?.code === 'NOT_WIRED')
  const refused = await stage.api.call<{ code: string }>('POST', '/recordings/start', {})
  expect(refused).toMatchObject({ status: 409, body: { code: 'NOT_WIRED' } })
  await stage.deploy(flows)
  await records(0)
})

test('with no destination it has an encoder of its own', async () => {
  await stage.api.post(`/destinations/${stage.destinationId}/stop`)
  const { bytes } = await recording()
  await records(bytes + 200_000)
  expect(await encoders()).toBe(1)
  await stage.api.post(`/destinations/${stage.destinationId}/start`)
  await stage.destinationIs('live')
})

test('the stop tells its final size, and it can be had as one file whose time goes on', async () => {
  const stopped = await stage.api.post<Recording>('/recordings/stop')
  expect(stopped).toMatchObject({ id, state: { status: 'done' } })
  expect(stopped.endedAt).toMatch(/Z$/)
  expect(readdirSync(join(stage.appliance.data, 'recordings', id))).toHaveLength(stopped.pieces)
  expect((await stage.api.get<Recording[]>('/recordings')).map(one => one.id)).toEqual([id])
  const again = await stage.api.call<{ code: string }>('POST', '/recordings/stop')
  expect(again).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })

  const file = await download('ts')
  expect(await probe(file)).toMatchObject({ video: { codec: 'h264' }, audio: { codec: 'aac', sampleRate: 48_000 } })
  const times = (await packets(file, 'v')).map(({ dts }) => dts)
  expect(Math.min(...times.slice(1).map((time, n) => time - (times[n] ?? 0)))).toBeGreaterThan(0)
  expect(await decodeErrors(file)).toBe('')
  expect(await probe(await download('mp4'))).toMatchObject({ video: { codec: 'h264' } })
})

test('kill -9 of control in the middle of an upload: what was acknowledged is not sent again, and nothing is missing', async () => {
  const folder = join(stage.appliance.data, 'recordings', id)
  const names = readdirSync(folder).sort()
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  // In three seconds, so that there is a middle.
  const upload = { kind: 'put', url: dav.url, ...LOGIN, maxKbits: Math.ceil((bytes * 8) / 3_000) }
  const { upload: shown } = await stage.api.patch<Settings>('/settings', { upload })
  expect(shown).toEqual({
    kind: 'put',
    url: dav.url,
    username: LOGIN.username,
    maxKbits: upload.maxKbits,
    deleteAfter: false,
  })
  const { upload: half } = await until('some of it is there', async () => {
    const now = await recording()
    return (now.upload?.sent ?? 0) > 0 && now
  })
  expect(half).toMatchObject({ status: 'uploading', of: names.length })
  const old = stage.appliance.kill('control')
  const before = dav.acknowledged()
  await stage.appliance.reborn('control', old)
  await until('it is uploaded', async () => (await recording()).upload?.status === 'uploaded')
  const all = await until('its description is there', () => {
    const files = dav.acknowledged()
    return files.includes(`${id}/recording.json`) && files
  })
  expect(new Set(all).size).toBe(names.length + 1)
  // The one whose answer was on its way at the kill may come twice.
  const known = before.slice(0, half?.sent)
  for (const name of known) expect(all.filter(each => each === name)).toHaveLength(1)
  for (const name of names) expect(dav.read(`${id}/${name}`)?.equals(readFileSync(join(folder, name))), name).toBe(true)
  const log = stage.appliance.log.join('\n')
  expect(log).not.toContain(LOGIN.password)
})

test('a deleted one is gone with its files; a running one cannot be deleted', async () => {
  const running = await stage.api.post<Recording>('/recordings/start')
  expect((await stage.api.call('DELETE', `/recordings/${running.id}`)).status).toBe(409)
  await stage.api.post('/recordings/stop')
  for (const one of [id, running.id]) {
    expect((await stage.api.call('DELETE', `/recordings/${one}`)).status).toBe(204)
    expect(existsSync(join(stage.appliance.data, 'recordings', one))).toBe(false)
  }
  expect(await stage.api.get('/recordings')).toEqual([])
})
