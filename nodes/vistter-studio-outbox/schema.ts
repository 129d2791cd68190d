import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-studio-outbox',
  version: 1,
  category: 'VistterStream',
  color: '#9fc5a8',
  inputs: 1,
  outputs: ['answer', 'connection'],
  fields: {
    carryOut: {
      type: 'boolean',
      default: true,
      description:
        'A command is carried out by the appliance with the data that `msg.payload` has here. Off: the flow has done it, and Studio is only told so.',
    },
  },
})
