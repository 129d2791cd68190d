import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Program, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { within } from '../../runtime/lib/clock.ts'
import { asked } from '../conformance/studio/person.ts'
import { ApiClient } from '../peers/client.ts'
import { listenersOf } from '../peers/listeners.ts'
import { probe } from '../peers/media.ts'
import { processesWith } from '../peers/processes.ts'
import { freePort, scratch, until } from '../peers/run.ts'

/** `npm run demo` as a newcomer meets it: what it prints must lead to a show that is on air. */
const folder = scratch('demo')
const script = join(import.meta.dirname, '..', '..', 'packaging', 'demo', 'main.ts')
const marker = `VISTTER_DATA=${join(folder.path, 'data', 'demo', 'data')}`
let demo: ReturnType<typeof spawnOwned>
let said = ''

beforeAll(async () => {
  const env = { ...process.env, VISTTER_PORT: String(await freePort()), VISTTER_BIND: '127.0.0.1' }
  demo = spawnOwned(process.execPath, [script], { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [demo.stdout, demo.stderr]) {
    stream?.on('data', chunk => {
      said += chunk
    })
  }
  const ready = () => {
    if (demo.exitCode !== null) throw new Error(said)
    return said.includes('Ctrl-C ends everything')
  }
  await until('the demo is on air', ready, { timeoutMs: 110_000 })
}, 120_000)
afterAll(() => {
  demo.kill('SIGKILL')
  folder.remove()
})

const printed = (pattern: RegExp) => pattern.exec(said)?.[1] ?? ''

test('prints where Studio is, and Studio knows that the appliance is there', async () => {
  const [, url = '', password = ''] = /Studio: (\S+), user studio, password (\S+)/.exec(said) ?? []
  const ca = readFileSync(join(folder.path, 'data', 'demo', 'studio', 'ca.pem'), 'utf8')
  const login = `Basic ${Buffer.from(`studio:${password}`).toString('base64')}`
  const look = async () => {
    const { body } = await asked(`${url}/desk/v1/appliances`, ca, { headers: { authorization: login } })
    return (body as unknown as { status: { state: string } }[])[0]?.status.state === 'online'
  }
  await until('the appliance is online at Studio', look)
})

test('prints an address, a user and a password that let one in, and the show is on air', async () => {
  const api = new ApiClient(printed(/On air\. +(\S+)/))
  await api.signIn(printed(/User +(\S+)/), printed(/Password +(\S+)/))
  const list = () => api.get<{ id: string; name: string; state: { status: string } }[]>('/cameras')
  // While everything starts at once a busy machine may make a camera slow for a moment.
  await until('all cameras are online', async () => (await list()).every(({ state }) => state.status === 'online'))
  const cameras = await list()
  expect(cameras.map(({ name }) => name).sort()).toEqual(['Harbour', 'Lookout', 'Market square'])
  const turning = cameras.find(({ name }) => name === 'Lookout')
  // The first journey of its show may still be under way.
  await until('the camera that turns is on air', async () => {
    const { source, preset } = await api.get<Program>('/program')
    return source === turning?.id && preset
  })
  expect((await api.get<Program>('/program')).overlays).toMatchObject([{ id: 'welcome', layers: 4 }])
  const [show] = await api.get<Timeline[]>('/timelines')
  expect(show).toMatchObject({ loop: true, timing: 'arrival', state: { status: 'running' } })
  expect(show?.cues.map(({ preset, duration }) => [preset, duration])).toEqual([
    ['Bay', 60_000],
    ['Lighthouse', 30_000],
    ['Evening sun', 45_000],
  ])
  api.close()
})

test('the address to watch shows the stream', async () => {
  const { video, audio } = await probe(printed(/(rtmp:\S+) in VLC/))
  expect(video).toMatchObject({ codec: 'h264', width: 1920, height: 1080 })
  expect(audio).toMatchObject({ codec: 'aac', sampleRate: 48_000 })
})

test('the appliance, paired and on air, listens on its web port and nowhere else: Studio has no way in', () => {
  const { port } = new URL(printed(/On air\. +(\S+)/))
  const pids = processesWith(marker).map(({ pid }) => pid)
  expect(listenersOf(pids)).toEqual([
    { pid: expect.any(Number), kind: 'tcp', address: '127.0.0.1', port: Number(port) },
  ])
})

test('Ctrl-C ends every child', async () => {
  expect(processesWith(marker).length).toBeGreaterThan(3)
  const ended = once(demo, 'exit')
  demo.kill('SIGINT')
  expect(await within(20_000, 'the demo did not end', ended)).toEqual([0, null])
  expect(processesWith(marker)).toEqual([])
})
