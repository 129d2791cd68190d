import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-timeline',
  version: 1,
  category: 'VistterStream',
  color: '#b39ddb',
  inputs: 1,
  outputs: ['program', 'cues'],
  fields: {
    timeline: {
      type: 'string',
      default: '*',
      required: true,
      maxLength: 100,
      pick: 'timelines',
      description: 'The timeline, by id or name; `*` stands for every timeline.',
    },
  },
})
