import { sleep } from '../../runtime/lib/clock.ts'
import type { Part } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import type { Dice } from './dice.ts'
import { KEY, type World } from './world.ts'

/** Something that goes wrong or is done. `hits`: the platform whose connection it may cost; `ends`: whose life, of the product's own. */
export interface Deed {
  name: string
  weight: number
  ends?: Part
  hits?: number
  act(world: World): Promise<unknown> | unknown
}

const text = (value: string) => ({
  ocl: '1.0',
  timeline: { id: 't', version: '1', frameRate: 30, resolution: { width: 640, height: 360 } },
  assets: [],
  scenes: [
    {
      ...{ id: 's', start: 0 },
      tracks: [
        {
          id: 'g',
          kind: 'lower-third',
          cues: [{ id: 'c', start: 0, duration: '01:00:00.000', layer: 1, text: { value } }],
        },
      ],
    },
  ],
})

/** What may happen next, with how likely it is. The engine dies seldom: everything else must be possible without it. */
export function deeds(dice: Dice): Deed[] {
  const camera = dice.of([0, 1])
  const platform = dice.of([0, 1, 2])
  const ms = Math.round(dice.between(500, 6_000))
  const killed = (having: RegExp) => (world: World) =>
    process.kill(dice.of(world.appliance.ffmpegs(having)).pid, 'SIGKILL')
  return [
    { name: 'kill engine', weight: 1, ends: 'engine', act: world => reborn(world, 'engine') },
    { name: 'kill control', weight: 2, ends: 'control', act: world => reborn(world, 'control') },
    { name: 'kill flow host', weight: 2, ends: 'flow-host', act: world => reborn(world, 'flow-host') },
    { name: 'kill an ingest', weight: 3, act: killed(/ -f nut /) },
    { name: 'kill the encoder', weight: 1, act: killed(/matroska/) },
    {
      ...{ name: `stop camera ${camera} for ${ms} ms`, weight: 2 },
      act: ({ cameras }) =>
        around(
          ms,
          () => cameras[camera].stop(),
          () => cameras[camera].start(),
        ),
    },
    {
      ...{ name: `freeze camera ${camera} for ${ms} ms`, weight: 2 },
      act: ({ cameras }) =>
        around(
          ms,
          () => cameras[camera].freeze(),
          () => cameras[camera].thaw(),
        ),
    },
    { name: `drop camera ${camera}`, weight: 2, act: ({ cameras }) => cameras[camera].drop() },
    {
      name: `drop platform ${platform}`,
      weight: 2,
      hits: platform,
      act: ({ platforms }) => platforms[platform].drop(KEY),
    },
    {
      ...{ name: `stall platform ${platform} for ${ms} ms`, weight: 2, hits: platform },
      act: ({ platforms }) =>
        around(
          ms,
          () => platforms[platform].stall(),
          () => platforms[platform].resume(),
        ),
    },
    {
      ...{ name: `platform ${platform} refuses for ${ms} ms`, weight: 1, hits: platform },
      act: world => refuse(world, platform, ms),
    },
    { name: 'deploy', weight: 2, act: async world => world.deploy(await world.flows()) },
    {
      ...{ name: `take camera ${camera}`, weight: 4 },
      act: ({ api, cameraIds }) =>
        api.post('/program/take', {
          source: cameraIds[camera],
          transition: { type: dice.of(['cut', 'fade', 'wipe', 'slide']), duration: '500ms' },
        }),
    },
    {
      ...{ name: 'edit the overlay', weight: 3 },
      act: async ({ api }) => {
        await api.put('/overlays/soak', text(`Words ${ms}`))
        await api.post(`/overlays/soak/${dice.of(['play', 'play', 'stop'])}`)
      },
    },
  ]
}

async function reborn({ appliance }: World, part: Part): Promise<void> {
  await appliance.reborn(part, appliance.kill(part))
}

async function around(ms: number, begin: () => unknown, end: () => unknown): Promise<void> {
  await begin()
  await sleep(ms)
  await end()
}

/** The operator puts a refused key right and starts again. */
async function refuse({ api, platforms, destinationIds }: World, n: number, ms: number): Promise<void> {
  const [platform, id] = [platforms[n], destinationIds[n]]
  await around(
    ms,
    async () => {
      platform.refuse(KEY)
      await platform.drop(KEY)
    },
    () => platform.accept(KEY),
  )
  await api.post(`/destinations/${id}/stop`)
  await until('it starts again', () => api.post(`/destinations/${id}/start`))
}
