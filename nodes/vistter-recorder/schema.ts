import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-recorder',
  version: 1,
  category: 'VistterStream',
  color: '#6cb795',
  inputs: 1,
  outputs: 1,
  fields: {
    title: {
      type: 'string',
      default: '',
      maxLength: 100,
      description: 'What new recordings are called, unless the message says so; empty is their date and time.',
    },
  },
})
