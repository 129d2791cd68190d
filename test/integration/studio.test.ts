import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Health, Settings } from '../../runtime/contract/generated/openapi.v1.ts'
import { until } from '../peers/run.ts'
import type { FlowNode } from '../peers/stage.ts'
import { CommandStage } from '../peers/studio/command-stage.ts'
import { COMMANDS } from '../peers/studio/contract.ts'
import { everyCommand, type Tried } from '../peers/studio/every-command.ts'
import type { PairedBox, SaidAck } from '../peers/studio/paired.ts'
import type { ReferenceStudio } from '../peers/studio/studio.ts'
import { besideStudioTime } from '../peers/studio/studio-time.ts'

const stage = new CommandStage()
const { ask, get } = stage
let studio: ReferenceStudio
let box: PairedBox
beforeAll(async () => {
  await stage.begin()
  ;({ studio, box } = stage)
  await until('the flow runs', flowRuns, { timeoutMs: 30_000 })
  await box.pair()
})
afterAll(() => stage.end())

const all = Object.entries(everyCommand(stage))
const isChannels = ([type]: [string, unknown]) => type.startsWith('vistter.command.credentials.')
const SHOW = all.filter(each => !isChannels(each))
const CHANNEL = all.filter(isChannels)

/** Sends it, and looks at what became of it. */
async function doIt(type: string, { data, seen }: Tried): Promise<void> {
  const began = performance.now()
  const id = await box.send(type.replace('vistter.command.', ''), typeof data === 'function' ? await data() : data)
  const last = await box.ended(id)
  expect(last).toMatchObject({ status: 'done' })
  await seen(last)
  const isBeat = type === 'vistter.command.heartbeat'
  expect(box.said(id).map(({ status }) => status)).toEqual(['received', ...(isBeat ? [] : ['running']), 'done'])
  console.log(`${type}: ${Math.round(performance.now() - began)} ms`)
}

const at = { z: 'own', x: 100, y: 100 }
/** What somebody builds who knows better: for each command that is theirs an inbox of its own. */
const OWN_WAYS: FlowNode[] = [
  { id: 'own', type: 'tab', label: 'Our ways' },
  { id: 'own-out', type: 'vistter-studio-outbox', ...at, carryOut: true, wires: [[], []] },
  ...Object.entries({
    'stream.start': 'msg.status = "rejected"; msg.message = "Not during mass."; return msg',
    'overlay.scene': 'msg.status = "done"; msg.result = { lamp: msg.payload.scene }; return msg',
    'program.take': 'msg.payload.transition = { type: "fade", duration: 5000 }; return msg',
    'config.get': 'throw new Error("No such lamp.")',
  }).flatMap(([commands, func]) => [
    { id: `in-${commands}`, type: 'vistter-studio-inbox', ...at, commands, wires: [[`do-${commands}`]] },
    { id: `do-${commands}`, type: 'function', ...at, func, outputs: 1, wires: [['own-out']] },
  ]),
  { id: 'own-catch', type: 'catch', ...at, scope: ['do-config.get'], wires: [['own-out']] },
]

const flowRuns = async () => (await get<Health>('/health')).status === 'ok'

describe('what an appliance says of itself', () => {
  test('capabilities, telemetry and the news of the activity log arrive by themselves', async () => {
    const of = (topic: string, type: string) => studio.told(topic).find(told => told.type === type)
    await until('capabilities', () => of('event', 'vistter.capabilities'))
    const { data } = (await until('telemetry', () => of('telemetry', 'vistter.telemetry'))) as { data: object }
    expect(data).toMatchObject({ health: { status: 'ok' }, outputs: [], cameras: [], program: { source: 'slate' } })
    const dead = { name: 'Pier', url: 'rtsp://127.0.0.1:9/x' }
    const began = performance.now()
    await ask('POST', '/cameras?force=true', dead)
    const isTold = (what: string) => studio.told('event').some(told => JSON.stringify(told).includes(what))
    await until('capabilities with the camera', () => isTold('"name":"Pier"'))
    expect(performance.now() - began).toBeLessThan(3_000)
    await until('the event', () => box.events('camera.added')[0])
    await stage.addCamera()
    await stage.addDestination()
    await until('capabilities with the preset', () => isTold('"shot":"shot-pier"'), { timeoutMs: 3_000 })
    const room = () => {
      const told = studio.told('event').filter(({ type }) => type === 'vistter.capabilities')
      const rooms = told.map(({ data }) => data as { capabilities: { cache: { quotaBytes: number } } })
      return rooms.at(-1)?.capabilities.cache.quotaBytes
    }
    const before = room()
    await ask('PATCH', '/settings', { assets: { quotaGb: 3 } })
    await until('capabilities with the room', () => room() !== before && room() === 3e9, { timeoutMs: 3_000 })
  })
})

