import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Wiring } from '../../runtime/contract/generated/wiring.v1.ts'
import { projectRoot } from '../../runtime/lib/project.ts'
import { FlowHostRig, type FlowNode, smallShow } from '../peers/flow-host.ts'

const shipped = JSON.parse(readFileSync(join(projectRoot(), 'flows', 'default.json'), 'utf8')) as FlowNode[]
const slate = { kind: 'slate', title: "We'll be right back", subtitle: '{{locationName}}' }
const whole: Wiring = {
  programs: [{ id: 'main', sources: [{ kind: 'camera', camera: '*' }], fallback: [slate as never] }],
  outputs: [{ destination: '*', program: 'main', overlays: ['*'], profile: 'destination' }],
}
const at = { z: 'tab', x: 100, y: 100 }

const rig = new FlowHostRig(shipped)
beforeAll(async () => {
  await rig.start()
  await rig.ready()
})
afterAll(() => rig.stop())

/** Brings the flow back to the small show, whatever the test before left. */
async function reset(): Promise<void> {
  await rig.deploy(smallShow())
  await rig.until('the whole wiring', () => isDeepStrictEqual(rig.wirings.at(-1), whole))
  await rig.settled()
}

/** Deploys something that must change nothing, and gives it the time to prove it. */
async function nothingSaidAfter(flows: FlowNode[], type?: 'full' | 'nodes'): Promise<void> {
  const before = rig.wirings.length
  await rig.deploy(flows, type)
  await rig.settled()
  expect(rig.wirings.slice(before)).toEqual([])
}

test('the shipped flow wires everything', async () => {
  const recorders = [{ program: 'main', overlays: ['*'], profile: 'destination' }]
  const timelines = [{ program: 'main', timeline: '*' }]
  expect(await rig.until('the first wiring', () => rig.wirings[0])).toEqual({ ...whole, recorders, timelines })
})

test('a full deploy of the same wires, with other ids, names and places, says nothing', async () => {
  await reset()
  await nothingSaidAfter(smallShow())
  await nothingSaidAfter(smallShow({ prog: { name: 'The show', x: 700, y: 500 }, cam: { name: 'Any', y: 400 } }))
  const renamed = JSON.stringify(smallShow()).replaceAll(/"(cam|prog|ocl|enc|dest|slate)"/g, '"$1-new"')
  await nothingSaidAfter(JSON.parse(renamed) as FlowNode[])
})

test('a cut wire takes the destination away, a drawn one brings it back; by a partial deploy, too', async () => {
  await reset()
  const cut = smallShow({ enc: { wires: [[]] } })
  expect(await rig.wiringAfter(cut)).toEqual({ ...whole, outputs: [] })
  expect(await rig.wiringAfter(smallShow(), 'nodes')).toEqual(whole)
  expect(await rig.wiringAfter(cut, 'nodes')).toEqual({ ...whole, outputs: [] })
  expect(await rig.wiringAfter(smallShow())).toEqual(whole)
})

test('fallbacks come in the order of their numbers, not of their places', async () => {
  await reset()
  const fallback = { type: 'vistter-camera', ...at, role: 'fallback', wires: [['prog']] }
  const flows = [
    ...smallShow({ slate: { order: 100 } }),
    { ...fallback, id: 'z', camera: 'second', order: 20, y: 10 },
    { ...fallback, id: 'a', camera: 'first', order: '3', y: 900 },
    {
      id: 'clip',
      type: 'vistter-slate',
      ...at,
      content: 'clip',
      file: '/media/loop.mp4',
      order: 50,
      wires: [['prog']],
    },
  ]
  const wiring = await rig.wiringAfter(flows)
  expect(wiring.programs[0]?.fallback).toEqual([
    { kind: 'camera', camera: 'first' },
    { kind: 'camera', camera: 'second' },
    { kind: 'clip', file: '/media/loop.mp4', loop: true },
    slate,
  ])
})

test("a program's sound is in the wiring when its node says anything about it", async () => {
  await reset()
  const said = { bed: 'jazz', bedGain: '-12', bedMute: false, bedDucking: 9, loudness: -16 }
  const wiring = await rig.wiringAfter(smallShow({ prog: said }))
  const bed = { asset: 'jazz', gain: -12, mute: false, ducking: 9 }
  expect(wiring.programs[0]?.sound).toEqual({ bed, loudness: -16 })
  expect((await rig.wiringAfter(smallShow({}))).programs[0]).not.toHaveProperty('sound')
})

