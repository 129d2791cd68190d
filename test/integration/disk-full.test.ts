import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DataValue, Event, Recording } from '../../runtime/contract/generated/openapi.v1.ts'
import { hashBearer } from '../../runtime/control/access/bearer.ts'
import { Sessions } from '../../runtime/control/access/sessions.ts'
import { Users } from '../../runtime/control/access/users.ts'
import { Settings } from '../../runtime/control/settings/settings.ts'
import { Collection } from '../../runtime/control/store/collection.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ADMIN } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { SmallDisk } from '../peers/small-disk.ts'
import { type DestinationView, SMALL, Stage } from '../peers/stage.ts'

/** A show on a real disk of its own that gets full: of 300 MB, extras leave 30 free, and recordings 15. */
const MB = 1e6
const disk = new SmallDisk(300 * MB)
const stage = new Stage({ size: 'small' }, { data: join(disk.path, 'data') })
const playlist = join(disk.path, 'live', 'show.m3u8')
let folder = ''
let id = ''

beforeAll(async () => {
  if (!disk.mounted) return
  await stage.start()
  await stage.onAir()
  const live = { name: 'Folder', platform: 'file', url: `file://${playlist}`, profile: SMALL }
  folder = (await stage.api.post<DestinationView>('/destinations', live)).id
  await stage.api.post(`/destinations/${folder}/start`)
  id = (await stage.api.post<Recording>('/recordings/start')).id
  await Promise.all([folderIs('live'), recordingIs('recording')])
}, 120_000)
afterAll(async () => {
  if (disk.mounted) await stage.end()
  disk.remove()
})

const recording = () => stage.api.get<Recording>(`/recordings/${id}`)
const recordingIs = (status: string) =>
  until(`the recording is ${status}`, async () => {
    const now = await recording()
    return now.state.status === status && now
  })
const folderIs = (status: string) =>
  until(`the folder is ${status}`, async () => {
    const now = await stage.destination(folder)
    return now.state.status === status && now
  })

/** One connection since the beginning, and frames arrive on it. */
async function showGoesOn(): Promise<void> {
  await stage.produce(10)
  expect((await stage.destination()).state.status).toBe('live')
  expect(stage.platform.connections).toBe(1)
}

describe.skipIf(!disk.mounted)('a disk that gets full (skipped where no tmpfs may be mounted)', () => {
  test('extras stop first: the live folder waits, the recording and the show go on', async () => {
    disk.fillTo(22 * MB)
    const { state } = await until('the folder waits', async () => {
      const now = await stage.destination(folder)
      return now.state.error?.code === 'STORAGE_LOW' && now
    })
    expect(state.status).toBe('reconnecting')
    const { bytes } = await recordingIs('recording')
    await until('it grows', async () => (await recording()).bytes > bytes)
    await until('it is told', async () => (await events()).includes('storage.low'))
    await showGoesOn()
  })

  test('then the recording waits, and the show goes on', async () => {
    disk.fillTo(8 * MB)
    expect((await recordingIs('waiting')).state.error?.code).toBe('STORAGE_LOW')
    await showGoesOn()
  })

  test('with not a byte left, the show can still be directed, and whoever signs in may do it', async () => {
    await stage.api.put('/data/score', { value: '0:0', ttl: 2_000 })
    disk.fillTo(0)
    expect(disk.free).toBe(0)
    const control = stage.appliance.pidOf('control')
    await stage.api.signIn(ADMIN.username, ADMIN.password)
    await stage.api.put('/data/place', { value: 'Pier' })
    await until('the score expires', async () => (await data()).join() === 'place=Pier')
    for (const source of ['slate', stage.cameraId, 'slate', stage.cameraId]) {
      await stage.api.post('/program/take', { source })
      await stage.sourceIs(source)
    }
    expect(stage.appliance.pidOf('control')).toBe(control)
    await showGoesOn()
  })

  test('all of it comes back by itself, and what was decided meanwhile is kept, also by the next control', async () => {
    await stage.api.post('/program/take', { source: 'slate' })
    const { pieces } = await recording()
    disk.empty()
    expect((await recordingIs('recording')).pieces).toBeGreaterThan(pieces)
    await folderIs('live')
    expect(existsSync(playlist)).toBe(true)
    expect(readdirSync(join(disk.path, 'data', 'recordings', id)).length).toBeGreaterThan(pieces)
    await until('it is told', async () => (await events()).includes('storage.recovered'))
    await stage.appliance.reborn('control', stage.appliance.kill('control'))
    await until('the next control is in command', async () => (await stage.program()).frames.produced > 0)
    await showGoesOn()
    expect((await stage.program()).source).toBe('slate')
    expect(await data()).toEqual(['place=Pier'])
  })
})

