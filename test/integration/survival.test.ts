import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ADMIN } from '../peers/appliance.ts'
import { Hands, tooLate } from '../peers/hands.ts'
import { counters, decodeErrors, packets } from '../peers/media.ts'
import { until } from '../peers/run.ts'
import { type FlowNode, KEY, Stage } from '../peers/stage.ts'

/** Whatever is killed, the viewer notices nothing, or as little as the promise says. One show, many deaths. */
const stage = new Stage({ size: 'small' })
const hands = new Hands(stage)

beforeAll(async () => {
  await stage.start()
  await stage.onAir()
}, 120_000)
afterAll(() => stage.end())

/** The largest step between two pictures of a recording in ms, and whether they always rise. */
async function steps(file: string) {
  const video = await packets(file, 'v')
  const gaps = video.slice(1).map(({ dts }, n) => dts - video[n].dts)
  return { count: video.length, smallest: Math.min(...gaps), largest: Math.max(...gaps) }
}

describe('what may die without a lost frame', () => {
  let connectionsBefore = 0
  beforeAll(async () => {
    connectionsBefore = stage.platform.connections
    await stage.produce(30)
  })

  test('kill -9 of control: it is back in command within 5 s', async () => {
    const killed = systemClock.mono()
    const old = stage.appliance.kill('control')
    await stage.appliance.reborn('control', old)
    await until('a take works again', () => stage.api.post('/program/take', { source: 'slate' }), { timeoutMs: 10_000 })
    await stage.sourceIs('slate')
    expect(systemClock.mono() - killed).toBeLessThan(5_000)
    expect((await stage.destination()).state.status).toBe('live')
    await stage.api.post('/program/take', { source: stage.cameraId })
    await stage.sourceIs(stage.cameraId)
  })

  test('kill -9 of the flow host: API and log-in do not notice, Node-RED is back within 5 s', async () => {
    await until('the editor answers', () => stage.flows())
    const killed = systemClock.mono()
    const old = stage.appliance.kill('flow-host')
    await stage.api.signIn(ADMIN.username, ADMIN.password)
    expect((await stage.program()).source).toBe(stage.cameraId)
    await stage.appliance.reborn('flow-host', old)
    await until('the editor answers again', () => stage.flows())
    expect(systemClock.mono() - killed).toBeLessThan(5_000)
  })

  test('a function node in an endless loop: the same', async () => {
    const flows = await stage.flows()
    const loop: FlowNode[] = [
      { id: 'looptab', type: 'tab', label: 'Loop' },
      {
        ...{ id: 'trigger', type: 'inject', z: 'looptab', x: 100, y: 100, wires: [['spin']] },
        ...{ props: [], once: false, repeat: '', crontab: '' },
      },
      {
        ...{ id: 'spin', type: 'function', z: 'looptab', x: 300, y: 100, wires: [[]], outputs: 1 },
        ...{ func: 'while (true) {}', initialize: '', finalize: '', libs: [], noerr: 0 },
      },
    ]
    await stage.deploy([...flows, ...loop])
    await until('the new nodes are there', async () => (await stage.flows()).some(({ id }) => id === 'spin'))
    const old = Number(stage.appliance.pidOf('flow-host'))
    const fired = systemClock.mono()
    // The nodes are there a moment after their flow is kept; whoever pressed the button may never hear of it.
    const pressed = async () =>
      (await stage.api.call('POST', '/editor/inject/trigger', {}, true).catch(() => ({ status: 200 }))).status !== 404
    await until('the button is pressed', pressed)
    await stage.api.signIn(ADMIN.username, ADMIN.password)
    expect((await stage.program()).source).toBe(stage.cameraId)
    await stage.appliance.reborn('flow-host', old)
    await until('the editor answers again', () => stage.flows())
    expect(systemClock.mono() - fired).toBeLessThan(5_000)
    await stage.deploy(flows)
  })

  test('a full deploy of unchanged flows, and nodes moved and renamed: the engine is told nothing', async () => {
    const flows = await stage.flows()
    const applied = () =>
      stage.appliance.log.filter(line => line.includes('"process":"engine"') && line.includes('"apply"'))
    const before = applied().length
    await stage.deploy(flows)
    const moved = flows.map(node => ('x' in node ? { ...node, x: Number(node.x) + 40, name: `${node.type} 2` } : node))
    await stage.deploy(moved)
    await until('the new flow is there', async () =>
      (await stage.flows()).some(({ name }) => name === 'vistter-program 2'),
    )
    await stage.produce(60)
    expect(applied().slice(before)).toEqual([])
    expect((await stage.destination()).state.status).toBe('live')
  })

  test('Node-RED well, hung, and dead: overrides, skips, jumps and takes are seen within 200 ms', async () => {
    await hands.begin()
    await hands.all('well')
    const hung = stage.appliance.kill('flow-host', 'SIGSTOP')
    await hands.all('hung')
    process.kill(hung, 'SIGKILL')
    await hands.all('dead')
    console.info('ms until it was seen:', JSON.stringify(hands.took))
    expect(tooLate(hands.took)).toEqual([])
    await stage.appliance.reborn('flow-host', hung)
  })

  test('hot edits: text, cue, asset, destination and timeline, changed on air', async () => {
    const { api, cameraId: camera } = stage
    const timeline = `/timelines/${hands.timeline}`
    const words = (value: string) => api.put('/overlays/words', wordsOverlay(value))
    await words('One')
    await api.post('/overlays/words/play')
    await until('the words are on air', async () => (await stage.program()).overlays.some(({ layers }) => layers > 0))
    await words('Two')
    const cues = [
      { id: 'camera', start: 0, duration: 300_000, camera: 'slate' },
      { id: 'slate', start: 600_000, duration: 600_000, camera },
    ]
    await api.patch(timeline, { cues })
    await stage.sourceIs('slate')
    await api.patch(timeline, { cues: cues.map(cue => ({ ...cue, camera, overlay: 'words' })), gap: 'slate' })
    await stage.sourceIs(camera)
    await api.patch(`/destinations/${stage.destinationId}`, { name: 'Platform of another name' })
    await words('Three')
    await stage.produce(30)
    await api.post(`${timeline}/stop`)
  })

  test('the recording of all that has no gap, one connection, and decodes clean', async () => {
    await stage.produce(30)
    const [file, ...more] = await stage.recordings()
    expect(more).toEqual([])
    expect(stage.platform.connections).toBe(connectionsBefore)
    const { count, smallest, largest } = await steps(file)
    expect(count).toBeGreaterThan(300)
    expect(smallest).toBeGreaterThan(0)
    expect(largest).toBeLessThanOrEqual(34.5)
    expect(await decodeErrors(file)).toBe('')
    const frames = (await stage.program()).frames
    expect(frames).toMatchObject({ dropped: 0, repeated: 0 })
  })
})

