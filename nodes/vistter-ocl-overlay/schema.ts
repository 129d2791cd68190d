import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-ocl-overlay',
  version: 1,
  category: 'VistterStream',
  color: '#d98ab5',
  inputs: 1,
  outputs: 1,
  fields: {
    overlay: {
      type: 'string',
      default: '*',
      required: true,
      maxLength: 100,
      description: "The overlay's id; `*` lets through whatever plays.",
    },
  },
})
