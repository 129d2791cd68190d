import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-segment',
  version: 1,
  category: 'VistterStream',
  color: '#b39ddb',
  inputs: 1,
  outputs: ['answer', 'told'],
  fields: {
    segment: {
      type: 'string',
      default: '',
      maxLength: 100,
      description: 'The segment, by id or name; empty: the message says which.',
    },
  },
})
