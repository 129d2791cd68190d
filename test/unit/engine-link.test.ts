import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { EngineLink } from '../../runtime/control/show/engine-link.ts'
import { RpcServer } from '../../runtime/lib/rpc.ts'
import { scratch } from '../peers/run.ts'

const folder = scratch('engine-link')
afterAll(() => folder.remove())

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

test('a picture of an overlay comes as PNG, or as what is in its way', async () => {
  const socket = join(folder.path, 'p.sock')
  const answers: unknown[] = [
    { png: Buffer.from('a picture').toString('base64') },
    { fault: { code: 'PICTURE_BUSY', detail: 'Too many.' } },
    { fault: { code: 'SOMETHING_NEW', detail: 'Of a later release.' } },
  ]
  const server = new RpcServer(socket, rpc => rpc.onRequest('picture', () => answers.shift()))
  await server.start()
  const there = Promise.withResolvers<void>()
  const nothing = () => {}
  const link = new EngineLink(socket, {
    connected: there.resolve,
    disconnected: nothing,
    state: nothing,
    event: nothing,
  })
  link.start()
  await there.promise
  const asked = () =>
    link.picture({
      overlays: [{ overlay: { id: 'o', program: 'p', document: {}, assets: {}, tokens: {} }, at: 0 }],
      picture: { width: 64, height: 64, frameRate: { num: 25, den: 1 } },
      ...{ outWidth: 64, ground: 'black' },
    })
  expect(String(await asked())).toBe('a picture')
  await expect(asked()).rejects.toMatchObject({ code: 'PICTURE_BUSY', message: 'Too many.' })
  await expect(asked()).rejects.toMatchObject({ code: 'RENDERER_FAILED', message: 'Of a later release.' })
  link.stop()
  await server.stop()
})
