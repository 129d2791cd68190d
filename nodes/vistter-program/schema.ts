import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-program',
  version: 1,
  category: 'VistterStream',
  color: '#e9ab4c',
  inputs: 1,
  outputs: 1,
  fields: {
    program: {
      type: 'string',
      default: 'main',
      required: true,
      maxLength: 40,
      description: "The program's id; the dashboard and `/api/v1/program` show `main`.",
    },
  },
})
