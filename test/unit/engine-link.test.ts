import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { EngineLink } from '../../runtime/control/show/engine-link.ts'
import { RpcServer } from '../../runtime/lib/rpc.ts'
import { scratch } from '../peers/run.ts'

const folder = scratch('engine-link')
afterEach(() => folder.remove())

test('an engine that says no is told from one that is gone', async () => {
  const socket = join(folder.path, 'e.sock')
  const server = new RpcServer(socket, rpc =>
    rpc.onRequest('apply', () => {
      throw new VistterError('BAD_REQUEST', '/programs/0/id must be string')
    }),
  )
  await server.start()
  const [there, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const nothing = () => {}
  const link = new EngineLink(socket, {
    connected: there.resolve,
    disconnected: gone.resolve,
    state: nothing,
    event: nothing,
  })
  link.start()
  await there.promise
  const applied = () => link.apply({ programs: [], sources: [], overlays: [], encoders: [], outputs: [] })
  await expect(applied()).rejects.toMatchObject({ code: 'INTERNAL', message: '/programs/0/id must be string' })
  await server.stop()
  await gone.promise
  await expect(applied()).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
  link.stop()
})
