import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-ptz-driver',
  version: 1,
  category: 'VistterStream',
  color: '#6fb1d6',
  inputs: 1,
  outputs: 1,
  fields: {
    camera: {
      type: 'string',
      default: '',
      required: true,
      pick: 'cameras',
      one: true,
      description: 'The camera that this flow moves, by id or name.',
    },
    continuous: {
      type: 'boolean',
      default: true,
      description: 'It can be steered: it is asked to `move` and to `stop`.',
    },
    absolute: {
      type: 'boolean',
      default: false,
      description: 'It goes to places: it is asked to `goTo` one. With this, presets need nothing of the camera.',
    },
    position: {
      type: 'boolean',
      default: false,
      description: 'It says where it looks: it is asked for its `position`.',
    },
    moveStatus: {
      type: 'boolean',
      default: false,
      description: 'It says whether it moves: it is asked whether it is `moving`.',
    },
    presets: {
      type: 'number',
      default: 0,
      min: 1,
      max: 1_000,
      integer: true,
      optional: true,
      description:
        'How many presets it keeps itself: it is asked for `presets`, `savePreset`, `recall` and `removePreset`.',
    },
  },
})
