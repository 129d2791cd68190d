import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Health, Program, Settings, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage } from '../peers/api-stage.ts'
import { until } from '../peers/run.ts'
import { PairedBox, type SaidAck, trust } from '../peers/studio/paired.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

const stage = new ApiStage('studio')
const { ask, get } = stage
let studio: ReferenceStudio
let box: PairedBox
beforeAll(async () => {
  studio = await ReferenceStudio.start()
  trust(studio)
  await stage.begin()
  box = new PairedBox(stage, studio)
  await until('the flow runs', flowRuns, { timeoutMs: 30_000 })
  await box.pair()
})
afterAll(async () => {
  await stage.end()
  await studio.stop()
})

const flowRuns = async () => (await get<Health>('/health')).status === 'ok'

const ocl = {
  ocl: '1.0',
  timeline: { id: 'o', version: 1, frameRate: 30, resolution: { width: 1280, height: 720 } },
  assets: [],
  scenes: [
    {
      ...{ id: 's', start: 0 },
      tracks: [
        { id: 'k', kind: 'any', cues: [{ id: 'c', start: 0, duration: 60_000, layer: 0, text: { value: 'x' } }] },
      ],
    },
  ],
}

describe('what an appliance says of itself', () => {
  test('capabilities, telemetry and the news of the activity log arrive by themselves', async () => {
    const of = (topic: string, type: string) => studio.told(topic).find(told => told.type === type)
    await until('capabilities', () => of('event', 'vistter.capabilities'))
    const { data } = (await until('telemetry', () => of('telemetry', 'vistter.telemetry'))) as { data: object }
    expect(data).toMatchObject({ health: { status: 'ok' }, outputs: [], cameras: [], program: { source: 'slate' } })
    const added = { name: 'Pier', url: 'rtsp://127.0.0.1:9/x' }
    const began = performance.now()
    await ask('POST', '/cameras?force=true', added)
    const withCamera = () => studio.told('event').some(told => JSON.stringify(told).includes('"name":"Pier"'))
    await until('capabilities with the camera', withCamera)
    expect(performance.now() - began).toBeLessThan(3_000)
    await until('the event', () => box.events('camera.added')[0])
  })
})

describe('commands', () => {
  test('each of them goes through the flow and does what people can do', async () => {
    expect(await box.do('program.take', { source: 'slate' })).toMatchObject({ status: 'done' })
    const timeline = {
      id: '01STUDIO',
      name: 'Evening',
      loop: true,
      cues: [{ id: 'a', start: 0, duration: 5_000, overlay: 'o' }],
    }
    expect(await box.do('overlay.apply', { id: 'o', ocl })).toMatchObject({ status: 'done' })
    await until('the overlay on air', async () => (await get<Program>('/program')).overlays[0]?.id === 'o')
    expect(await box.do('overlay.stop', { id: 'o' })).toMatchObject({ status: 'done' })
    expect(await box.do('overlay.scene', { id: 'o', scene: 's' })).toMatchObject({ status: 'done' })
    expect(await box.do('timeline.publish', { timeline })).toMatchObject({ status: 'done', result: { problems: [] } })
    expect(await box.do('timeline.start', { timeline: '01STUDIO' })).toMatchObject({ status: 'done' })
    expect(await get<Timeline>('/timelines/01STUDIO')).toMatchObject({
      state: { status: 'running', startedBy: 'Studio' },
    })
    expect(await box.do('timeline.stop', { timeline: 'Evening' })).toMatchObject({ status: 'done' })
    expect(await box.do('assets.sync', { manifest: [] })).toMatchObject({ status: 'done' })
    expect(await box.do('health.request', {})).toMatchObject({ status: 'done', result: { health: { status: 'ok' } } })
    const commands = await get<{ type: string; status: string; acks: object[] }[]>('/commands')
    expect(commands.map(({ type }) => type)).toContain('vistter.command.timeline.publish')
    expect(commands.every(({ status }) => status === 'done')).toBe(true)
    expect(box.events('studio.command-without-flow')).toEqual([])
  })

  test('what cannot be done says why, where and what to do', async () => {
    const unknown = await box.ended(await box.send('lights.dim', { to: 3 }))
    expect(unknown).toMatchObject({
      status: 'rejected',
      code: 'COMMAND_UNSUPPORTED',
      path: '/type',
      hint: expect.any(String),
    })
    expect(unknown.supported).toContain('vistter.command.program.take')
    expect(await box.do('program.take', {})).toMatchObject({
      status: 'rejected',
      code: 'COMMAND_MALFORMED',
      path: '/data',
    })
    expect(await box.do('timeline.publish', { timeline: { id: 't', name: 'x', cues: [{ start: -1 }] } })).toMatchObject(
      {
        ...{ status: 'rejected', path: expect.stringContaining('/data/timeline/cues/0') },
      },
    )
    expect(await box.do('overlay.apply', { id: 'p', ocl: { ocl: '1.0' } })).toMatchObject({
      ...{ status: 'rejected', path: expect.stringContaining('/data/ocl') },
    })
    expect(await box.do('stream.start', { destination: 'none' })).toMatchObject({
      ...{ status: 'failed', code: 'UNKNOWN_REFERENCE', path: '/data/destination' },
    })
    expect(await box.do('segment.play', { segment: 'none' })).toMatchObject({ status: 'failed', code: 'NOT_FOUND' })
    expect(await box.do('preset.move', { shot: 'none' })).toMatchObject({ status: 'failed', path: '/data/shot' })
    expect(await box.do('segment.publish', { url: 'https://10.0.0.1/x', sha256: '0'.repeat(64) })).toMatchObject({
      ...{ status: 'failed', code: 'ASSET_ADDRESS' },
    })
  })

  test('the configuration: versions, differences, and back; secrets are in none of it', async () => {
    const first = await box.do('config.get', {})
    const { version } = first.result as { version: number; settings: Settings }
    const patch = [{ op: 'replace', path: '/locationName', value: 'Pier 7' }]
    const changed = await box.do('config.patch', { base: version, patch })
    expect(changed).toMatchObject({
      status: 'done',
      result: { version: version + 1, settings: { locationName: 'Pier 7' } },
    })
    const event = await until('the difference', () => box.events('settings.changed').at(-1))
    expect(event.details).toMatchObject({ version: version + 1, patch })
    expect(await box.do('config.patch', { base: version, patch })).toMatchObject({
      code: 'CONFLICT',
      path: '/data/base',
    })
    expect(await box.do('config.patch', { rollback: version })).toMatchObject({
      result: { version: version + 2, settings: { locationName: 'Harbour' } },
    })
    await ask('PATCH', '/settings', { proxy: { url: 'http://127.0.0.1:9', username: 'u', password: 'pass-word-1' } })
    const secret = [{ op: 'add', path: '/proxy/password', value: 'pass-word-2' }]
    expect(await box.do('config.patch', { patch: secret })).toMatchObject({ status: 'rejected', path: '/data/patch/0' })
    expect(JSON.stringify((await box.do('config.get', {})).result)).toContain('"username":"u"')
    await ask('PATCH', '/settings', { proxy: null })
    expect(JSON.stringify(studio.broker.heard)).not.toContain('pass-word')
  })
})

