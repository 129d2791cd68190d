import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CueDone, CueOffer, CueTake } from '../../runtime/contract/cue-offer.ts'
import { newId } from '../../runtime/lib/ids.ts'
import { FlowHostRig, type FlowNode, smallShow } from '../peers/flow-host.ts'

/** The way of a cue through real Node-RED: what the nodes on its wire make of it, and what control hears. */
const at = { z: 'tab', x: 100, y: 100 }

/** timeline → switch → ptz-preset → function → ocl-overlay → delay → program → what came out; and a longer way for one camera. */
const flows: FlowNode[] = [
  ...smallShow({ prog: { wires: [['ocl', 'came']] } }),
  { id: 'show', type: 'vistter-timeline', ...at, timeline: '*', wires: [['gate'], []] },
  { id: 'day', type: 'vistter-timeline', ...at, timeline: 'Day', wires: [['prog'], []] },
  {
    ...{
      id: 'gate',
      type: 'switch',
      ...at,
      property: 'payload.camera',
      propertyType: 'msg',
      checkall: 'true',
      outputs: 2,
    },
    rules: [{ t: 'eq', v: 'Storm', vt: 'str' }, { t: 'else' }],
    wires: [[], ['turn']],
  },
  { id: 'turn', type: 'vistter-ptz-preset', ...at, camera: '*', preset: '', swing: 'freeze', wires: [['words'], []] },
  {
    ...{ id: 'words', type: 'function', ...at, outputs: 1, wires: [['plays']] },
    func: `if (!msg.cue) return msg
if (msg.payload.camera === 'Boom') throw new Error('boom')
if (msg.payload.camera === 'Held') return new Promise(() => {})
if (msg.payload.camera === 'Loop') for (const end = Date.now() + 700; Date.now() < end; );
if (msg.payload.camera === 'Night') msg.payload.overlay = { id: 'lamp', scene: 'on' }
return { ...msg }`,
  },
  { id: 'plays', type: 'vistter-ocl-overlay', ...at, overlay: '*', wires: [['wait']] },
  {
    ...{ id: 'wait', type: 'delay', ...at, pauseType: 'delay', timeout: '30', timeoutUnits: 'milliseconds' },
    wires: [['prog']],
  },
  {
    ...{ id: 'came', type: 'function', ...at, outputs: 1, wires: [[]] },
    func: "if (msg.cue) flow.set('came', [...(flow.get('came') || []), { payload: msg.payload, cue: msg.cue }])",
  },
  { id: 'in-came', type: 'http in', ...at, url: '/came', method: 'get', wires: [['all']] },
  { id: 'all', type: 'function', ...at, func: "msg.payload = flow.get('came') || []; return msg", wires: [['out']] },
  { id: 'out', type: 'http response', ...at, wires: [] },
]

const rig = new FlowHostRig(flows)
const takes = () => rig.calls.map(({ params }) => params as CueTake)
const came = async () =>
  JSON.parse((await rig.get('/came')).body) as { payload: unknown; cue: Record<string, unknown> }[]
const DONE: CueDone = {
  ...{ outcome: 'done', by: 'flow' },
  steps: [
    {
      ...{ step: 'program', by: 'flow', outcome: 'done', planned: '2026-01-01T12:00:00.000Z' },
      ...{ actual: '2026-01-01T12:00:00.007Z', latencyMs: 7 },
    },
  ],
}

beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await rig.until('the wiring', () => rig.wirings.at(-1)?.timelines)
})
afterAll(() => rig.stop())
beforeEach(() => {
  rig.calls.length = 0
  rig.passed.length = 0
  rig.cueTaken = ({ step }) => ({ taken: true, ...(step === 'program' && { done: DONE }) })
})

function offer(shows: CueOffer['shows'], change: Partial<CueOffer> = {}): string {
  const id = newId()
  const soon = new Date(Date.now() + 2_600).toISOString()
  const cue = { id, wire: '*', program: 'main', cue: 'c1', round: 0, at: soon, until: soon, shows }
  const timeline = { id: 't1', name: 'Evening' }
  expect(rig.host.offer({ ...cue, timeline, ...change })).toBe(true)
  return id
}

