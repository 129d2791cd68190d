import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { listenersOf } from '../peers/listeners.ts'

test('what a process listens on is found, with its address; a connection is no listener', async () => {
  const before = listenersOf([process.pid])
  const [loopback, everywhere, datagrams] = [createServer(), createServer(), createSocket('udp4')]
  loopback.listen(0, '127.0.0.1')
  everywhere.listen(0, '::')
  datagrams.bind(0, '127.0.0.1')
  await Promise.all([loopback, everywhere, datagrams].map(one => once(one, 'listening')))
  const port = (server: typeof loopback) => (server.address() as AddressInfo).port
  const now = listenersOf([process.pid]).filter(one => !before.some(other => other.port === one.port))
  expect(now).toEqual([
    { pid: process.pid, kind: 'tcp', address: '127.0.0.1', port: port(loopback) },
    { pid: process.pid, kind: 'tcp', address: '::', port: port(everywhere) },
    { pid: process.pid, kind: 'udp', address: '127.0.0.1', port: datagrams.address().port },
  ])
  expect(listenersOf([1])).not.toContainEqual(expect.objectContaining({ port: port(loopback) }))
  for (const one of [loopback, everywhere, datagrams]) one.close()
})
