import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Camera, DeviceProfiles, TestResult } from '../../runtime/contract/generated/openapi.v1.ts'
import { type CameraBody, Cameras } from '../../runtime/control/cameras/cameras.ts'
import { Onboarding } from '../../runtime/control/cameras/onboarding.ts'
import { onvifTarget } from '../../runtime/control/cameras/onvif-access.ts'
import { onvifStep } from '../../runtime/control/cameras/onvif-step.ts'
import type { NewEvent, Operations } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { SoapDevice, type SoapDeviceOptions } from '../peers/soap-device.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function device(options?: SoapDeviceOptions): Promise<SoapDevice> {
  const started = await new SoapDevice(options).start()
  ends.push(() => started.stop())
  return started
}

let events: NewEvent[] = []
const caller =
  (operations: Operations) =>
  <Answer>(name: string, body: object, params = {}, query = {}): Promise<Answer> =>
    operations[name]?.({ params, query, body, actor: { kind: 'user', name: 'o', role: 'operator' } }) as Promise<Answer>

function cameras() {
  events = []
  const shelf = memoryShelf<CameraBody>()
  const stream: TestResult = {
    ok: true,
    steps: [{ step: 'stream', ok: true, ms: 1, detail: 'A picture came.', hint: '' }],
  }
  const all = new Cameras({
    ...{ shelf, clock: systemClock, probe: async () => stream, stateOf: () => undefined },
    ...{ ptzOf: () => undefined, changed: async () => {}, record: event => events.push(event) },
  })
  return { all, shelf, call: caller(all.operations()) }
}

const url = 'rtsp://127.0.0.1:1/main'
const failing = (code: string) => expect.objectContaining({ code })

