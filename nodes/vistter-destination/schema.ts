import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-destination',
  version: 1,
  category: 'VistterStream',
  color: '#6cb795',
  inputs: 1,
  outputs: 1,
  fields: {
    destination: {
      type: 'string',
      default: '*',
      required: true,
      pick: 'destinations',
      description: 'The destination, by id or name; `*` stands for every destination that is switched on.',
    },
  },
})