describe('whatever happens', () => {
  test('twenty commands a second: each is heard of within a second', async () => {
    const sent = new Map<string, number>()
    for (let n = 0; n < 60; n++) {
      const at = performance.now()
      sent.set(await box.send('overlay.stop', { id: 'o' }), at)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    for (const id of sent.keys()) expect(await box.ended(id)).toMatchObject({ status: 'done' })
    const times = box.received(sent)
    console.log(`received: p50 ${times[30]?.toFixed(0)} ms, p99 ${times[59]?.toFixed(0)} ms`)
    expect(times[59]).toBeLessThan(1_000)
  })

  test('a heartbeat is answered with what it measured', async () => {
    const first = await box.send('heartbeat', { studioTime: new Date(studio.now()).toISOString() })
    await box.ended(first)
    const heard = { command: first, at: new Date(studio.now()).toISOString() }
    const said = await box.do('heartbeat', { studioTime: new Date(studio.now()).toISOString(), heard })
    expect(said.metrics).toMatchObject({ aheadMs: expect.any(Number), uncertaintyMs: expect.any(Number) })
    expect(Math.abs(said.metrics?.aheadMs ?? 99)).toBeLessThanOrEqual(said.metrics?.uncertaintyMs ?? 0)
  })

  test('Node-RED hangs: commands are carried out within seconds, each once', async () => {
    const { children } = await get<Health>('/health')
    const pid = children.find(({ child }) => child === 'flow-host')?.pid ?? 0
    process.kill(pid, 'SIGSTOP')
    const id = await box.send('overlay.scene', { id: 'o', scene: 's' })
    expect(await box.ended(id, 4_000)).toMatchObject({ status: 'done' })
    process.kill(pid, 'SIGCONT')
    await until('it is told', () =>
      box.events('studio.command-without-flow').find(({ details }) => details.command === id),
    )
    await until('the flow runs', flowRuns)
    expect(await box.do('overlay.stop', { id: 'o' })).toMatchObject({ status: 'done' })
    expect(box.said(id).map(({ status }) => status)).toEqual(['received', 'running', 'done'])
  })

  test('new credentials under ten commands a second: none lost, none twice, in order', async () => {
    const sent: string[] = []
    let rotated = ''
    for (let n = 0; n < 20; n++) {
      sent.push(await box.send('overlay.stop', { id: 'o' }))
      if (n === 8) rotated = await box.send('credentials.rotate', {})
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    for (const id of [rotated, ...sent]) expect(await box.ended(id)).toMatchObject({ status: 'done' })
    for (const id of sent) expect(box.said(id).map(({ status }) => status)).toEqual(['received', 'running', 'done'])
    const commands = await get<{ id: string; acks: SaidAck[] }[]>('/commands?limit=30')
    const began = commands.toReversed().filter(({ id }) => sent.includes(id))
    expect(began.map(({ id }) => id)).toEqual(sent)
  })

  test('revoked: the channel is closed within 5 s, the key is gone, the show goes on', async () => {
    const before = (await get<Program>('/program')).frames.produced
    const began = performance.now()
    const id = await box.send('credentials.revoke', {})
    await until('the pairing is over', async () => !(await box.state()).paired, { timeoutMs: 5_000 })
    console.log(`revoked in ${Math.round(performance.now() - began)} ms`)
    await until('all is forgotten', async () => (await box.state()).queue.out === 0)
    expect(await box.state()).toMatchObject({ connected: false })
    expect(box.said(id).at(-1)).toMatchObject({ status: 'done' })
    await until('more frames', async () => (await get<Program>('/program')).frames.produced > before)
  })
})
