import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-studio-inbox',
  version: 1,
  category: 'VistterStream',
  color: '#9fc5a8',
  inputs: 0,
  outputs: 1,
  fields: {
    commands: {
      type: 'string',
      default: '*',
      required: true,
      maxLength: 100,
      description:
        'Which commands come out here: a type such as `program.take`, its beginning such as `overlay`, or `*` for every one that no other inbox names.',
    },
  },
})
