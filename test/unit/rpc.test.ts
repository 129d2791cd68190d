import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { within } from '../../runtime/lib/clock.ts'
import { type Rpc, RpcClient, RpcServer } from '../../runtime/lib/rpc.ts'
import { scratch, until } from '../peers/run.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test('a peer that dies with a request pending is a refusal at once, on both sides, and its successor is found', async () => {
  const folder = scratch('rpc')
  const path = join(folder.path, 'socket')
  const peers: Rpc[] = []
  let hanging = 0
  const never = () => {
    hanging++
    return new Promise<never>(() => {})
  }
  const accept = (rpc: Rpc) => {
    rpc.onRequest('hang', never)
    peers.push(rpc)
  }
  const server = new RpcServer(path, accept)
  const client = new RpcClient(path, { opened: rpc => void rpc.onRequest('hang', never) })
  undo.push(
    () => folder.remove(),
    () => server.stop(),
    () => client.stop(),
  )
  await server.start()
  client.start()
  await until('the connection', () => client.connected && peers.length === 1)
  const asked = client.request('hang')
  const askedBack = peers[0]?.sendRequest('hang')
  const settled = Promise.allSettled([asked, askedBack])
  await until('both are asked', () => hanging === 2)
  peers[0]?.end()
  const ends = await within(1_000, 'the requests are still pending', settled)
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await until('the next connection', () => client.connected && peers.length === 2)
})
