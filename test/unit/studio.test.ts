import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Role } from '../../runtime/control/ports.ts'
import type { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import type { PairingBody } from '../../runtime/control/studio/pairing.ts'
import { Studio } from '../../runtime/control/studio/studio.ts'
import { rfc3339, systemClock } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { beats } from '../peers/studio/beats.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'
import { log, scratch } from './studio-stage.ts'

let studio: ReferenceStudio
let store: Database
let box: Studio
let events: string[]
let carried: string[]
let carryOut: () => Promise<undefined>
const wall = { ahead: 0 }
const shelf = { now: memoryShelf<PairingBody>() }

beforeEach(async () => {
  studio = await ReferenceStudio.start()
  store = await openStore(join(scratch(), 'vistter.db'), systemClock)
  events = []
  carried = []
  wall.ahead = 0
  shelf.now = memoryShelf<PairingBody>()
  carryOut = async () => undefined
  box = life()
  await box.start()
})
afterEach(async () => {
  await box.stop()
  await store.close()
  await studio.stop()
})

function life(): Studio {
  return new Studio({
    ...{ sql: store, shelf: shelf.now, log, software: '1.2.3', pollMs: 20 },
    clock: { now: () => Date.now() + wall.ahead, mono: systemClock.mono },
    record: ({ type }) => void events.push(type),
    device: async () => ({ serial: 'S1', model: 'test', software: '1.2.3', capabilities: {} }),
    surroundings: () => ({ ca: studio.authority.pem }),
    carryOut: async ({ id }) => {
      carried.push(id)
      return carryOut()
    },
  })
}

const ask = (operation: string, body = {}, role: Role = 'admin') =>
  box.operations()[operation]?.({ params: {}, query: {}, body, actor: { kind: 'user', name: 'ada', role } })
const connected = () => expect.poll(() => box.state().connected, { timeout: 5_000 }).toBe(true)

async function paired(): Promise<string> {
  await ask('pairStudio', { url: studio.url, code: studio.issue() })
  await connected()
  return shelf.now.list()[0]?.body.appliance ?? ''
}

test('a shown code: the state has it until it was typed in, then the channel opens by itself', async () => {
  expect(box.state()).toMatchObject({ paired: false, connected: false })
  const shown = (await ask('pairStudio', { url: studio.url })) as { code: string }
  expect(await ask('readStudio')).toMatchObject({ code: shown.code })
  // Whoever knows it could take the box to a Studio of their own.
  for (const role of ['operator', 'viewer'] as const)
    expect(JSON.stringify(await ask('readStudio', {}, role))).not.toContain('code')
  await studio.accept(shown.code)
  await connected()
  expect(box.state()).toMatchObject({ paired: true, transport: 'mqtts', queue: { in: 0 }, studio: studio.url })
  expect(box.state()).not.toHaveProperty('code')
  expect(JSON.stringify(box.state())).not.toContain('PRIVATE')
  expect(events).toContain('studio.connected')
})

test('rotate by command: another key, the channel comes back with it, the command is done', async () => {
  const id = await paired()
  const before = shelf.now.list()[0]?.secrets.key
  const command = await studio.send(id, 'credentials.rotate', {})
  await expect.poll(() => studio.acks(command), { timeout: 5_000 }).toEqual(['received', 'running', 'done'])
  expect(shelf.now.list()[0]?.secrets.key).not.toBe(before)
  const next = await studio.send(id, 'program.take', { source: 'slate' })
  await expect.poll(() => studio.acks(next), { timeout: 5_000 }).toContain('done')
  expect(carried).toEqual([next])
})

test('revoke by command: told as done, then the channel is closed and the key erased; it can be paired anew', async () => {
  const id = await paired()
  const command = await studio.send(id, 'credentials.revoke', {})
  await expect.poll(() => box.state().paired, { timeout: 5_000 }).toBe(false)
  await expect.poll(() => box.state().connected).toBe(false)
  expect(studio.acks(command)).toEqual(['received', 'running', 'done'])
  expect(studio.ledger.appliances()).toMatchObject([{ id, revoked: true }])
  expect(shelf.now.list()).toEqual([])
  await expect.poll(() => events).toContain('studio.unpaired')
  expect(await paired()).toBe(id)
})

test('what a Studio had in hand when it was left is neither carried out any more nor told to the next one', async () => {
  const id = await paired()
  const first = Promise.withResolvers<undefined>()
  carryOut = () => first.promise
  const [begun, waits] = [
    await studio.send(id, 'timeline.start', { timeline: 't' }),
    await studio.send(id, 'timeline.start', { timeline: 't' }),
  ]
  await expect.poll(() => studio.acks(waits), { timeout: 5_000 }).toEqual(['received'])
  await ask('unpairStudio')
  expect(box.state().queue).toEqual({ in: 0, out: 0 })
  first.resolve(undefined)
  await expect.poll(() => carried).toEqual([begun])
  await box.stop()
  const rows = () => store.all('SELECT id, status FROM studio_inbox WHERE id IN (?, ?) ORDER BY seq', begun, waits)
  expect(await rows()).toEqual([begun, waits].map(command => ({ id: command, status: 'expired' })))
  // The power went in the middle of it.
  await store.run('UPDATE studio_inbox SET final = 0 WHERE id = ?', waits)
  const telling = ['event', '01E', 'vistter.event.test.old', Date.now(), '{}']
  await store.run('INSERT INTO studio_outbox (kind, id, type, time, data) VALUES (?, ?, ?, ?, ?)', ...telling)
  box = life()
  await box.start()
  expect(box.state().queue).toEqual({ in: 0, out: 0 })
  await paired()
  expect([carried, studio.told('event')]).toEqual([[begun], []])
})

test('with a wall clock that is 5 s wrong, Studio time is known within 20 ms after three heartbeats', async () => {
  const id = await paired()
  wall.ahead = -5_000
  await beats(studio, id, 3)
  expect(Math.abs(box.clock.now() - studio.now())).toBeLessThanOrEqual(20)
})

test('after a heartbeat commands are taken as before', async () => {
  const id = await paired()
  await studio.send(id, 'heartbeat', { studioTime: rfc3339(studio.now()) })
  const command = await studio.send(id, 'program.take', { source: 'slate' })
  await expect.poll(() => studio.acks(command), { timeout: 5_000 }).toContain('done')
})

test('what happens without a Studio is told to none; what happens while it is away is told later', async () => {
  await box.tell('event', { type: 'vistter.event.test.before', time: Date.now(), data: {} })
  expect(box.state().queue.out).toBe(0)
  await paired()
  studio.broker.cut()
  const time = Date.now() - 3_600_000
  await box.tell('event', { type: 'vistter.event.test.away', time, data: { severity: 'info', message: 'x' } })
  await box.sample({ type: 'vistter.telemetry', time, data: { health: {} } })
  await expect.poll(() => studio.told('event').map(event => event.time), { timeout: 5_000 }).toEqual([rfc3339(time)])
  await expect.poll(() => studio.told('telemetry').length).toBe(1)
})
