import { expect, test } from 'vitest'
import { Newest } from '../../nodes/vistter-ocl-overlay/newest.ts'
import type { PictureRequest } from '../../runtime/contract/generated/engine.v1.ts'
import type { Operations } from '../../runtime/control/ports.ts'
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
const operations: Operations = new OverlayPictures({
  overlay: id => ({ id, document: document as never, assets: { logo: '/a/logo.png' } }),
  facts: () => ({
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
}).operations()
const actor = { kind: 'user', name: 'u', role: 'viewer' } as const
const picture = async (query: object) =>
  operations.getOverlayPicture?.({ params: { id: 'o' }, query: { ...query }, body: undefined, actor })

test('a picture is asked for in the size of the program, with the words of that moment, and what waits is there', async () => {
  expect(await picture({ at: 4_000, scene: 's', width: 480, ground: 'black' })).toEqual(Buffer.from('png'))
  expect(asked.at(-1)).toMatchObject({
    overlay: {
      id: 'o',
      assets: { logo: '/a/logo.png' },
      tokens: { place: 'Pier', locationName: 'Harbour', left: '6' },
      playing: { scene: 's', reached: { presets: { Door: 1e12 - 4_000 }, milestones: {} } },
    },
    picture: { width: 1_280, height: 720, frameRate: { num: 30_000, den: 1_001 } },
    ...{ at: 4_000, outWidth: 480, ground: 'black' },
  })
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
