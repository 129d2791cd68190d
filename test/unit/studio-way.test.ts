import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'
import { expect, test } from 'vitest'
import type { HttpProxy } from '../../runtime/control/studio/tunnel.ts'
import { BlockedPort } from '../peers/blocked-port.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { Broker } from '../peers/studio/broker.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'
import { applianceOf, online, PATIENT, studioForEach, type Wishes } from './channel-stage.ts'

let studio: ReferenceStudio
studioForEach(made => {
  studio = made
})
const appliance = (more?: Wishes) => applianceOf(studio, more)

test('who sets the proxy right need not wait for the next try', async () => {
  const more = { proxy: { url: 'http://127.0.0.1:9' }, backoff: PATIENT }
  const { channel, end } = await appliance(more)
  await expect.poll(() => channel.state.fault?.code).toBe('STUDIO_PROXY')
  const proxy = new ConnectProxy('box', 'secret')
  more.proxy = Object.assign({ username: 'box', password: 'secret' }, { url: await proxy.start() })
  await online(channel)
  expect(proxy.tunnels.length).toBe(1)
  await end()
  await proxy.stop()
})

test('each thing that can be in the way has an answer of its own, with what to do', async () => {
  const why = async (brokers: string[], proxy?: HttpProxy) => {
    const { channel, end } = await appliance({ brokers, ...(proxy && { proxy }) })
    await expect.poll(() => channel.state.fault?.code, { timeout: 8_000 }).toBeDefined()
    const { fault } = channel.state
    await end()
    return fault
  }
  const past = { notBefore: new Date(1_000), notAfter: new Date(Date.now() - 1_000) }
  const future = { notBefore: new Date(Date.now() + 3_600_000), notAfter: new Date(Date.now() + 7_200_000) }
  const expired = new Broker(studio.authority, past)
  const early = new Broker(studio.authority, future)
  const other = await ReferenceStudio.start()
  const [mqtts = ''] = studio.brokers
  const proxy = new ConnectProxy('box', 'secret')
  const blocked = new BlockedPort()
  const [url, ranOut, notYet] = await Promise.all([proxy.start(), expired.start(), early.start(), blocked.start()])
  const login = { url, username: 'box', password: 'secret' }
  proxy.closed.add(new URL(mqtts).port)
  // By another name: its certificate has `localhost` and 127.0.0.1.
  const elsewhere = mqtts.replace('localhost', '127.0.0.2')
  const gate = createServer(outside => {
    const inside = connect(Number(new URL(mqtts).port), '127.0.0.1')
    pipeline(outside, inside, outside, () => {})
  })
  await new Promise<void>(resolve => gate.listen(Number(new URL(mqtts).port), '127.0.0.2', resolve))
  try {
    const told = {
      refused: await why(['mqtts://localhost:9']),
      swallowed: await why([`mqtts://127.0.0.1:${blocked.port}`]),
      unknown: await why(['mqtts://studio.invalid:8883']),
      noProxy: await why([mqtts], { url: 'http://127.0.0.1:9' }),
      noLogin: await why([mqtts], { ...login, password: 'guess' }),
      notThrough: await why([mqtts], login),
      behind: await why([notYet.mqtts]),
      expired: await why([ranOut.mqtts]),
      stranger: await why(other.brokers.slice(0, 1)),
      elsewhere: await why([elsewhere]),
    }
    expect(Object.fromEntries(Object.entries(told).map(([name, fault]) => [name, fault?.code]))).toEqual({
      ...{ refused: 'STUDIO_UNREACHABLE', swallowed: 'STUDIO_BLOCKED', unknown: 'STUDIO_UNKNOWN_HOST' },
      ...{ noProxy: 'STUDIO_PROXY', noLogin: 'STUDIO_PROXY_LOGIN', notThrough: 'STUDIO_PROXY_REFUSED' },
      ...{ behind: 'STUDIO_CLOCK', expired: 'STUDIO_EXPIRED', stranger: 'STUDIO_UNTRUSTED' },
      elsewhere: 'STUDIO_WRONG_NAME',
    })
    const words = Object.values(told).map(fault => `${fault?.detail} ${fault?.hint}`)
    console.log(words.join('\n'))
    expect(new Set(Object.values(told).map(fault => fault?.hint)).size).toBe(words.length)
    expect(words.join()).not.toMatch(/secret|guess/)
    // One port is blocked, and on the other one it is not Studio: that is what helps.
    const both = await why(['mqtts://localhost:9', other.brokers[0] ?? ''])
    expect(both?.code).toBe('STUDIO_UNTRUSTED')
  } finally {
    await Promise.all([other.stop(), expired.stop(), early.stop(), proxy.stop(), blocked.stop()])
    gate.close()
  }
}, 60_000)
