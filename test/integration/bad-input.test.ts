import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { freePort, until } from '../peers/run.ts'
import { type CameraView, type DestinationView, SMALL, Stage } from '../peers/stage.ts'

/**
 * Whatever is entered wrongly gets a code, what happened and what to do, in the API, in the node's status and in the log;
 * the program goes on meanwhile.
 */
const stage = new Stage({ size: 'small' })
let statuses: WebSocket
/** The last status text of each node in the editor. */
const shown = new Map<string, string>()

interface Problem {
  code: string
  detail: string
  hint: string
  errors?: { code: string; path: string; message: string }[]
}

beforeAll(async () => {
  await stage.start()
  await stage.onAir()
  const url = `${stage.appliance.url.replace('https', 'wss')}/editor/comms`
  const headers = { cookie: String(stage.api.session) }
  statuses = new WebSocket(url, { headers, origin: stage.appliance.url, rejectUnauthorized: false })
  statuses.on('message', data => {
    for (const { topic, data: status } of [JSON.parse(String(data))].flat()) {
      if (String(topic).startsWith('status/')) shown.set(String(topic).slice(7), String(status?.text ?? ''))
    }
  })
  await once(statuses, 'open')
  statuses.send(JSON.stringify({ subscribe: 'status/#' }))
}, 120_000)
afterAll(async () => {
  statuses?.close()
  await stage.end()
})

async function refused(method: string, path: string, body: unknown): Promise<Problem & { status: number }> {
  const { status, body: problem } = await stage.api.call<Problem>(method, path, body)
  expect(problem.detail.length).toBeGreaterThan(10)
  expect(problem.hint.length).toBeGreaterThan(10)
  return { ...problem, status }
}

/** Saved by force: the camera is there, offline, with the reason in its node and in the log. */
async function forced(name: string, body: object, code: string): Promise<void> {
  const { id } = await stage.api.post<CameraView>('/cameras?force=true', { name, ...body })
  const flows = await stage.flows()
  const program = flows.find(({ type }) => type === 'vistter-program')
  const node = { id: 'badcamera', type: 'vistter-camera', z: program?.z, x: 100, y: 400, wires: [[]] }
  await stage.deploy([...flows, { ...node, name: '', camera: id, role: 'source', order: 9 }])
  await until(`the node says ${code}`, () => shown.get('badcamera')?.includes(code), { timeoutMs: 30_000 })
  await until('the log says so', () => stage.appliance.log.some(line => line.includes(code) && line.includes(id)))
  await stage.deploy(flows)
  await stage.api.delete(`/cameras/${id}`)
}

describe('a camera', () => {
  test('with the wrong password', async () => {
    const body = { url: stage.camera.url, username: stage.camera.username, password: 'wr0ng secret' }
    expect(await refused('POST', '/cameras', { name: 'Wrong', ...body })).toMatchObject({
      status: 422,
      code: 'CAMERA_AUTH',
    })
    await forced('Wrong', body, 'CAMERA_AUTH')
    expect(stage.appliance.log.filter(line => line.includes('wr0ng'))).toEqual([])
  })

  test('that cannot be reached', async () => {
    const body = { url: `rtsp://127.0.0.1:${await freePort()}/cam` }
    const problem = await refused('POST', '/cameras', { name: 'Gone', ...body })
    expect(problem).toMatchObject({ status: 422, code: 'CAMERA_UNREACHABLE' })
    await forced('Gone', body, 'CAMERA_UNREACHABLE')
  })

  test('whose path is wrong', async () => {
    const { username, password } = stage.camera
    const body = { url: stage.camera.url.replace('/cam', '/nothing-here'), username, password }
    const problem = await refused('POST', '/cameras', { name: 'Path', ...body })
    expect(problem).toMatchObject({ status: 422, code: 'CAMERA_NO_STREAM' })
  })

  test('that is an HTML page', async () => {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Camera</h1>'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const body = { url: `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}/live` }
    const problem = await refused('POST', '/cameras', { name: 'Page', ...body })
    expect(problem).toMatchObject({ status: 422, code: 'CAMERA_NOT_A_STREAM' })
    await forced('Page', body, 'CAMERA_NOT_A_STREAM')
    server.close()
  })
})

