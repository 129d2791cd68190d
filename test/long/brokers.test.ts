import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { Authority } from '../peers/studio/authority.ts'
import { Mosquitto } from '../peers/studio/brokers.ts'
import { Fleet, type SentTo } from '../peers/studio/fleet.ts'
import { Meter } from '../peers/studio/meter.ts'
import { NatsCluster } from '../peers/studio/nats-cluster.ts'
import { OuterBroker } from '../peers/studio/outer-broker.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

/** FLEET=100 for a shorter one. */
const APPLIANCES = Number(process.env.FLEET ?? 1_000)
const TELEMETRY = JSON.parse(
  readFileSync(join(import.meta.dirname, '../frozen/studio-told-1.0/telemetry.json'), 'utf8'),
)
/** As long as a keep-alive (ms): each says one word. */
const IDLE = 20_000

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A thousand of a Studio with this broker, and what it costs to keep them, to hear them, and to command them. */
async function measured(broker: Mosquitto | NatsCluster, authority: Authority, lines: number) {
  stops.push(() => broker.stop())
  await broker.start()
  const [first = '', ...more] = broker.urls
  const post = new OuterBroker({ authority, urls: [first, ...more], ca: authority.pem, lines })
  const studio = await ReferenceStudio.open({ authority, post })
  stops.push(() => studio.stop())
  const meter = new Meter(broker)
  const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const before = meter.read()
    const done = await work()
    console.log(`${what}: ${Meter.between(before, meter.read())}`)
    return done
  }
  const allow = async (ids: string[]) => broker instanceof NatsCluster && broker.allow(ids)
  const starting = () => Fleet.start(studio, APPLIANCES, async ids => void (await allow(ids)))
  const fleet = await during(`${APPLIANCES} connect`, starting)
  stops.push(() => fleet.stop())
  await during('nothing to say', () => pause(IDLE))
  const seconds = await during('telemetry of all', () => fleet.telemetry(TELEMETRY.data))
  console.log(`telemetry: ${(APPLIANCES / seconds).toFixed(0)} a second`)
  const sent = await during('two commands each', async () => {
    const all = await fleet.send(2)
    await fleet.settled(all)
    return all
  })
  const all = fleet.latencies(sent)
  console.log(`received after: p50 ${all[Math.floor(all.length / 2)]} ms, p99 ${all[Math.floor(all.length * 0.99)]} ms`)
  return { fleet, sent, during }
}

/** Commands before, while and after something breaks: each is carried out once, in order, and Studio hears of it. */
async function broken(fleet: Fleet, sent: SentTo[], breaks: () => Promise<unknown>, mends = () => {}): Promise<void> {
  const sending = fleet.send(2)
  await breaks()
  sent.push(...(await sending))
  await fleet.settled(sent)
  mends()
  sent.push(...(await fleet.send(1)))
  await fleet.settled(sent)
  expect(fleet.faults(sent)).toEqual([])
}

test('NATS, three nodes: the one that a third of the appliances and Studio are at is killed under commands', async () => {
  const authority = await Authority.make()
  const cluster = new NatsCluster(authority)
  const { fleet, sent } = await measured(cluster, authority, 4)
  const began = performance.now()
  await broken(
    fleet,
    sent,
    () => cluster.kill(0),
    () => {
      console.log(`all done with a node less: ${Math.round(performance.now() - began)} ms after the first was sent`)
      cluster.revive(0)
    },
  )
  console.log(`${sent.length} commands, each once, in order, with all its acks`)
})

test('Mosquitto: restarted under commands', async () => {
  const authority = await Authority.make()
  const broker = new Mosquitto(authority)
  const { fleet, sent } = await measured(broker, authority, 1)
  await broken(fleet, sent, () => broker.restart('SIGTERM'))
  console.log(`${sent.length} commands, each once, in order, with all its acks`)
})
