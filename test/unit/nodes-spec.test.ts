import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../../nodes/lib/node-red.d.ts'
import { defineSpec, readSettings, refusal } from '../../nodes/lib/spec.ts'
import { StatusLine } from '../../nodes/lib/status-line.ts'
import { spec as encoder } from '../../nodes/vistter-encoder/schema.ts'
import { spec as program } from '../../nodes/vistter-program/schema.ts'

const spec = defineSpec({
  type: 'test',
  version: 2,
  category: 'test',
  color: '#fff',
  inputs: 0,
  outputs: 0,
  fields: {
    title: { type: 'string', default: 'Hello', required: true, maxLength: 10, description: '' },
    mode: { type: 'choice', default: 'auto', choices: ['auto', 'own'], description: '' },
    width: {
      type: 'number',
      default: 16,
      min: 2,
      max: 64,
      integer: true,
      when: { field: 'mode', is: 'own' },
      description: '',
    },
    loop: { type: 'boolean', default: true, description: '' },
  },
})

describe('readSettings', () => {
  test('fills in defaults and gives values their types', () => {
    const { settings, problems } = readSettings(spec, { mode: 'own', width: '32', loop: 'false' })
    expect(settings).toEqual({ title: 'Hello', mode: 'own', width: 32, loop: false })
    expect(problems).toEqual([])
  })

  test('names each value that cannot be used', () => {
    const { problems } = readSettings(spec, { title: ' ', mode: 'own', width: '1.5' })
    expect(problems).toEqual(['title must not be empty', 'width must be a whole number'])
  })

  test('does not check what another choice hides', () => {
    expect(readSettings(spec, { mode: 'auto', width: 'junk' }).problems).toEqual([])
  })

  test('refuses settings of a newer release', () => {
    expect(readSettings(spec, { version: 3 }).problems).toEqual(['it was made by a newer release'])
  })

  test.each([
    ['', 'must be a number'],
    [' ', 'must be a number'],
    [null, 'must be a number'],
    [true, 'must be a number'],
    ['1e9', 'must be between 2 and 64'],
    ['Infinity', 'must be a number'],
    [1, 'must be between 2 and 64'],
    [64, undefined],
    ['64', undefined],
  ])('number %j: %s', (value, expected) => {
    expect(refusal(spec.fields.width, value)).toBe(expected)
  })
})

test('a size may be left to the settings, is even otherwise, and is neither too small nor too large', () => {
  const { width, fps } = program.fields
  for (const value of [0, '', '0', 64, '1280']) expect(refusal(width, value), String(value)).toBeUndefined()
  expect(refusal(width, '1281')).toBe('must be even')
  expect(refusal(width, 62)).toBe('must be between 64 and 3840')
  expect(refusal(width, null)).toBe('must be a number')
  expect(refusal(fps, 0.5)).toBe('must be between 1 and 60')
  expect(refusal(encoder.fields.height, 721)).toBe('must be even')
})

describe('StatusLine', () => {
  test('a problem covers the live state until it is solved, and nothing is written twice', () => {
    const written: NodeStatus[] = []
    const line = new StatusLine(status => written.push(status))
    line.show({ text: 'online' })
    line.show({ text: 'online' })
    line.fail('BROKEN: no')
    line.show({ text: 'still online' })
    line.solved()
    expect(written.map(({ text }) => text)).toEqual(['online', 'BROKEN: no', 'still online'])
  })
})
