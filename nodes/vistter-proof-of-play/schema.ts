import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-proof-of-play',
  version: 1,
  category: 'VistterStream',
  color: '#b39ddb',
  inputs: 1,
  outputs: ['answer', 'facts'],
  fields: {
    advertiser: {
      type: 'string',
      default: '',
      maxLength: 100,
      description: 'Only what is shown for this advertiser is told; empty is everything.',
    },
    pictures: {
      type: 'boolean',
      default: false,
      description: 'Cameras and clips on air are told, too, not only what overlays show.',
    },
  },
})
