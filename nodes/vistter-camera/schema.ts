import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-camera',
  version: 1,
  category: 'VistterStream',
  color: '#6fb1d6',
  inputs: 1,
  outputs: ['picture', 'changes'],
  fields: {
    camera: {
      type: 'string',
      default: '*',
      required: true,
      pick: 'cameras',
      description: 'The camera, by id or name; `*` stands for whichever camera is taken.',
    },
    role: {
      type: 'choice',
      default: 'source',
      choices: ['source', 'fallback'],
      description: 'Whether the program shows it when it is taken, or when the taken source has no picture.',
    },
    order: {
      type: 'number',
      default: 10,
      min: 0,
      max: 999,
      integer: true,
      when: { field: 'role', is: 'fallback' },
      description: 'Fallbacks are tried from the lowest number up.',
    },
  },
})