describe('what is repaired', () => {
  beforeAll(async () => {
    await stage.api.post(`/destinations/${stage.destinationId}/start`)
    await stage.destinationIs('live')
  })

  test('Node-RED well, hung, and dead: an emergency stop ends the streams within 200 ms', async () => {
    await hands.emergency('well')
    const hung = stage.appliance.kill('flow-host', 'SIGSTOP')
    await hands.emergency('hung')
    process.kill(hung, 'SIGKILL')
    await hands.emergency('dead')
    console.info('ms until the platform had lost it:', JSON.stringify(hands.took.stop))
    expect(tooLate(hands.took)).toEqual([])
    await stage.appliance.reborn('flow-host', hung)
  })

  test("kill -9 of the camera's FFmpeg: its picture is back by itself", async () => {
    const [ingest] = stage.appliance.ffmpegs(/ -f nut /)
    process.kill(ingest.pid, 'SIGKILL')
    await until('a new FFmpeg reads the camera', () =>
      stage.appliance.ffmpegs(/ -f nut /).some(({ pid }) => pid !== ingest.pid),
    )
    await stage.produce(60)
    await stage.sourceIs(stage.cameraId)
  })

  test("kill -9 of the encoder's FFmpeg: the stream goes on in the same connection", async () => {
    const connections = stage.platform.connections
    const [encoder] = stage.appliance.ffmpegs(/matroska/)
    const bytes = Number(await stage.platform.bytesIn(KEY))
    process.kill(encoder.pid, 'SIGKILL')
    const killed = systemClock.mono()
    await until('a new encoder runs', () => stage.appliance.ffmpegs(/matroska/).some(({ pid }) => pid !== encoder.pid))
    await until('the platform gets more', async () => Number(await stage.platform.bytesIn(KEY)) > bytes + 200_000)
    expect(systemClock.mono() - killed).toBeLessThan(5_000)
    expect(stage.platform.connections).toBe(connections)
  })

  test('kill -9 of the engine: live again within 5 s, no FFmpeg left behind, the camera on air', async () => {
    const connections = stage.platform.connections
    const orphans = stage.appliance.ffmpegs().map(({ pid }) => pid)
    await stage.api.patch(`/timelines/${hands.timeline}`, { cues: shortCues(stage.cameraId), loop: false })
    await stage.api.post(`/timelines/${hands.timeline}/start`)
    await stage.sourceIs('slate')
    const old = stage.appliance.kill('engine')
    const killed = systemClock.mono()
    await stage.appliance.reborn('engine', old)
    await until('the platform has it again', () => stage.platform.connections > connections, { everyMs: 20 })
    await stage.destinationIs('live')
    expect(systemClock.mono() - killed).toBeLessThan(5_000)
    // The show went on meanwhile, and is where it would be.
    await stage.sourceIs(stage.cameraId)
    expect((await hands.state()).cue?.id).toBe('camera')
    expect(systemClock.mono() - killed).toBeLessThan(5_000)
    const now = stage.appliance.ffmpegs().map(({ pid }) => pid)
    expect(now.filter(pid => orphans.includes(pid))).toEqual([])
  })

  test('each of these ends and starts has its cause in the activity log and in /health', async () => {
    interface News {
      data: { cause: string; kind: string; generation: number; happened: string; decided: { action: string } }
      type: string
    }
    const told = await stage.api.get<News[]>('/events?type=child.*&limit=200')
    const failures = told.filter(({ type, data }) => type === 'child.ended' && data.decided.action === 'retry')
    for (const kind of ['ingest', 'encoder', 'flow-host']) {
      const failure = failures.find(({ data }) => data.kind === kind && /killed by SIGKILL/.test(data.happened))
      expect(failure, kind).toBeDefined()
      const repair = told.find(({ type, data }) => type === 'child.started' && data.cause === failure?.data.cause)
      expect(repair?.data.generation, kind).toBe(Number(failure?.data.generation) + 1)
    }
    // Their supervisor is the launcher: they say themselves what became of the life before.
    for (const kind of ['engine', 'control'])
      expect(told.find(({ data }) => data.kind === kind)?.data).toMatchObject({
        generation: 2,
        happened: 'killed by SIGKILL',
      })
    const { children } = await stage.api.get<{ children: { kind: string; pid: number; failures: number }[] }>('/health')
    const kinds = ['control', 'encoder', 'engine', 'flow-host', 'ingest', 'renderer']
    expect(children.map(({ kind }) => kind).sort()).toEqual(kinds)
    const running = new Set(stage.appliance.processes().map(({ pid }) => pid))
    expect(children.filter(({ pid }) => !running.has(pid))).toEqual([])
  })

  test('each recording decodes, and the camera can be seen in the last one', async () => {
    await stage.produce(60)
    const files = await stage.recordings()
    const last = files[files.length - 1]
    expect(new Set(await counters(last)).size).toBeGreaterThan(20)
    const { smallest } = await steps(last)
    expect(smallest).toBeGreaterThan(0)
  })
})

test('SIGTERM, twice: a clean stop with no child left', async () => {
  const took = await stage.appliance.stop()
  expect(took).toBeLessThan(10_000)
  expect(stage.appliance.processes()).toEqual([])
})

/** The camera follows while the engine is away. */
const shortCues = (camera: string) => [
  { id: 'slate', start: 0, duration: 1_500, camera: 'slate' },
  { id: 'camera', start: 1_500, duration: 600_000, camera },
]

const wordsOverlay = (value: string) => ({
  ocl: '1.0',
  timeline: { id: 'words', version: '1', frameRate: 30, resolution: { width: 1280, height: 720 } },
  assets: [],
  scenes: [
    {
      id: 'main',
      start: 0,
      tracks: [
        { id: 't', kind: 'lower-third', cues: [{ id: 'c', start: 0, duration: '3600s', layer: 0, text: { value } }] },
      ],
    },
  ],
})
