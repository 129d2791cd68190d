import { expect } from 'vitest'
import type {
  Camera,
  Destination,
  Segment,
  Settings,
  Timeline,
} from '../../../runtime/contract/generated/openapi.v1.ts'
import type { Command } from '../../../runtime/contract/generated/studio.v1.ts'
import { decodeErrors, pictures, thumbnails } from '../media.ts'
import { viewOf } from '../ptz/view-of.ts'
import { until } from '../run.ts'
import { barOf, type CommandStage, PIER } from './command-stage.ts'
import type { SaidAck } from './paired.ts'

export interface Tried {
  data: object | (() => object | Promise<object>)
  /** What it changed, at the peers that it is about; `last` is the last word about it. */
  seen(last: SaidAck): Promise<unknown>
}

/** Each command of the contract in the order of a day: what Studio sends, and how the world is afterwards. Without a row for each it is no program. */
export function everyCommand(stage: CommandStage): Record<Command['type'], Tried> {
  const { get, camera, platform } = stage
  const timeline = (status: string) =>
    until(`it is ${status}`, async () => (await get<Timeline>('/timelines/01STUDIO')).state.status === status)
  const scene = (wanted: string | undefined) =>
    until(`scene ${wanted}`, async () => (await stage.program()).overlays[0]?.scene === wanted)
  const source = (wanted: string) => until(wanted, async () => (await stage.program()).source === wanted)
  const shown = async (frames: number) => {
    const before = (await stage.program()).frames.produced
    await until(`${frames} more frames`, async () => (await stage.program()).frames.produced > before + frames)
  }
  const only = async <T>(path: string) => (await get<T[]>(path))[0] as T
  let connections = 0
  let revokedAt = Number.NaN
  const cameraId = async () => (await get<Camera[]>('/cameras')).find(({ name }) => name === 'Harbour')?.id ?? ''
  return {
    'vistter.command.timeline.publish': {
      data: {
        timeline: {
          id: '01STUDIO',
          name: 'Evening',
          loop: true,
          cues: [{ start: 0, duration: 5_000, camera: 'slate' }],
        },
        assets: [],
      },
      seen: async ({ result }) => {
        expect(result).toMatchObject({ problems: [], duration: 5_000 })
        expect(await get('/timelines/01STUDIO')).toMatchObject({ name: 'Evening', loop: true })
      },
    },
    'vistter.command.timeline.start': {
      data: { timeline: '01STUDIO', position: 1_000 },
      seen: async () => {
        await timeline('running')
        expect(await get('/timelines/01STUDIO')).toMatchObject({ state: { startedBy: 'Studio' } })
      },
    },
    'vistter.command.timeline.stop': { data: { timeline: 'Evening' }, seen: () => timeline('idle') },
    'vistter.command.preset.move': {
      data: { camera: 'Harbour', preset: 'pier' },
      seen: async ({ metrics }) => {
        expect(metrics?.journeyMs).toBeGreaterThan(0)
        expect(camera.moving).toBe(false)
        for (const axis of ['pan', 'tilt', 'zoom'] as const) expect(camera.position[axis]).toBeCloseTo(PIER[axis], 2)
      },
    },
    'vistter.command.overlay.apply': {
      data: { id: 'bar', ocl: barOf('bar', ['one', 'two']) },
      seen: () => until('it is on air', async () => (await stage.program()).overlays[0]?.layers === 1),
    },
    'vistter.command.overlay.scene': { data: { id: 'bar', scene: 'two' }, seen: () => scene('two') },
    'vistter.command.overlay.stop': { data: { id: 'bar' }, seen: () => scene(undefined) },
    'vistter.command.assets.sync': {
      data: () => {
        const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"></svg>')
        return { manifest: [{ id: 'mark', ...stage.file('/mark.svg', svg), mediaType: 'image/svg+xml', version: '3' }] }
      },
      seen: async ({ result }) =>
        expect(result).toMatchObject({ assets: [{ id: 'mark', version: 3, status: 'ready' }] }),
    },
    'vistter.command.segment.publish': {
      data: () => stage.file('/morning.vseg', stage.segment),
      seen: async ({ result }) => {
        expect(result).toMatchObject({ id: 'morning', version: 1 })
        expect(await get<Segment[]>('/segments')).toMatchObject([{ id: 'morning', name: 'Morning show' }])
      },
    },
    'vistter.command.stream.start': {
      data: { destination: 'Platform' },
      seen: async () => {
        await until('live', async () => (await only<Destination>('/destinations')).state.status === 'live')
        expect(platform.connections).toBe(1)
      },
    },
    'vistter.command.program.take': {
      data: async () => ({ source: await cameraId(), transition: { type: 'cut' } }),
      seen: async ({ result }) => {
        expect(result).toEqual({ source: await cameraId(), fallback: false })
        await source(await cameraId())
        await shown(15)
      },
    },
    'vistter.command.segment.play': {
      data: { segment: 'morning' },
      seen: async () => {
        await source('slate')
        await source(await cameraId())
        await shown(30)
      },
    },
    'vistter.command.stream.stop': { data: { destination: 'Platform' }, seen: () => recorded(stage) },
    'vistter.command.health.request': {
      data: {},
      seen: async ({ result }) => {
        expect(result).toMatchObject({ health: { status: 'ok', frames: expect.any(Object) }, from: expect.any(String) })
        await until('the summary', () => stage.studio.told('telemetry').find(({ type }) => type === 'vistter.summary'))
      },
    },
    'vistter.command.config.get': {
      data: {},
      seen: async ({ result }) => {
        expect(result).toMatchObject({ version: expect.any(Number), settings: await get<Settings>('/settings') })
      },
    },
    'vistter.command.config.patch': {
      data: { patch: [{ op: 'replace', path: '/locationName', value: 'Pier 8' }] },
      seen: async () => expect(await get('/settings')).toMatchObject({ locationName: 'Pier 8' }),
    },
    'vistter.command.heartbeat': {
      data: () => ({ studioTime: new Date(stage.studio.now()).toISOString() }),
      seen: async ({ metrics }) => expect(metrics).toMatchObject({ aheadMs: expect.any(Number) }),
    },
    'vistter.command.credentials.rotate': {
      data: () => {
        connections = stage.studio.told('status').length
        return {}
      },
      seen: async () => {
        await until('it came back with its new key', () => stage.studio.told('status').length > connections)
        await until('the channel is open', async () => (await stage.box.state()).connected)
      },
    },
    'vistter.command.credentials.revoke': {
      data: () => {
        revokedAt = performance.now()
        return {}
      },
      seen: async () => {
        await until('the pairing is over', async () => !(await stage.box.state()).paired, { timeoutMs: 5_000 })
        expect(performance.now() - revokedAt).toBeLessThan(5_000)
        await until('all is forgotten', async () => (await stage.box.state()).queue.out === 0)
        expect(await stage.box.state()).toMatchObject({ connected: false })
        await shown(15)
      },
    },
  }
}

/** What the platform got: the camera at its preset, then two seconds of the segment, then the camera again. */
async function recorded({ platform }: CommandStage): Promise<void> {
  await until('the platform closed the recording', () => platform.publishes.every(publish => publish.ended))
  const [file = ''] = platform.recordings()
  expect(await decodeErrors(file)).toBe('')
  const bar = (await thumbnails(file, 4, 18)).map(one => [...one.subarray(0, 4)].every(level => level > 200))
  const [first, last] = [bar.indexOf(true), bar.lastIndexOf(true)]
  expect(bar.filter(Boolean).length).toBe(last - first + 1)
  expect(Math.abs(last - first + 1 - 60)).toBeLessThanOrEqual(1)
  for (const n of [first - 5, last + 5]) {
    const [picture] = await pictures(file, n)
    const view = picture && viewOf(picture)
    for (const axis of ['pan', 'tilt', 'zoom'] as const)
      expect(view?.[axis], `frame ${n} of ${bar.length}`).toBeCloseTo(PIER[axis], 1)
  }
}