test('the wire of a timeline may lead through camera moves and overlays to its program', () => {
  expect(rig.wirings.at(-1)?.timelines).toEqual([
    { program: 'main', timeline: '*' },
    { program: 'main', timeline: 'Day' },
  ])
})

test('a cue goes its way once: each node takes up its step, in their order, and the message gathers what became of it', async () => {
  const shows = { camera: 'Pier', preset: 'Wide', overlay: 'words' }
  const id = offer(shows)
  await rig.until('it has come out', async () => (await came()).length > 0)
  expect(takes()).toEqual([
    { offer: id, step: 'preset', shows },
    { offer: id, step: 'overlay', shows },
    { offer: id, step: 'program', shows },
  ])
  const [{ payload, cue } = { payload: undefined, cue: {} }] = await came()
  expect(payload).toEqual(shows)
  expect(cue).toMatchObject({ id: 'c1', timeline: { name: 'Evening' }, outcome: 'done', by: 'flow', latencyMs: 7 })
  expect(cue).toMatchObject({ actual: '2026-01-01T12:00:00.007Z', steps: DONE.steps })
  expect(cue.taken).toMatchObject(['preset', 'overlay', 'program'].map(step => ({ step, taken: true })))
  // Carried out it passes the overlay behind the program as any message.
  await rig.settled()
  expect(takes()).toHaveLength(3)
})

test('nodes leave alone what is not theirs, and a function may change what is shown', async () => {
  const id = offer({ camera: 'Night' })
  await rig.until('it is at the program', () => takes().some(({ step }) => step === 'program'))
  const shows = { camera: 'Night', overlay: { id: 'lamp', scene: 'on' } }
  expect(takes()).toEqual([
    { offer: id, step: 'overlay', shows },
    { offer: id, step: 'program', shows },
  ])
})

test('a node that names the timeline sends its cues, and no other; another program lets them pass', async () => {
  offer({ camera: 'Pier' }, { wire: 'Day' })
  await rig.until('it is at the program', () => takes().length > 0)
  expect(takes().map(({ step }) => step)).toEqual(['program'])
  rig.calls.length = 0
  const id = offer({ camera: 'Pier' }, { wire: 'Day', program: 'second' })
  await rig.until('it was let go', () => rig.passed.includes(id))
  expect(takes()).toEqual([])
})

test('what the flow lets go is told; what a node holds, or no node has sent, is not', async () => {
  const gone = [offer({ camera: 'Storm' }), offer({ camera: 'Boom' })]
  const kept = [offer({ camera: 'Held' }), offer({ camera: 'Pier' }, { wire: 'Nobody' })]
  await rig.until('both were let go', () => gone.every(id => rig.passed.includes(id)))
  await rig.settled()
  expect(rig.passed.filter(id => kept.includes(id))).toEqual([])
  expect(takes()).toEqual([])
})

test('a loop that blocks delays the cue, and loses it not', async () => {
  const id = offer({ camera: 'Loop' })
  await rig.until('it is at the program', () => takes().some(({ step }) => step === 'program'))
  await rig.until('it is through', () => rig.passed.includes(id))
  expect(takes()).toHaveLength(1)
})

test('what control has carried out by itself does nothing any more, and says so', async () => {
  const why = 'The time was over: the appliance has carried the cue out by itself.'
  rig.cueTaken = ({ step }) => ({ taken: false, why, ...(step === 'program' && { done: { ...DONE, by: 'control' } }) })
  const before = (await came()).length
  offer({ camera: 'Pier' })
  const last = await rig.until('it has come out', async () => (await came())[before])
  expect(last.cue).toMatchObject({ by: 'control', outcome: 'done', taken: [{ step: 'program', taken: false, why }] })
})