describe('a camera with ONVIF', () => {
  it('is tested with the login of its stream, or with its own', async () => {
    const camera = await device({ username: 'u', password: 'p' })
    const { host, port } = camera.target
    const { call } = cameras()
    const step = async (body: object) => (await call<TestResult>('testCamera', { url, ...body })).steps.at(-1)
    const passed = { step: 'onvif', ok: true, hint: '', ms: expect.any(Number) }
    const can = 'Quay Harbour 20x: it can be steered, it goes to positions, it keeps 8 presets.'
    expect(await step({ username: 'u', password: 'p', onvif: { host, port } })).toEqual({ ...passed, detail: can })
    expect(await step({ onvif: camera.target })).toEqual({ ...passed, detail: can })
    const refused = { step: 'onvif', ok: false, code: 'PTZ_AUTH', hint: expect.stringContaining('users of their own') }
    expect(await step({ username: 'u', password: 'p', onvif: { host, port, username: 'x' } })).toMatchObject(refused)
    camera.replies.set('GetNodes', '<tptz:GetNodesResponse/>')
    expect(await step({ onvif: camera.target })).toEqual({
      ...{ ...passed, detail: 'Quay Harbour 20x answers, and cannot be moved.' },
    })
  })

  it('is told its right port where a wrong one was entered, or none', async () => {
    const right = await device({ host: '127.0.0.21' })
    const wrong = await device({ host: '127.0.0.21' })
    wrong.replies.set('GetSystemDateAndTime', (_request, response) => response.writeHead(404).end())
    const { port } = right
    const found = await onvifStep(wrong.target, systemClock, [9, port])
    expect(found).toMatchObject({ ok: false, code: 'PTZ_NOT_ONVIF' })
    expect(found.detail).toMatch(`There is one at port ${port}.`)
    expect(await onvifStep({ host: '127.0.0.21' }, systemClock, [9, port])).toMatchObject({ ok: true })
    const nobody = await onvifStep({ host: '127.0.0.21' }, systemClock, [9, 10])
    expect(nobody).toMatchObject({ ok: false, code: 'PTZ_UNREACHABLE', detail: expect.stringContaining('9, 10') })
  })

  it('is not saved when that fails, unless it must be, and is then saved with a port all the same', async () => {
    const { call } = cameras()
    const onvif = { host: '127.0.0.22', username: 'u', password: 'p' }
    const body = { name: 'Quay', url, onvif }
    const refused = expect.objectContaining({ code: 'PTZ_UNREACHABLE', extra: { steps: expect.any(Array) } })
    await expect(call('addCamera', body, {}, { force: false })).rejects.toThrow(refused)
    expect((await call<Camera>('addCamera', body, {}, { force: true })).onvif).toMatchObject({
      port: 80,
      username: 'u',
    })
    await device({ host: '127.0.0.22', port: 2020, username: 'u', password: 'p' })
    const { id, onvif: kept } = await call<Camera>('addCamera', body, {}, { force: false })
    expect(kept).toEqual({ host: '127.0.0.22', port: 2020, username: 'u' })
    await call('changeCamera', { onvif: null }, { id })
    const changed = await call<Camera>('changeCamera', { onvif: { host: '127.0.0.22' } }, { id })
    expect(changed.onvif).toEqual({ host: '127.0.0.22', port: 2020 })
    await expect(call('changeCamera', { onvif: { host: '' } }, { id })).rejects.toThrow(failing('BAD_REQUEST'))
  })

  it('that was away when it was added is found at its port when it comes, if nobody has said another', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    ends.push(() => vi.useRealTimers())
    const { all, call, shelf } = cameras()
    all.start()
    ends.push(() => all.stop())
    const add = (onvif: object) => call<Camera>('addCamera', { name: 'Quay', url, onvif }, {}, { force: true })
    const [unsaid, said] = [await add({ host: '127.0.0.23' }), await add({ host: '127.0.0.23', port: 80 })]
    expect(unsaid.onvif).toEqual({ host: '127.0.0.23', port: 80 })
    // What is changed meanwhile says nothing of its port.
    await call('changeCamera', { onvif: { username: 'u', password: 'p' } }, { id: unsaid.id })
    await device({ host: '127.0.0.23', port: 2020 })
    vi.advanceTimersByTime(15_000)
    await until('its port is found', () => shelf.find(unsaid.id)?.body.onvif?.port === 2020)
    expect(shelf.find(unsaid.id)?.body.onvif).toEqual({ host: '127.0.0.23', port: 2020, username: 'u' })
    expect(shelf.find(unsaid.id)?.secrets.onvifPassword).toBe('p')
    expect((await call<Camera>('getCamera', {}, { id: said.id })).onvif?.port).toBe(80)
    expect(events.filter(({ type }) => type === 'camera.port-found')).toMatchObject([
      { message: 'The ONVIF service of Quay answers at port 2020.' },
    ])
  })

  it('keeps any password as it is, and shows none', async () => {
    const { call, shelf } = cameras()
    const word = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    await fc.assert(
      fc.asyncProperty(word, word, async (stream, own) => {
        const onvif = { host: '127.0.0.1', port: 9, username: 'o', password: own }
        const body = { name: 'x', url, username: 'u', password: stream, onvif }
        const added = await call<Camera>('addCamera', body, {}, { force: true })
        const { id } = await call<Camera>('changeCamera', { name: 'y', onvif: { port: 80 } }, { id: added.id })
        expect(shelf.find(id)?.secrets).toEqual({ password: stream, onvifPassword: own })
        expect(added.onvif).toEqual({ host: '127.0.0.1', port: 9, username: 'o' })
        expect(Object.keys(added)).not.toContain('password')
      }),
      { numRuns: 50 },
    )
  })

  it('never tries a password with the name of somebody else', () => {
    const stream = { username: 'u', password: 'p' }
    const host = 'cam'
    expect(onvifTarget({ host }, stream)).toEqual({ host, ...stream })
    expect(onvifTarget({ host, username: 'u' }, stream)).toEqual({ host, ...stream })
    expect(onvifTarget({ host, username: 'o' }, stream)).toEqual({ host, username: 'o' })
    expect(onvifTarget({ host, password: 'q' }, stream)).toEqual({ host, username: 'u', password: 'q' })
  })
})

it('a device says where its pictures are, each that it can', async () => {
  const camera = await device({ username: 'u', password: 'p' })
  const reply = camera.replies.get('GetStreamUri')
  camera.replies.set('GetStreamUri', (_request, response, body) =>
    body.includes('>01<') ? response.end(`<e:Envelope><e:Body>${reply}</e:Body></e:Envelope>`) : response.destroy(),
  )
  const call = caller(new Onboarding(systemClock).operations())
  const picture = { codec: 'H264', fps: 25, ptz: true }
  expect(await call<DeviceProfiles>('readDeviceProfiles', camera.target)).toEqual({
    name: 'Quay Harbour 20x',
    port: camera.port,
    profiles: [
      { token: '01', name: 'main', width: 1920, height: 1080, url: 'rtsp://127.0.0.1:8554/main?a=1&b=2', ...picture },
      { token: '1.0', name: 'sub', width: 640, height: 360, ...picture },
    ],
  })
  const other = { ...camera.target, password: 'x' }
  await expect(call('readDeviceProfiles', other)).rejects.toThrow(failing('PTZ_AUTH'))
})
