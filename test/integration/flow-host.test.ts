import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { FlowHostRig, type FlowNode, smallShow } from '../peers/flow-host.ts'

const at = { z: 'tab', x: 100, y: 100 }

/** A function node that a request sends into an endless loop, and one that throws outside its handler. */
const troublesome: FlowNode[] = [
  ...smallShow(),
  { id: 'in', type: 'http in', ...at, url: '/loop', method: 'get', wires: [['loop']] },
  { id: 'loop', type: 'function', ...at, func: 'for (;;) {}', outputs: 1, wires: [[]] },
]

/** The same trouble at each start: an inject node that fires by itself. */
const hopeless: FlowNode[] = [
  ...smallShow(),
  {
    id: 'inject',
    type: 'inject',
    ...at,
    props: [{ p: 'payload' }],
    once: true,
    onceDelay: 0.1,
    payload: '',
    payloadType: 'date',
    wires: [['loop']],
  },
  { id: 'loop', type: 'function', ...at, func: 'for (;;) {}', outputs: 1, wires: [[]] },
]

/** The promise to people, ms. */
const BACK_WITHIN = 5_000

let rig: FlowHostRig
afterEach(() => rig?.stop())

async function up(flows?: FlowNode[]): Promise<void> {
  rig = new FlowHostRig(flows)
  await rig.start()
  await rig.ready()
  await rig.until('the first wiring', () => rig.wirings.length > 0)
}

/** Time (ms) until a new process of Node-RED answers. */
async function backAfter(pid: number | undefined): Promise<number> {
  const began = performance.now()
  await rig.until('a new process', () => rig.host.state().pid !== undefined && rig.host.state().pid !== pid)
  await rig.ready()
  return performance.now() - began
}

const alive = (pid: number | undefined): boolean => pid !== undefined && existsSync(`/proc/${pid}/stat`)

describe('the flow host is replaceable', () => {
  test('an endless loop in a function node: killed, and Node-RED is back; the wiring does not move', async () => {
    await up(troublesome)
    const { pid } = rig.host.state()
    rig.get('/loop').catch(() => {})
    const took = await backAfter(pid)
    expect(took).toBeLessThan(BACK_WITHIN)
    expect(alive(pid)).toBe(false)
    expect(rig.events.map(({ type }) => type)).toEqual(['flowhost.hung', 'flowhost.crashed'])
    await rig.settled()
    expect(rig.wirings).toHaveLength(1)
  })

  test('kill -9: Node-RED is back, browsers see a friendly page meanwhile; the wiring does not move', async () => {
    await up(smallShow())
    const { pid } = rig.host.state()
    process.kill(pid ?? 0, 'SIGKILL')
    const page = await rig.until('the page', async () => {
      const answer = await rig.get('/editor/')
      return answer.status === 503 && answer.body
    })
    expect(page).toContain('http-equiv="refresh"')
    expect(await backAfter(pid)).toBeLessThan(BACK_WITHIN)
    await rig.settled()
    expect(rig.wirings).toHaveLength(1)
  })

  test('three crashes in a row: safe mode, until a deploy leaves it; the wiring holds all the while', async () => {
    await up(smallShow())
    rig.deploy(hopeless).catch(() => {})
    const safe = () => rig.host.state().status === 'safe-mode'
    await rig.until('safe mode', safe, 40_000)
    expect(rig.host.state().restarts).toBe(3)
    expect(rig.events.filter(({ type }) => type === 'flowhost.safe-mode')).toHaveLength(1)
    await rig.ready()
    expect(JSON.parse((await rig.get('/editor/flows')).body)).toHaveLength(hopeless.length)
    await rig.settled()
    expect(safe()).toBe(true)
    expect(rig.wirings).toHaveLength(1)

    await rig.deploy(smallShow())
    await rig.until('running', () => rig.host.state().status === 'running')
    await rig.settled()
    expect(rig.wirings).toHaveLength(1)
  })

  test('a stop leaves no process, no socket', async () => {
    await up(smallShow())
    const { pid } = rig.host.state()
    const began = performance.now()
    await rig.host.stop()
    expect(performance.now() - began).toBeLessThan(3_500)
    expect(alive(pid)).toBe(false)
  })
})

describe('the flow file', () => {
  test('the first start ships the whole first flow: the show and its dashboard', async () => {
    await up()
    const flows = JSON.parse((await rig.get('/editor/flows')).body) as FlowNode[]
    const types = new Set(flows.map(({ type }) => type))
    for (const type of ['vistter-camera', 'vistter-program', 'vistter-destination', 'ui-base', 'ui-vistter-program']) {
      expect(types).toContain(type)
    }
    expect((await rig.get('/dashboard/')).status).toBe(200)
  })

  test('a damaged one is put aside and told, and the shipped flow takes its place', async () => {
    rig = new FlowHostRig(smallShow())
    writeFileSync(join(rig.paths.flows, 'flows.json'), '[{"id": "cam", "ty')
    await rig.start()
    await rig.ready()
    await rig.until('the event', () => rig.events.some(({ type }) => type === 'flowhost.flow-damaged'))
    const aside = readdirSync(rig.paths.flows).find(name => name.startsWith('flows.damaged-'))
    expect(readFileSync(join(rig.paths.flows, aside ?? ''), 'utf8')).toBe('[{"id": "cam", "ty')
    await rig.until('its wiring', () => rig.wirings.at(-1)?.outputs.length === 1)
  })
})
