import { make } from './element.js'

const isText = ({ type }) => [type].flat().includes('string')
const isPlain = schema => isText(schema) || schema.type === 'number' || schema.type === 'integer'

/** Fields for one JSON Schema object, and how to read them: plain values as fields of their own, the rest as JSON. */
export function form(schema, example = {}) {
  const required = schema.required ?? []
  const fields = Object.entries(schema.properties ?? {}).map(([name, part]) => {
    const input = field(part, example[name])
    const hint = [required.includes(name) ? '' : 'optional', part.description ?? ''].filter(Boolean).join(' · ')
    const label = make('label', {}, make('span', {}, make('b', {}, name), ' ', make('em', {}, hint)), input)
    return { name, part, input, label, isRequired: required.includes(name) }
  })
  return {
    elements: fields.length
      ? fields.map(({ label }) => label)
      : [make('p', { class: 'quiet' }, 'It needs nothing more.')],
    read: () => Object.fromEntries(fields.flatMap(one => value(one))),
  }
}

function field(part, example) {
  if (part.enum)
    return make(
      'select',
      {},
      ['', ...part.enum].map(one => make('option', { value: one }, one)),
    )
  if (part.format === 'date-time')
    return make('input', { placeholder: '2026-03-01T12:00:00.000Z', value: example ?? '' })
  if (isPlain(part))
    return make('input', { value: example ?? '', ...(isText(part) ? {} : { type: 'number', step: 'any' }) })
  return make('textarea', { spellcheck: 'false', value: example === undefined ? '' : JSON.stringify(example, null, 2) })
}

function value({ name, part, input, isRequired }) {
  const text = input.value.trim()
  if (text === '') {
    if (isRequired) throw new Error(`${name} is missing.`)
    return []
  }
  if (isPlain(part) || part.enum) return [[name, isText(part) || part.enum ? text : Number(text)]]
  try {
    return [[name, JSON.parse(text)]]
  } catch {
    throw new Error(`${name} is not valid JSON.`)
  }
}

export const EXAMPLES = {
  'vistter.command.timeline.publish': {
    timeline: {
      ...{ id: 'morning', name: 'Morning', loop: true, gap: 'hold' },
      cues: [{ start: 0, duration: 60_000, camera: 'slate' }],
    },
  },
  'vistter.command.overlay.apply': {
    id: 'hello',
    ocl: {
      ocl: '1.0',
      timeline: { id: 'hello', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 } },
      scenes: [
        {
          ...{ id: 'main', start: 0 },
          tracks: [
            {
              ...{ id: 'words', kind: 'lower-third' },
              cues: [
                {
                  ...{ id: 'line', start: 0, duration: 3_600_000, layer: 1 },
                  text: { value: 'Hello from Studio', size: 64, color: '#ffffff', background: '#0b5cadcc' },
                  properties: { position: { anchor: 'bottom-left', x: 0, y: 0 } },
                },
              ],
            },
          ],
        },
      ],
      fallbacks: {},
    },
  },
  'vistter.command.program.take': { source: 'slate' },
  'vistter.command.config.patch': { patch: [{ op: 'replace', path: '/locationName', value: 'Old Harbour' }] },
  'vistter.command.assets.sync': { manifest: [] },
}