describe.skipIf(!disk.mounted)('the store on a disk without room (skipped where no tmpfs may be mounted)', () => {
  test('shuts nobody out, nor keeps anyone in: who is signed in stays so, who signs in comes in, who signs out is out', async () => {
    const small = new SmallDisk(8 * MB)
    try {
      const store = await openStore(join(small.path, 'vistter.db'), systemClock)
      const time = { now: Date.now() }
      const clock = { now: () => time.now, mono: systemClock.mono }
      const sessions = new Sessions(store, clock)
      const users = new Users({ sql: store, clock, record: () => {}, endSessionsOf: id => sessions.endOf(id) })
      await users.addFirst(ADMIN)
      const { id = '' } = (await users.verify(ADMIN.username, ADMIN.password)) ?? {}
      const before = await sessions.begin(id)
      small.fillTo(0)
      time.now += 3_600_000
      const actor = { name: ADMIN.username, role: 'admin' }
      expect(await sessions.find(before)).toMatchObject({ actor })
      expect(await users.verify(ADMIN.username, ADMIN.password)).toMatchObject({ id })
      const during = await sessions.begin(id)
      const rows = () => store.all<{ used_at: number }>('SELECT used_at FROM sessions ORDER BY used_at')
      expect(await rows()).toEqual([{ used_at: time.now - 3_600_000 }])
      expect(await sessions.find(during)).toMatchObject({ actor })
      const closed: string[] = []
      const left = await sessions.begin(id)
      sessions.onEnd(hashBearer(before), () => closed.push('before'))
      await sessions.end(hashBearer(before))
      await sessions.end(hashBearer(left))
      expect(closed).toEqual(['before'])
      expect([await sessions.find(before), await sessions.find(left)]).toEqual([undefined, undefined])
      expect(await rows()).toEqual([{ used_at: time.now - 3_600_000 }])
      small.empty()
      expect(await sessions.find(before)).toBeUndefined()
      expect(await sessions.find(during)).toMatchObject({ actor })
      expect(await rows()).toEqual([{ used_at: time.now }])
      expect(await new Sessions(store, clock).find(during)).toMatchObject({ actor })
      await store.close()
    } finally {
      small.remove()
    }
  })

  test('refuses a change of the settings as a whole, and says why', async () => {
    const small = new SmallDisk(8 * MB)
    try {
      const store = await openStore(join(small.path, 'vistter.db'), systemClock)
      const sealer = { seal: (text: string) => Buffer.from(text), open: String }
      const secrets = await new Collection<object>(store, 'settings_secrets', sealer).load()
      const nothing = { record: () => {}, changed: async () => {} }
      const settings = new Settings({ sql: store, secrets, clock: systemClock, ...nothing })
      small.fillTo(0)
      await expect(settings.change({ locationName: 'Pier 8' }, 'ada')).rejects.toThrow('SQLITE_FULL')
      expect(settings.current.locationName).toBe('')
      small.empty()
      expect((await settings.change({ locationName: 'Pier 9' }, 'ada')).locationName).toBe('Pier 9')
      await store.close()
    } finally {
      small.remove()
    }
  })

  test('takes what is decided, and writes it down once there is room', async () => {
    const small = new SmallDisk(8 * MB)
    try {
      const file = join(small.path, 'vistter.db')
      const store = await openStore(file, systemClock)
      const sealer = { seal: (text: string) => Buffer.from(text), open: String }
      const live = await new Collection<{ text: string }>(store, 'live', sealer).load()
      small.fillTo(0)
      const text = 'x'.repeat(2_000_000)
      await expect(store.run("INSERT INTO facts (key, value) VALUES ('a', ?)", text)).rejects.toThrow('SQLITE_FULL')
      await live.write('takes', () => ({ body: { text } }))
      expect(live.find('takes')?.body.text).toBe(text)
      const rows = () => store.all<{ id: string }>('SELECT id FROM live')
      expect(await rows()).toEqual([])
      small.empty()
      await until('it is written', async () => (await rows()).length === 1)
      small.fillTo(0)
      expect(await live.remove('takes')).toBe(true)
      expect(live.list()).toEqual([])
      expect(await rows()).toHaveLength(1)
      small.empty()
      await until('it is deleted', async () => (await rows()).length === 0)
      await store.close()
    } finally {
      small.remove()
    }
  })
})

async function data(): Promise<string[]> {
  return (await stage.api.get<DataValue[]>('/data')).map(({ key, value }) => `${key}=${value}`)
}

async function events(): Promise<string[]> {
  return (await stage.api.get<Event[]>('/events?type=storage.*')).map(({ type }) => type)
}