test('overlays add up along the wire, an encoder sets its profile, and a branch stays clean', async () => {
  await reset()
  const wiring = await rig.wiringAfter([
    ...smallShow({
      prog: { wires: [['ocl', 'dest2']] },
      ocl: { overlay: 'logo', wires: [['ocl2']] },
      enc: { profile: 'own', width: '1280', height: 720, fps: 30, videoBitrate: 2500 },
    }),
    { id: 'ocl2', type: 'vistter-ocl-overlay', ...at, overlay: 'ticker', wires: [['enc']] },
    { id: 'dest2', type: 'vistter-destination', ...at, destination: 'archive', wires: [] },
  ])
  const own = { width: 1280, height: 720, fps: 30, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }
  expect(wiring.outputs).toHaveLength(2)
  expect(wiring.outputs).toContainEqual({
    destination: '*',
    program: 'main',
    overlays: ['logo', 'ticker'],
    profile: own,
  })
  expect(wiring.outputs).toContainEqual({
    destination: 'archive',
    program: 'main',
    overlays: [],
    profile: 'destination',
  })
})

test("an encoder's finer wishes travel; what is the default anyway is no difference", async () => {
  await reset()
  const own = { profile: 'own', width: 1280, height: 720, fps: 30, videoBitrate: 2500 }
  const { profile: _, ...rest } = own
  const numbers = { ...rest, audioBitrate: 128, keyframeInterval: 2 }
  const defaults = { preset: 'auto', h264Profile: 'high', level: 'auto', autoBitrate: 'destination' }
  const wiring = await rig.wiringAfter(smallShow({ enc: own }))
  expect(wiring.outputs).toEqual([{ ...whole.outputs[0], profile: numbers }])
  await nothingSaidAfter(smallShow({ enc: { ...own, ...defaults } }))
  const fine = { preset: 'fast', h264Profile: 'baseline', level: '3.1', autoBitrate: 'on' }
  expect((await rig.wiringAfter(smallShow({ enc: { ...own, ...fine } }))).outputs).toMatchObject([
    { profile: { preset: 'fast', h264Profile: 'baseline', level: '3.1', autoBitrateFloor: 625 } },
  ])
  const floor = smallShow({ enc: { ...own, autoBitrate: 'on', autoBitrateFloor: '900' } })
  expect((await rig.wiringAfter(floor)).outputs).toMatchObject([{ profile: { autoBitrateFloor: 900 } }])
  const off = smallShow({ enc: { ...own, autoBitrate: 'off', autoBitrateFloor: '900' } })
  expect((await rig.wiringAfter(off)).outputs).toMatchObject([{ profile: { autoBitrateFloor: 0 } }])
})

test('standard nodes may stand on the wire: switch, change, function, delay, link', async () => {
  await reset()
  const through = [
    ...smallShow({ cam: { wires: [['switch']] }, prog: { wires: [['delay']] }, ocl: { wires: [['out']] } }),
    {
      id: 'switch',
      type: 'switch',
      ...at,
      property: 'feed.kind',
      propertyType: 'msg',
      rules: [{ t: 'eq', v: 'source', vt: 'str' }],
      checkall: 'true',
      outputs: 1,
      wires: [['change']],
    },
    {
      id: 'change',
      type: 'change',
      ...at,
      rules: [{ t: 'set', p: 'seen', pt: 'msg', to: 'yes', tot: 'str' }],
      wires: [['function']],
    },
    {
      id: 'function',
      type: 'function',
      ...at,
      func: 'return JSON.parse(JSON.stringify(msg))',
      outputs: 1,
      wires: [['prog']],
    },
    {
      id: 'delay',
      type: 'delay',
      ...at,
      pauseType: 'delay',
      timeout: '500',
      timeoutUnits: 'milliseconds',
      wires: [['ocl']],
    },
    { id: 'out', type: 'link out', ...at, mode: 'link', links: ['in'], wires: [] },
    { id: 'in', type: 'link in', ...at, links: ['out'], wires: [['enc']] },
  ]
  await nothingSaidAfter(through)
  await nothingSaidAfter(through)
})

test('a function node that sends junk as a feed wires nothing, and the rest stays', async () => {
  await reset()
  const junk = [
    ...smallShow({ cam: { wires: [['fake']] } }),
    {
      id: 'fake',
      type: 'function',
      ...at,
      func: 'msg.feed = { ...msg.feed, source: { kind: "camera", url: "rtsp://x" } }; return msg',
      outputs: 1,
      wires: [['prog']],
    },
  ]
  const wiring = await rig.wiringAfter(junk)
  expect(wiring.programs[0]?.sources).toEqual([])
  expect(wiring.outputs).toEqual(whole.outputs)
})

test('a disabled tab takes its wires with it', async () => {
  await reset()
  expect(await rig.wiringAfter(smallShow({ tab: { disabled: true } }))).toEqual({ programs: [], outputs: [] })
})
