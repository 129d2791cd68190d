import { make } from './element.js'

const isText = ({ type }) => [type].flat().includes('string')
const isPlain = schema => isText(schema) || schema.type === 'number' || schema.type === 'integer'

/** What an appliance has, as far as it told: for fields of these names, `[value, words]` to choose from. */
export function knownTo({ capabilities, telemetry }) {
  const { cameras = [] } = capabilities?.data?.capabilities ?? {}
  const outputs = telemetry?.data?.outputs ?? []
  const presets = cameras.flatMap(({ name, presets: all = [] }) => all.map(one => ({ ...one, camera: name })))
  const named = cameras.map(({ id, name }) => [id, name])
  return {
    camera: named,
    source: [['slate', 'Slate'], ...named],
    preset: presets.map(({ id, name, camera }) => [id, `${camera}: ${name}`]),
    shot: presets.filter(({ shot }) => shot).map(({ shot, name, camera }) => [shot, `${camera}: ${name}`]),
    destination: outputs.map(({ id, name }) => [id, name]),
  }
}

/** Fields for one JSON Schema object, and how to read them: plain values as fields of their own, the rest as JSON. */
export function form(schema, example = {}, known = {}) {
  const required = schema.required ?? []
  const fields = Object.entries(schema.properties ?? {}).map(([name, part]) => {
    const input = field(part, example[name])
    const choices = known[name] ?? []
    if (choices.length) input.setAttribute('list', `known-${name}`)
    const hint = [required.includes(name) ? '' : 'optional', part.description ?? ''].filter(Boolean).join(' · ')
    const label = make(
      'label',
      {},
      make('span', {}, make('b', {}, name), ' ', make('em', {}, hint)),
      input,
      datalist(name, choices),
    )
    return { name, part, input, label, isRequired: required.includes(name) }
  })
  return {
    elements: fields.length
      ? fields.map(({ label }) => label)
      : [make('p', { class: 'quiet' }, 'It needs nothing more.')],
    read: () => Object.fromEntries(fields.flatMap(one => value(one))),
  }
}

const datalist = (name, choices) =>
  choices.length > 0 &&
  make(
    'datalist',
    { id: `known-${name}` },
    choices.map(([one, words]) => make('option', { value: one }, words)),
  )

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
  'vistter.command.timeline.start': { timeline: 'morning' },
  'vistter.command.timeline.stop': { timeline: 'morning' },
  'vistter.command.overlay.scene': { id: 'hello', scene: 'main' },
  'vistter.command.overlay.stop': { id: 'hello' },
  'vistter.command.program.take': { source: 'slate' },
  'vistter.command.config.patch': { patch: [{ op: 'replace', path: '/locationName', value: 'Old Harbour' }] },
  'vistter.command.assets.sync': { manifest: [] },
}
