import { createHash } from 'node:crypto'
import { type Packed, withChecksums, zipOf } from './zip.ts'

export const PICTURE = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"></svg>')

export const lowerThird = (value = 'Welcome to {{locationName}}') => ({
  ocl: '1.0',
  timeline: { id: 'lower', version: 1, frameRate: 30, resolution: { width: 1_920, height: 1_080 } },
  assets: [
    {
      id: 'logo',
      url: 'https://studio.example/logo.svg',
      sha256: createHash('sha256').update(PICTURE).digest('hex'),
      mediaType: 'image/svg+xml',
    },
  ],
  scenes: [
    {
      id: 'main',
      start: 0,
      tracks: [
        {
          id: 'track',
          kind: 'lower-third',
          cues: [
            { id: 'words', start: 0, duration: '5s', layer: 1, text: { value } },
            { id: 'logo', start: 0, duration: '5s', layer: 2, assetRef: 'logo' },
          ],
        },
      ],
    },
  ],
})

export const segmentOf = (more: Record<string, unknown> = {}) => ({
  segment: '1.0',
  id: 'morning',
  version: 1,
  name: 'Morning show',
  duration: 10_000,
  timeline: {
    id: 'its-own',
    name: 'Morning',
    loop: false,
    gap: 'hold',
    cues: [
      { id: 'wide', start: 0, duration: 5_000, camera: 'slate', overlay: 'ocl/lower.json' },
      { id: 'close', start: 5_000, duration: 5_000, camera: 'slate', overlay: { id: 'lower', scene: 'main' } },
    ],
  },
  overlays: ['ocl/lower.json'],
  metadata: { author: 'Studio' },
  ...more,
})

const json = (name: string, value: unknown): Packed => ({ name, content: JSON.stringify(value) })

/** Files of a package as Studio makes one. */
export const segmentFiles = (segment: unknown = segmentOf(), overlay: unknown = lowerThird()): Packed[] => [
  json('segment.json', segment),
  json('ocl/lower.json', overlay),
  { name: 'assets/logo.svg', content: PICTURE },
]

export const packageOf = (files: readonly Packed[] = segmentFiles()): Buffer => zipOf(withChecksums(files))
