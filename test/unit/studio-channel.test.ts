import { expect, test, vi } from 'vitest'
import { dial } from '../../runtime/control/studio/dial.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import type { ReferenceStudio } from '../peers/studio/studio.ts'
import { Wire } from '../peers/wire.ts'
import { applianceOf, online, PATIENT, studioForEach, type Wishes } from './channel-stage.ts'

let studio: ReferenceStudio
studioForEach(made => {
  studio = made
})
const appliance = (more?: Wishes) => applianceOf(studio, more)

test('mutual TLS, status, a command and its acks; who hangs up is offline', async () => {
  const { stage, channel, id, end } = await appliance()
  await online(channel)
  expect(channel.state.transport).toBe('mqtts')
  const command = await studio.send(id, 'program.take', { source: 'slate' })
  await expect.poll(() => studio.acks(command)).toEqual(['received', 'running', 'done'])
  expect(stage.orders.map(order => order.id)).toEqual([command])
  expect(studio.told('ack').map(({ sequence }) => sequence)).toEqual([1, 2, 3].map(n => String(n).padStart(16, '0')))
  expect(studio.told('ack')[0]).toMatchObject({ source: `vistter://${studio.tenant}/${id}`, schemaversion: '1.0' })
  expect(studio.told('status')).toMatchObject([{ data: { state: 'online' } }])
  await expect.poll(() => stage.outbox.size).toBe(0)
  await end()
  const states = () => studio.told('status').map(({ data }) => (data as { state: string }).state)
  await expect.poll(states).toEqual(['online', 'offline'])
})

test('the line breaks again and again under commands: none lost, none twice, and what is told has no gap', async () => {
  const { stage, channel, id, end } = await appliance()
  await online(channel)
  const sent: string[] = []
  for (let n = 0; n < 60; n++) {
    sent.push(await studio.send(id, 'timeline.start', { timeline: `t${n % 4}` }))
    if (n % 20 === 10) studio.broker.cut()
    if (n % 5 === 0) await stage.outbox.tell('event', { type: 'vistter.event.test.tick', time: stage.now, data: { n } })
  }
  await expect
    .poll(() => sent.filter(command => studio.acks(command).includes('done')).length, { timeout: 8_000 })
    .toBe(60)
  expect(stage.orders.length).toBe(60)
  expect(stage.counted.filter(([what]) => what !== 'replayed')).toEqual([])
  await expect.poll(() => stage.outbox.size).toBe(0)
  const numbers = [...studio.told('ack'), ...studio.told('event')].map(({ sequence }) => Number(sequence))
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: numbers.length }, (_, n) => n + 1))
  for (const timeline of ['t0', 't1', 't2', 't3']) {
    const order = stage.orders.filter(({ command }) => 'timeline' in command.data && command.data.timeline === timeline)
    expect(order.map(({ id }) => id)).toEqual(sent.filter((_, n) => `t${n % 4}` === timeline))
  }
  await end()
})

test('many at once are kept together: the disk is waited for a few times only, the order is theirs', async () => {
  const { stage, channel, id, end } = await appliance()
  await online(channel)
  const kept = vi.spyOn(stage.store, 'transaction')
  const sent = await Promise.all(
    Array.from({ length: 200 }, () => studio.send(id, 'timeline.start', { timeline: 't' })),
  )
  const received = () => sent.filter(command => studio.acks(command).includes('received')).length
  await expect.poll(received, { timeout: 15_000 }).toBe(200)
  expect(kept.mock.calls.filter(([, how]) => how === 'durable').length).toBeLessThan(40)
  const rows = await stage.store.all<{ id: string }>('SELECT id FROM studio_inbox ORDER BY seq')
  expect(rows.map(row => row.id)).toEqual(sent)
  await end()
})

test('half a second there and back, pieces lost: each of many at once is heard of within 3 s', async () => {
  const wire = await new Wire(studio.brokers[0] ?? '').start()
  const { channel, id, end } = await appliance({ brokers: [wire.url] })
  await online(channel)
  let piece = 0
  wire.far(500, 0.02, () => (++piece % 10 === 0 ? 0 : 1))
  const began = performance.now()
  const sent = await Promise.all(Array.from({ length: 40 }, () => studio.send(id, 'config.get', {})))
  const heard = () => sent.every(command => studio.acks(command).includes('received'))
  await expect.poll(heard, { timeout: 8_000, interval: 20 }).toBe(true)
  const took = performance.now() - began
  expect(took).toBeGreaterThan(450)
  expect(took).toBeLessThan(3_000)
  await end()
  await wire.stop()
})

