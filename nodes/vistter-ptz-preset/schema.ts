import { defineSpec } from '../lib/spec.ts'

export const spec = defineSpec({
  type: 'vistter-ptz-preset',
  version: 1,
  category: 'VistterStream',
  color: '#6fb1d6',
  inputs: 1,
  outputs: ['arrived', 'failed'],
  fields: {
    camera: {
      type: 'string',
      default: '*',
      required: true,
      pick: 'cameras',
      description:
        'The camera, by id or name; `*` stands for what `msg.camera` says, else for the camera that has the preset.',
    },
    preset: {
      type: 'string',
      default: '',
      maxLength: 200,
      description: 'Where it goes: id, name or shot id of a preset. Empty: what `msg.preset` says.',
    },
    swing: {
      type: 'choice',
      default: 'freeze',
      choices: ['show', 'freeze', 'slate', 'cutaway'],
      description: 'What viewers see while a camera on air turns. `msg.swing` goes before it.',
    },
    cutaway: {
      type: 'string',
      default: '',
      required: true,
      pick: 'cameras',
      one: true,
      when: { field: 'swing', is: 'cutaway' },
      description: 'The camera that is shown meanwhile, by id or name.',
    },
  },
})
