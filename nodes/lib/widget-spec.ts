import { defineSpec } from './spec.ts'

/** The settings that Dashboard 2.0 expects of every widget: its group, and its place and size in the grid of that group. */
export const widgetSpec = (type: string) =>
  defineSpec({
    type,
    version: 1,
    category: 'dashboard 2',
    color: '#5ad2dc',
    inputs: 0,
    outputs: 0,
    fields: {
      group: { type: 'node', node: 'ui-group', default: '', description: 'The group of the dashboard it stands in.' },
      order: {
        type: 'number',
        default: 0,
        min: 0,
        max: 1_000,
        integer: true,
        hidden: true,
        description: 'Place in its group.',
      },
      width: {
        type: 'number',
        default: 0,
        min: 0,
        max: 24,
        integer: true,
        hidden: true,
        description: 'Columns; 0 is as wide as its group.',
      },
      height: {
        type: 'number',
        default: 0,
        min: 0,
        max: 100,
        integer: true,
        hidden: true,
        description: 'Rows; 0 is as high as its content.',
      },
    },
  })

export type WidgetSpec = ReturnType<typeof widgetSpec>
