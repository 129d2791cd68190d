import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-schedule',
  version: 1,
  category: 'VistterStream',
  color: '#b39ddb',
  inputs: 1,
  outputs: ['answer', 'hours'],
  fields: {
    timeline: {
      type: 'string',
      default: '*',
      required: true,
      maxLength: 100,
      pick: 'timelines',
      description: 'The timeline whose schedules are meant, by id or name; `*` stands for every timeline.',
    },
  },
})