test('one that cannot be kept is given again with all that follow it, in their order', async () => {
  const { stage, channel, id, end } = await appliance()
  await online(channel)
  const arrive = vi.spyOn(stage.inbox, 'arrive')
  await stage.store.script(
    "CREATE TRIGGER full BEFORE INSERT ON studio_inbox WHEN NEW.id = 'c7' BEGIN SELECT RAISE(ABORT, 'no room'); END",
  )
  const sent = Array.from({ length: 20 }, (_, n) => `c${n}`)
  for (const command of sent) await studio.send(id, 'timeline.start', { timeline: 't' }, { id: command })
  const tries = () => arrive.mock.calls.filter(([payload]) => payload.includes('"c7"')).length
  await expect.poll(tries, { timeout: 8_000 }).toBeGreaterThan(2)
  expect(stage.orders.map(order => order.id)).toEqual(sent.slice(0, stage.orders.length))
  expect(stage.orders.length).toBeLessThan(8)
  await stage.store.script('DROP TRIGGER full')
  await expect.poll(() => studio.acks('c19'), { timeout: 8_000 }).toContain('done')
  expect(stage.orders.map(order => order.id)).toEqual(sent)
  await end()
})

test('rotation under commands: none lost, none twice', async () => {
  const { stage, channel, pairing, id, end } = await appliance()
  await online(channel)
  const before = pairing.now?.certificate
  const sent: string[] = []
  let rotated: Promise<void> | undefined
  for (let n = 0; n < 20; n++) {
    sent.push(await studio.send(id, 'program.take', { source: 'slate' }))
    if (n === 8) rotated = pairing.rotate().then(() => channel.renew())
    await expect.poll(() => stage.orders.length, { interval: 5 }).toBeGreaterThan(n - 4)
  }
  await rotated
  await expect.poll(() => sent.filter(command => studio.acks(command).includes('done')).length).toBe(20)
  expect(stage.orders.map(order => order.id)).toEqual(sent)
  expect(pairing.now?.certificate).not.toBe(before)
  await end()
})

test('where 8883 is blocked it goes over WSS, and through a proxy with a password', async () => {
  const [, wss = ''] = studio.brokers
  const proxy = new ConnectProxy('box', 'secret')
  const url = await proxy.start()
  const way = { brokers: ['mqtts://localhost:9', wss], proxy: { url, username: 'box', password: 'secret' } }
  const { channel, id, end } = await appliance(way)
  try {
    await online(channel)
    expect(channel.state.transport).toBe('wss')
    const command = await studio.send(id, 'config.get', {})
    await expect.poll(() => studio.acks(command)).toContain('done')
    expect(proxy.tunnels).toEqual([new URL(wss.replace('wss:', 'https:')).host])
  } finally {
    await end()
    await proxy.stop()
  }
})

test('an appliance hears nothing of another, and cannot speak for it', async () => {
  const { channel, stage, id, end } = await appliance()
  await online(channel)
  await studio.send('01ANOTHER', 'program.take', { source: 'slate' })
  const own = await studio.send(id, 'config.get', {})
  await expect.poll(() => studio.acks(own)).toContain('done')
  expect(stage.orders.map(order => order.id)).toEqual([own])
  await end()
})

test('a heartbeat gives Studio the way there and back', async () => {
  const { stage, channel, id, end } = await appliance()
  await online(channel)
  const beat = await studio.send(id, 'heartbeat', { studioTime: rfc3339(studio.now()) })
  await expect.poll(() => studio.acks(beat)).toEqual(['received', 'done'])
  expect(stage.beats).toEqual([beat])
  await end()
})

test('a connection lives on when the time in which it had to come about is over', async () => {
  const { pairing, end } = await appliance()
  const credentials = pairing.now
  const proxy = new ConnectProxy('box', 'secret')
  const url = await proxy.start()
  try {
    for (const broker of studio.brokers)
      for (const way of [undefined, { url, username: 'box', password: 'secret' }]) {
        const opening = new AbortController()
        if (!credentials) throw new Error('not paired')
        const stream = await dial({ broker, credentials, proxy: way }, opening.signal)
        const faults: unknown[] = []
        stream.on('error', error => faults.push(error))
        opening.abort()
        await new Promise(resolve => setImmediate(resolve))
        expect([broker, way?.username, stream.destroyed, faults]).toEqual([broker, way?.username, false, []])
        stream.destroy()
      }
  } finally {
    await end()
    await proxy.stop()
  }
})

test('a connection that is made anew on purpose is no failure: a line that breaks afterwards is back at once', async () => {
  const { pairing, channel, id, end } = await appliance({
    backoff: { ...PATIENT, quick: 20 },
  })
  await online(channel)
  for (let n = 0; n < 3; n++) {
    await pairing.rotate()
    await channel.renew()
    await online(channel)
  }
  const { length } = studio.told('status')
  studio.broker.cut(id)
  const states = () => studio.told('status').slice(length)
  await expect.poll(() => states().map(({ data }) => (data as { state: string }).state)).toEqual(['offline', 'online'])
  await end()
})
