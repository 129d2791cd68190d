import { afterEach, describe, expect, test } from 'vitest'
import { conform } from '../conformance/case.ts'
import { DELIVERY, RIGHTS } from '../conformance/studio/broker.ts'
import { type Guest, Subject } from '../conformance/studio/guest.ts'
import { TRUST } from '../conformance/studio/trust.ts'
import { Authority } from '../peers/studio/authority.ts'
import { Mosquitto } from '../peers/studio/brokers.ts'
import { Desk } from '../peers/studio/desk.ts'
import { Fleet } from '../peers/studio/fleet.ts'
import { NatsCluster } from '../peers/studio/nats-cluster.ts'
import { OuterBroker } from '../peers/studio/outer-broker.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A Studio whose broker is one of these, with the configuration that we ship. */
async function behind<B extends Mosquitto | NatsCluster>(make: (authority: Authority) => B) {
  const authority = await Authority.make()
  const broker = make(authority)
  stops.push(() => broker.stop())
  await broker.start()
  const [first = '', ...more] = broker.urls
  const post = new OuterBroker({ authority, urls: [first, ...more], ca: authority.pem })
  const studio = await ReferenceStudio.open({ authority, post })
  stops.push(() => studio.stop())
  return { studio, broker }
}

/** For a broker that has to know who may come. */
class KnownSubject extends Subject {
  known: (ids: string[]) => Promise<void> = async () => {}
  private readonly ids: string[] = []

  override async guest(serial?: string): Promise<Guest> {
    const guest = await super.guest(serial)
    this.ids.push(guest.answer.appliance)
    await this.known(this.ids)
    return guest
  }
}

describe('Mosquitto', () => {
  test('lets each appliance in with its certificate, and to its own topics alone; keeps order and sessions', async () => {
    const { studio } = await behind(authority => new Mosquitto(authority))
    const desk = new Desk(studio)
    const subject = new Subject(studio.url, studio.authority.pem, 'studio', desk.password)
    const verdicts = await conform('mosquitto', [...TRUST, ...RIGHTS, ...DELIVERY], subject)
    await subject.close()
    desk.stop()
    expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
  })

  test('restarted under the commands of 50 appliances: none lost, none twice', async () => {
    const { studio, broker } = await behind(authority => new Mosquitto(authority))
    const fleet = await Fleet.start(studio, 50)
    stops.push(() => fleet.stop())
    const sent = await fleet.send(4)
    await broker.restart('SIGTERM')
    sent.push(...(await fleet.send(2)))
    await fleet.settled(sent)
    expect(fleet.faults(sent)).toEqual([])
  })
})

describe('NATS, three nodes', () => {
  test('lets each appliance to its own topics alone; keeps order and sessions', async () => {
    const { studio, broker } = await behind(authority => new NatsCluster(authority))
    const desk = new Desk(studio)
    const subject = new KnownSubject(studio.url, studio.authority.pem, 'studio', desk.password)
    subject.known = ids => broker.allow(ids)
    // What it is not asked here, `npm run conformance` and the long tests ask.
    const short =
      /its own commands|wildcard for appliances|speak for|send commands|is away|confirmed|fifty|breaks|without a|stranger|WebSocket/
    const cases = [...TRUST, ...RIGHTS, ...DELIVERY].filter(({ name }) => short.test(name))
    const verdicts = await conform('nats', cases, subject)
    await subject.close()
    desk.stop()
    expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
    // The product's own channel, where the network lets nothing but WebSocket out; the node that it is at is killed.
    studio.brokers = studio.brokers.filter(url => url.startsWith('wss:'))
    const fleet = await Fleet.start(studio, 3, ids => broker.allow(ids))
    stops.push(() => fleet.stop())
    const sent = await fleet.send(2)
    await broker.kill(2)
    sent.push(...(await fleet.send(2)))
    await fleet.settled(sent)
    expect(fleet.boxes.map(({ studio: channel }) => channel.state().transport)).toEqual(['wss', 'wss', 'wss'])
    expect(fleet.faults(sent)).toEqual([])
  })
})
