import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-override',
  version: 1,
  category: 'VistterStream',
  color: '#d97b73',
  inputs: 1,
  outputs: 1,
  fields: {
    program: {
      type: 'string',
      default: 'main',
      required: true,
      maxLength: 40,
      description: 'Which program, by the id in its node.',
    },
    kind: {
      type: 'choice',
      default: 'slate',
      choices: ['slate', 'hold', 'pause-overlays', 'stop'],
      description:
        'What it does: shows the slate, holds the last picture in silence, shows no overlays, or ends the streams.',
    },
    reason: {
      type: 'string',
      default: '',
      maxLength: 500,
      description: 'Why, in words that operators read on the dashboard and in the activity log.',
    },
    minutes: {
      type: 'number',
      default: 0,
      min: 0,
      max: 10_080,
      unit: 'min',
      optional: true,
      description: 'How long. Empty or 0: until somebody ends it.',
    },
  },
})
