import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-overlay-data',
  version: 1,
  category: 'VistterStream',
  color: '#d98ab5',
  inputs: 1,
  outputs: 1,
  fields: {
    key: {
      type: 'string',
      default: '',
      maxLength: 64,
      description:
        'Name of the token that texts of overlays show: `temperature` for `{{temperature}}`. Empty: what `msg.key` says.',
    },
    property: {
      type: 'string',
      default: 'payload',
      required: true,
      maxLength: 200,
      description:
        'Where in the message the value is: `payload`, or a path into it such as `payload.current.temperature`.',
    },
    ttl: {
      type: 'number',
      default: 0,
      min: 0.001,
      max: 31_536_000,
      unit: 's',
      optional: true,
      description:
        'How long a value counts when no new one comes; then overlays show what their document says of a stale value. Empty or 0: for ever, or as long as the document says.',
    },
  },
})
