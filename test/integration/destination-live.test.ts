import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { until } from '../peers/run.ts'
import { type DestinationView, KEY, SMALL, Stage } from '../peers/stage.ts'
import { Wire } from '../peers/wire.ts'

/** What happens to a destination that is live, on the whole appliance; a second one must not notice. */
const stage = new Stage({ size: 'small' })
const PROFILE = { ...SMALL, width: 640, height: 360, videoBitrate: 1_000 }
let wire: Wire
let other = ''

const published = (key: string) => stage.platform.publishes.filter(publish => publish.key === key)
const encoders = () => stage.appliance.ffmpegs(/matroska/).map(({ pid }) => pid)

beforeAll(async () => {
  stage.platform.accept('other')
  await stage.start({ width: 640, height: 360, fps: 30 })
  wire = await new Wire(stage.platform.url).start()
  await stage.onAir(PROFILE)
  const body = { name: 'Other', platform: 'rtmp', url: wire.url, streamKey: 'other', profile: PROFILE }
  other = (await stage.api.post<DestinationView>('/destinations', body)).id
  await stage.api.post(`/destinations/${other}/start`)
  await until('both live', async () => (await stage.destination(other)).state.status === 'live')
}, 120_000)
afterAll(async () => {
  await wire?.stop()
  await stage.end()
})

test('a test of what is live does not touch it', async () => {
  const result = await stage.api.post<{ ok: boolean; steps: { step: string }[] }>(
    `/destinations/${stage.destinationId}/test`,
  )
  expect(result.ok).toBe(true)
  expect(result.steps.map(({ step }) => step)).toContain('key')
  expect(published(KEY)).toHaveLength(1)
  expect(published(KEY)[0]?.ended).toBeUndefined()
})

test('a new stream key: it alone reconnects, once', async () => {
  const before = encoders()
  stage.platform.accept('new-key')
  await stage.api.patch(`/destinations/${stage.destinationId}`, { streamKey: 'new-key' })
  await until('published under the new key', () => published('new-key').length === 1)
  await stage.destinationIs('live')
  await until('the old one ended', () => published(KEY)[0]?.ended)
  await stage.produce(60)
  expect(published(KEY)).toHaveLength(1)
  expect(published('new-key')).toHaveLength(1)
  expect(published('other')).toHaveLength(1)
  expect(published('other')[0]?.ended).toBeUndefined()
  expect(encoders()).toEqual(before)
})

test('six seconds without network: back within five, the encoder untouched, the other one undisturbed', async () => {
  const before = encoders()
  expect(before).toHaveLength(1)
  await wire.cut()
  await pause(6_000)
  expect((await stage.destination(other)).state.status).toBe('reconnecting')
  const began = systemClock.mono()
  await wire.start()
  await until('published again', () => published('other').length === 2)
  await until('live again', async () => (await stage.destination(other)).state.status === 'live')
  expect(systemClock.mono() - began).toBeLessThan(5_000)
  expect(encoders()).toEqual(before)
  expect(published('new-key')).toHaveLength(1)
  expect(published('new-key')[0]?.ended).toBeUndefined()
  expect((await stage.program()).frames.dropped).toBe(0)
})

test('a proxy in the settings: live through it, and its password is shown nowhere', async () => {
  const proxy = new ConnectProxy('box', 'PROXY-PASSWORD')
  try {
    const url = await proxy.start()
    const told = await stage.api.patch('/settings', { proxy: { url, username: 'box', password: 'PROXY-PASSWORD' } })
    expect(told).toMatchObject({ proxy: { url, username: 'box' } })
    await until('both tunnels', () => proxy.tunnels.length === 2)
    await until('published through it', () => published('new-key').length === 2)
    await until('live', async () => (await stage.destination(other)).state.status === 'live')
    await stage.destinationIs('live')
    const shown = [
      await stage.api.get('/settings'),
      await stage.api.get('/settings/versions'),
      await stage.api.get('/events'),
    ]
    expect(JSON.stringify([shown, stage.appliance.log, stage.appliance.processes()])).not.toContain('PROXY-PASSWORD')
    await stage.api.patch('/settings', { proxy: null })
    await until('directly again', () => published('new-key').length === 3)
    await stage.destinationIs('live')
    expect(await stage.api.get('/settings')).not.toHaveProperty('proxy')
  } finally {
    await proxy.stop()
  }
})