describe('commands', () => {
  test('of the contract: none is left out', () => {
    expect([...SHOW, ...CHANNEL].map(([type]) => type).toSorted()).toEqual(COMMANDS.map(({ type }) => type).toSorted())
  })

  test.each(SHOW)('%s', doIt)

  test('all of them went through the flow', async () => {
    const commands = await get<{ type: string; status: string }[]>('/commands')
    expect(new Set(commands.map(({ type }) => type)).size).toBe(SHOW.length - 1)
    expect(commands.every(({ status }) => status === 'done')).toBe(true)
    expect(box.events('studio.command-without-flow')).toEqual([])
  })

  test('an integrator changes the flow, and Studio sees it', async () => {
    const flows = await stage.flows()
    await stage.deploy([...flows, ...OWN_WAYS])
    try {
      const failed = await until('its way is gone', async () => {
        const last = await box.do('config.get', {})
        return last.status === 'failed' && last
      })
      expect(failed).toMatchObject({ code: 'COMMAND_FAILED', message: 'No such lamp.', hint: expect.any(String) })
      expect(await box.do('stream.start', { destination: 'Platform' })).toMatchObject({
        ...{ status: 'rejected', code: 'COMMAND_REFUSED', message: 'Not during mass.', hint: expect.any(String) },
      })
      expect(stage.platform.connections).toBe(1)
      expect(await box.do('overlay.scene', { id: 'lamp', scene: 'red' })).toMatchObject({
        ...{ status: 'done', result: { lamp: 'red' } },
      })
      const sent = await box.send('program.take', { source: 'slate' })
      await box.ended(sent)
      const { transition } = (await stage.program()) as { transition?: object }
      expect(transition).toMatchObject({ type: 'fade' })
    } finally {
      await stage.deploy(flows)
    }
    await until('the shipped flow is back', async () => (await box.do('config.get', {})).status === 'done')
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
      result: { version: version + 2, settings: { locationName: 'Pier 8' } },
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
      sent.set(await box.send('overlay.stop', { id: 'bar' }), at)
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

  test('its clock and the box 5 s apart: after three heartbeats takes are on air within 20 ms of Studio time, decoded', async () => {
    const { least, most } = await besideStudioTime(stage)
    console.log(`on air ${least.toFixed(1)} to ${most.toFixed(1)} ms beside Studio time`)
    expect(most - least).toBeLessThan(20)
    expect(least).toBeGreaterThanOrEqual(-20)
    expect(most).toBeLessThanOrEqual(20)
  })

  test('Node-RED hangs: commands are carried out within seconds, each once', async () => {
    const { children } = await get<Health>('/health')
    const pid = children.find(({ child }) => child === 'flow-host')?.pid ?? 0
    process.kill(pid, 'SIGSTOP')
    const id = await box.send('overlay.scene', { id: 'bar', scene: 'one' })
    expect(await box.ended(id, 4_000)).toMatchObject({ status: 'done' })
    process.kill(pid, 'SIGCONT')
    await until('it is told', () =>
      box.events('studio.command-without-flow').find(({ details }) => details.command === id),
    )
    await until('the flow runs', flowRuns)
    expect(await box.do('overlay.stop', { id: 'bar' })).toMatchObject({ status: 'done' })
    expect(box.said(id).map(({ status }) => status)).toEqual(['received', 'running', 'done'])
  })

  test('new credentials under ten commands a second: none lost, none twice, in order', async () => {
    const sent: string[] = []
    let rotated = ''
    for (let n = 0; n < 20; n++) {
      sent.push(await box.send('overlay.stop', { id: 'bar' }))
      if (n === 8) rotated = await box.send('credentials.rotate', {})
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    for (const id of [rotated, ...sent]) expect(await box.ended(id)).toMatchObject({ status: 'done' })
    for (const id of sent) expect(box.said(id).map(({ status }) => status)).toEqual(['received', 'running', 'done'])
    const commands = await get<{ id: string; acks: SaidAck[] }[]>('/commands?limit=30')
    const began = commands.toReversed().filter(({ id }) => sent.includes(id))
    expect(began.map(({ id }) => id)).toEqual(sent)
  })

  test.each(CHANNEL)('%s', doIt)

  test('of everything that was said: telemetry came every 10 s, and no secret was in it', () => {
    const secrets = [stage.streamKey, stage.camera.password, 'pass-word']
    const wire = studio.broker.heard.map(({ message }) => JSON.stringify(message)).join()
    expect(secrets.filter(secret => wire.includes(secret))).toEqual([])
    const times = studio.broker.heard.flatMap(({ message: { type }, at }) => (type === 'vistter.telemetry' ? at : []))
    const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(15_000)
    expect(gaps.filter(gap => Math.abs(gap - 10_000) < 1_000).length).toBeGreaterThan(0)
  })
})
