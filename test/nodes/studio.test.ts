import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StudioCommand } from '../../runtime/contract/flow.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { FlowStatuses } from '../peers/flow-statuses.ts'

/** The shipped wire; beside it takes that a flow slows down, refuses at once, or has done by itself; and a failure that is caught. */
const at = { z: 'tab', x: 100, y: 100 }
const flow: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Studio' },
  { id: 'in', type: 'vistter-studio-inbox', ...at, commands: '*', wires: [['out']] },
  { id: 'out', type: 'vistter-studio-outbox', ...at, carryOut: true, wires: [[], ['paired']] },
  // It writes into the very message that it gets.
  {
    ...{ id: 'paired', type: 'function', ...at, outputs: 1, wires: [['out']] },
    func: 'if (!msg.payload.paired) return null; msg.payload = msg.payload.connected ? "there" : "away"; return msg',
  },
  { id: 'takes', type: 'vistter-studio-inbox', ...at, commands: 'program', wires: [['fade']] },
  {
    ...{ id: 'fade', type: 'function', ...at, outputs: 1, wires: [['out']] },
    func: 'msg.payload.transition = { type: "fade", duration: 500 }; return msg',
  },
  { id: 'streams', type: 'vistter-studio-inbox', ...at, commands: 'stream.stop', wires: [['refuse']] },
  {
    ...{ id: 'refuse', type: 'function', ...at, outputs: 1, wires: [['out']] },
    func: 'msg.status = "rejected"; msg.message = "Not during mass."; return msg',
  },
  { id: 'scenes', type: 'vistter-studio-inbox', ...at, commands: 'overlay.scene', wires: [['said']] },
  { id: 'said', type: 'vistter-studio-outbox', ...at, carryOut: false, wires: [[]] },
  { id: 'moves', type: 'vistter-studio-inbox', ...at, commands: 'preset', wires: [['broken']] },
  {
    ...{ id: 'broken', type: 'function', ...at, outputs: 1, wires: [['out']] },
    func: 'throw new Error("No such lamp.")',
  },
  { id: 'catch', type: 'catch', ...at, scope: ['broken'], wires: [['out']] },
  {
    id: 'press',
    type: 'inject',
    ...at,
    props: [{ p: 'payload' }],
    payload: 'The doors are open.',
    payloadType: 'str',
    wires: [['out']],
  },
]

const rig = new FlowHostRig(flow)
const statuses = new FlowStatuses(rig)
beforeAll(async () => {
  await rig.start()
  await rig.ready()
  await statuses.start()
})
afterAll(async () => {
  statuses.stop()
  await rig.stop()
})
beforeEach(() => void rig.calls.splice(0))

const hand = (type: string, data: StudioCommand['data'] = {}) =>
  rig.host.hand({ id: `id-${type}`, type, data, again: false })
const called = () => rig.until('the call', () => rig.calls[0])

test('a command comes out of the inbox that names it most exactly, and goes back as the flow made it', async () => {
  expect(await rig.until('the inboxes', () => hand('timeline.stop', { timeline: 't' }))).toBe(true)
  expect(await called()).toEqual({
    method: 'studio.carryOut',
    params: { command: 'id-timeline.stop', data: { timeline: 't' } },
  })
  rig.calls.splice(0)
  expect(await hand('program.take', { source: 'slate' })).toBe(true)
  expect(await called()).toMatchObject({
    params: { command: 'id-program.take', data: { source: 'slate', transition: { type: 'fade', duration: 500 } } },
  })
})

test('a flow refuses with its own words, or says that it has done it', async () => {
  await hand('stream.stop', { destination: 'd' })
  expect(await called()).toEqual({
    method: 'studio.answer',
    params: { command: 'id-stream.stop', status: 'rejected', message: 'Not during mass.' },
  })
  rig.calls.splice(0)
  await hand('overlay.scene', { id: 'o', scene: 's' })
  expect(await called()).toEqual({ method: 'studio.answer', params: { command: 'id-overlay.scene', status: 'done' } })
})

test('what fails in the flow and is caught has failed for Studio', async () => {
  await hand('preset.move', { shot: 's' })
  expect(await called()).toMatchObject({
    method: 'studio.answer',
    params: { command: 'id-preset.move', status: 'failed', message: expect.stringContaining('No such lamp.') },
  })
})

test('a message that is no command is told to Studio', async () => {
  await rig.press('press')
  expect(await called()).toEqual({ method: 'studio.tell', params: { message: 'The doors are open.' } })
})

test('the outbox says once what is so with Studio, however often the appliance tells it', async () => {
  const since = new Date().toISOString()
  for (const waiting of [1, 2, 3]) rig.publish({ studio: { connected: false, since, waiting } })
  await rig.until('the last one has come', () => statuses.text('out')?.includes('3 messages'))
  await rig.until('it was told', () => rig.calls.some(({ method }) => method === 'studio.tell'))
  rig.publish({ studio: { connected: true, since, waiting: 0 } })
  await rig.until('the change', () => rig.calls.length > 1)
  expect(rig.calls.map(({ params }) => (params as { message: string }).message)).toEqual(['away', 'there'])
})

test('both nodes show whether Studio is there', async () => {
  const since = new Date().toISOString()
  for (const [studio, text] of [
    [undefined, 'belongs to no Studio'],
    [{ connected: true, since, waiting: 0 }, 'Studio is there'],
    [{ connected: false, since, waiting: 12 }, 'Studio is away; 12 messages wait'],
  ] as const) {
    rig.publish({ ...(studio && { studio }) })
    for (const node of ['in', 'out']) await statuses.of(node, text)
  }
})
