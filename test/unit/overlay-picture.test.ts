import { expect, test } from 'vitest'
import { Newest } from '../../nodes/vistter-ocl-overlay/newest.ts'
import type { PictureRequest } from '../../runtime/contract/generated/engine.v1.ts'
import type { Operations } from '../../runtime/control/ports.ts'
import { MomentPictures } from '../../runtime/control/show/moment-picture.ts'
import { OverlayPictures } from '../../runtime/control/show/overlay-picture.ts'

const document = {
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 1_920, height: 1_080 } },
  data: [{ key: 'left', countdown: { to: 't+10s', pattern: 's' } }],
  scenes: [
    {
      ...{ id: 's', start: 0, duration: '20s' },
      tracks: [
        {
          ...{ id: 'k', kind: 'any' },
          cues: [
            {
              ...{ id: 'c', start: 0, duration: '20s', layer: 0, sync: { awaitPreset: 'Door' } },
              text: { value: '{{left}} {{place}} {{locationName}}' },
            },
          ],
        },
      ],
    },
  ],
}

const asked: PictureRequest[] = []
const drawing: ConstructorParameters<typeof MomentPictures>[0] = {
  cameras: () => [],
  preset: () => undefined,
  kept: async () => undefined,
  now: async () => undefined,
  overlay: id => ({ id, document: document as never, assets: { logo: '/a/logo.png' } }),
  facts: () => ({
    overlays: [{ id: 'a' }, { id: 'b' }],
    settings: {
      ...{ program: { width: 1_280, height: 720, fps: 29.97 }, slateAfterMs: 2_000, locationName: 'Harbour' },
      tokens: { place: 'Pier' },
    },
    live: { data: {}, now: 1e12, locale: 'en', timezone: 'UTC' },
  }),
  draw: async request => {
    asked.push(request)
    return Buffer.from('png')
  },
}
const operations: Operations = new OverlayPictures(drawing).operations()
const actor = { kind: 'user', name: 'u', role: 'viewer' } as const
const picture = async (query: object) =>
  operations.getOverlayPicture?.({ params: { id: 'o' }, query: { ...query }, body: undefined, actor })

test('a picture is asked for in the size of the program, with the words of that moment, and what waits is there', async () => {
  expect(await picture({ at: 4_000, scene: 's', width: 480, ground: 'black' })).toEqual(Buffer.from('png'))
  expect(asked.at(-1)).toMatchObject({
    overlays: [
      {
        overlay: {
          id: 'o',
          assets: { logo: '/a/logo.png' },
          tokens: { place: 'Pier', locationName: 'Harbour', left: '6' },
          playing: { scene: 's', reached: { presets: { Door: 1e12 - 4_000 }, milestones: {} } },
        },
        at: 4_000,
      },
    ],
    picture: { width: 1_280, height: 720, frameRate: { num: 30_000, den: 1_001 } },
    ...{ outWidth: 480, ground: 'black' },
  })
})

test('a moment lies on the picture of its preset, else on what its source shows now, else on black', async () => {
  const quay = { id: 'CAM', name: 'Quay' }
  const { drawMoment } = new MomentPictures({
    ...drawing,
    cameras: () => [quay],
    preset: (_, wanted) => (['wide', 'new'].includes(wanted) ? { id: wanted, camera: 'CAM', name: wanted } : undefined),
    kept: async preset => (preset === 'wide' ? '/p/wide.jpg' : undefined),
    now: async source => (source === 'CAM' ? '/p/now-CAM.jpg' : undefined),
  }).operations()
  const groundOf = async (body: object) => {
    await drawMoment?.({ params: {}, query: {}, body, actor })
    return asked.at(-1)?.ground
  }
  expect(await groundOf({ source: 'Quay', preset: 'wide' })).toEqual({ image: '/p/wide.jpg' })
  // A shot names its camera by itself, and this one was kept without a picture.
  expect(await groundOf({ preset: 'new' })).toEqual({ image: '/p/now-CAM.jpg' })
  expect(await groundOf({ source: 'Quay' })).toEqual({ image: '/p/now-CAM.jpg' })
  expect(
    await groundOf({
      source: 'slate',
      // In the order of the air, whichever way round they are asked for.
      overlays: [
        { id: 'b', scene: 's', at: 500 },
        { id: 'a', at: 0 },
      ],
    }),
  ).toBe('black')
  expect(asked.at(-1)?.overlays.map(({ overlay, at }) => `${overlay.id} ${at} ${overlay.playing?.scene}`)).toEqual([
    'a 0 undefined',
    'b 500 s',
  ])
})

test('a scene that is not there is said so', async () => {
  await expect(picture({ scene: 'ghost' })).rejects.toMatchObject({ code: 'UNKNOWN_REFERENCE' })
})

test('a slider that is dragged asks for one picture at a time, and for the newest after it', () => {
  const started: number[] = []
  const newest = new Newest<number>(value => started.push(value))
  for (const value of [1, 2, 3]) newest.ask(value)
  expect(started).toEqual([1])
  newest.done()
  expect(started).toEqual([1, 3])
  newest.done()
  newest.done()
  newest.ask(4)
  expect(started).toEqual([1, 3, 4])
})