const cue = { id: 'c', start: 0, duration: '5s', layer: 1, text: { value: 'Hello' } }
const document = (more: object) => ({
  ocl: '1.0',
  timeline: { id: 'x', version: '1', frameRate: 30, resolution: { width: 1280, height: 720 } },
  assets: [],
  scenes: [{ id: 's', start: 0, tracks: [{ id: 't', kind: 'lower-third', cues: [{ ...cue, ...more }] }] }],
})

describe('an OCL document', () => {
  test('with an unknown directive is taken without it, and says so', async () => {
    const answer = await stage.api.put<{ accepted: boolean; warnings: { code: string; path: string }[] }>(
      '/overlays/odd',
      document({ transition: { in: { type: 'sparkle', duration: '1s' } } }),
    )
    expect(answer.accepted).toBe(true)
    const path = expect.stringContaining('/scenes/0/tracks/0/cues/0/transition/in')
    expect(answer.warnings).toContainEqual(expect.objectContaining({ code: 'OCL_UNSUPPORTED_DIRECTIVE', path }))
  })

  test('with a broken structure is refused with every place, and what is on air stays', async () => {
    await stage.api.put('/overlays/good', document({}))
    await stage.api.post('/overlays/good/play')
    await until('it is on air', async () =>
      (await stage.program()).overlays.some(({ id, layers }) => id === 'good' && layers),
    )
    const broken = { ...document({ duration: 'soon', layer: 'top' }), timeline: {} }
    const problem = await refused('PUT', '/overlays/good', broken)
    expect(problem.status).toBe(422)
    const paths = problem.errors?.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([expect.stringContaining('/timeline'), expect.stringContaining('/layer')]),
    )
    expect((await stage.program()).overlays.some(({ id }) => id === 'good')).toBe(true)
  })
})

test('a destination that refuses: named in the API, in the node and in the log, without the key', async () => {
  const { url } = stage.platform
  const body = { name: 'Refusing', platform: 'rtmp', url, streamKey: 'n0t-a-g00d-key', profile: SMALL }
  const { id } = await stage.api.post<DestinationView>('/destinations', body)
  const flows = await stage.flows()
  const encoder = flows.find(({ type }) => type === 'vistter-encoder')
  const wires = [[...(encoder?.wires?.[0] ?? []), 'baddestination']]
  const node = { id: 'baddestination', type: 'vistter-destination', z: encoder?.z, x: 900, y: 400, wires: [[]] }
  const wired = flows.map(other => (other === encoder ? { ...other, wires } : other))
  await stage.deploy([...wired, { ...node, name: '', destination: id }])
  await stage.api.post(`/destinations/${id}/start`)
  const told = await until('the refusal is told', async () => (await stage.destination(id)).state.error)
  expect(told.code).toBe('OUTPUT_REFUSED')
  expect(told.hint).toMatch(/key/)
  await until('the node says so', () => shown.get('baddestination')?.includes('OUTPUT_REFUSED'))
  expect(stage.appliance.log.some(line => line.includes('OUTPUT_REFUSED'))).toBe(true)
  expect(stage.appliance.log.filter(line => line.includes('n0t-a-g00d-key'))).toEqual([])
  await stage.api.post(`/destinations/${id}/stop`)
})

test('no secret stands in any command line, and the program went on through all of it', async () => {
  const commands = stage.appliance.processes().map(({ command }) => command)
  for (const secret of ['goodkey', encodeURIComponent(stage.camera.password), stage.camera.password]) {
    expect(commands.filter(command => command.includes(secret))).toEqual([])
  }
  const { source, frames } = await stage.program()
  expect(source).toBe(stage.cameraId)
  expect(frames.repeated + frames.dropped).toBe(0)
  expect((await stage.destination()).state.status).toBe('live')
})
