import { defineSpec } from '../lib/spec.ts'

const onSlate = { field: 'content', is: 'slate' }
const onClip = { field: 'content', is: 'clip' }
const onBars = { field: 'content', is: 'bars' }

export const spec = defineSpec({
  type: 'vistter-slate',
  version: 1,
  category: 'VistterStream',
  color: '#93a8bf',
  inputs: 0,
  outputs: 1,
  fields: {
    content: {
      type: 'choice',
      default: 'slate',
      choices: ['slate', 'clip', 'bars'],
      description: 'A still with text or an image, a media file, or colour bars.',
    },
    title: {
      type: 'string',
      default: "We'll be right back",
      maxLength: 120,
      when: onSlate,
      description: 'The large line. `{{tokens}}` are filled in.',
    },
    subtitle: {
      type: 'string',
      default: '{{locationName}}',
      maxLength: 200,
      when: onSlate,
      description: 'The small line below it.',
    },
    image: {
      type: 'string',
      default: '',
      when: onSlate,
      description: 'Path of an image file on the appliance; it fills the frame and replaces the text.',
    },
    file: {
      type: 'string',
      default: '',
      required: true,
      when: onClip,
      description: 'Path of a media file on the appliance.',
    },
    loop: {
      type: 'boolean',
      default: true,
      when: onClip,
      description: 'Start again at its end; otherwise it is played once, from its take. As a fallback it always does.',
    },
    gain: {
      type: 'number',
      default: 0,
      min: -60,
      max: 20,
      unit: 'dB',
      optional: true,
      when: onClip,
      description: 'How much louder or quieter its sound is.',
    },
    mute: { type: 'boolean', default: false, when: onClip, description: 'Without its sound.' },
    tone: {
      type: 'boolean',
      default: true,
      when: onBars,
      description: 'With the line-up tone, 1 kHz at -18 dBFS.',
    },
    role: {
      type: 'choice',
      default: 'fallback',
      choices: ['fallback', 'source'],
      description: 'Whether it stands in when the taken source has no picture, or can be taken itself.',
    },
    order: {
      type: 'number',
      default: 100,
      min: 0,
      max: 999,
      integer: true,
      when: { field: 'role', is: 'fallback' },
      description: 'Fallbacks are tried from the lowest number up.',
    },
  },
})
