import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SUPPORTED } from '../../runtime/control/studio/commands.ts'
import { read } from '../../runtime/control/studio/intake.ts'
import { message } from '../peers/studio/messages.ts'

const said = (value: unknown) => read(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
const TAKE = { source: 'slate' }
const take = (envelope: object = {}, data: object = TAKE) => message('program.take', data, envelope)

describe('frozen messages of 1.0', () => {
  const folder = join(import.meta.dirname, '../frozen/studio-1.0')
  const names = readdirSync(folder)

  test('there is one of each command', () => {
    const types = names.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')).type)
    expect(SUPPORTED.filter(type => !types.includes(type))).toEqual([])
  })

  test.each(names)('%s is understood', name => {
    const frozen = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const { expiresat = new Date(Date.parse(frozen.time) + 60_000).toISOString() } = frozen
    expect(said(frozen)).toEqual({
      kind: 'command',
      incoming: {
        ...{ id: frozen.id, source: frozen.source, command: frozen },
        ...{ time: Date.parse(frozen.time), expiresAt: Date.parse(expiresat) },
      },
    })
  })
})

describe('what is not a command', () => {
  test.each([
    ['no JSON', 'cut {', 'It is not a JSON object.'],
    ['a list', '[]', 'It is not a JSON object.'],
    ['nothing', '', 'It is not a JSON object.'],
    ['no id', { ...take(), id: undefined }, 'It has no usable id.'],
    ['an endless id', take({ id: 'x'.repeat(129) }), 'It has no usable id.'],
    ['an endless message', `"${'x'.repeat(4_194_304)}"`, 'It has 4194306 bytes.'],
  ])('%s is junk', (_, value, why) => expect(said(value)).toEqual({ kind: 'junk', why }))

  test.each([
    ['an attribute is missing', { ...take(), time: undefined }, '', 'The message lacks "time".'],
    ['a time is none', take({ time: 'soon' }), '/time', '/time must match format "date-time".'],
    ['it is of another specification', take({ specversion: '0.3' }), '/specversion', '/specversion must be "1.0".'],
    ['a field is missing', take({}, {}), '/data', '/data lacks "source".'],
    ['a field is misspelt', take({}, { ...TAKE, sorce: 1 }), '/data', '/data has the unknown key "sorce".'],
    ['a field is of another kind', take({}, { source: 7 }), '/data/source', '/data/source must be string.'],
  ])('%s: it says where and what', (_, value, path, words) => {
    const answer = said(value)
    expect(answer).toMatchObject({ kind: 'refused', refusal: { code: 'COMMAND_MALFORMED', path, message: words } })
    expect(answer).toMatchObject({ refusal: { hint: expect.stringContaining('send it again') } })
  })

  test('everything that is wrong is told at once', () => {
    const answer = said(take({}, { source: 7, transition: { type: 'melt' } }))
    expect(answer).toMatchObject({
      refusal: {
        problems: [{ path: '/data/source' }, { path: '/data/transition/type', message: expect.stringMatching(/cut/) }],
      },
    })
  })

  test('an unknown type is told which there are', () => {
    expect(said(message('camera.explode', {}))).toMatchObject({
      ...{ kind: 'refused', type: 'vistter.command.camera.explode' },
      refusal: { code: 'COMMAND_UNSUPPORTED', path: '/type', supported: SUPPORTED },
    })
  })

  test('a preset is named by its camera or by its shot', () => {
    const move = (data: object) => said(message('preset.move', data)).kind
    expect([{ camera: 'c', preset: 'p' }, { shot: 's' }, { camera: 'c' }, {}].map(move)).toEqual([
      ...['command', 'command', 'refused', 'refused'],
    ])
  })
})

describe('other versions', () => {
  const later = { source: 'slate', mood: 'calm', transition: { type: 'fade', grain: 1 } }

  test('of the same major version, what is not known yet is left out', () => {
    expect(said(take({ schemaversion: '1.7' }, later))).toMatchObject({
      incoming: { command: { data: { source: 'slate', transition: { type: 'fade' } } } },
    })
    expect(JSON.stringify(said(take({ schemaversion: '1.7' }, later)))).not.toMatch(/mood|grain/)
    expect(said(take({}, later)).kind).toBe('refused')
  })

  test('what is wrong in a later version is wrong all the same', () => {
    expect(said(take({ schemaversion: '1.7' }, { mood: 'calm' }))).toMatchObject({
      refusal: { message: '/data lacks "source".' },
    })
  })

  test('another major version is refused', () => {
    expect(said(take({ schemaversion: '2.0' }))).toMatchObject({
      refusal: { code: 'COMMAND_VERSION', supported: ['1.0'] },
    })
  })

  test('extensions of CloudEvents are left alone', () => {
    expect(said(take({ traceparent: '00-1-2-03' })).kind).toBe('command')
  })
})
