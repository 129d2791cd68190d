import { afterEach, expect, test } from 'vitest'
import { Authority } from '../peers/studio/authority.ts'
import { NatsCluster } from '../peers/studio/brokers.ts'
import { Fleet } from '../peers/studio/fleet.ts'
import { OuterBroker } from '../peers/studio/outer-broker.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

test('1,000 appliances on three nodes, one killed under commands: no command and no acknowledgement is lost', async () => {
  const authority = await Authority.make()
  const cluster = new NatsCluster(authority)
  stops.push(() => cluster.stop())
  await cluster.start()
  const [first = '', ...more] = cluster.urls
  const post = new OuterBroker({ authority, urls: [first, ...more], ca: authority.pem })
  const studio = await ReferenceStudio.open({ authority, post })
  stops.push(() => studio.stop())
  const fleet = await Fleet.start(studio, 1_000, ids => cluster.allow(ids))
  stops.push(() => fleet.stop())
  const sent = await fleet.send(2)
  await fleet.settled(sent)
  console.log('received after (ms), 99 of 100:', fleet.latencies(sent).at(Math.floor(sent.length * 0.99)))
  const sending = fleet.send(2)
  await cluster.kill(2)
  sent.push(...(await sending))
  await fleet.settled(sent)
  cluster.revive(2)
  sent.push(...(await fleet.send(1)))
  await fleet.settled(sent)
  expect(fleet.faults(sent)).toEqual([])
})
