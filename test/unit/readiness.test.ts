import { expect, test } from 'vitest'
import { Readiness } from '../../runtime/engine/ingest/readiness.ts'
import { neededSources } from '../../runtime/engine/needed.ts'

test('what is taken, on air or a fallback is needed, and nothing else', () => {
  const take = { id: '1', source: 'next', why: '' }
  const programs = [{ onAir: take, fallback: ['backup', 'slate'] }, { fallback: [] }]
  const states = [{ source: 'present', wanted: 'next' }]
  expect([...neededSources(programs, states)].sort()).toEqual(['backup', 'next', 'present', 'slate'])
})

test('a hot camera is never cold, whether needed or not', () => {
  const hot = new Readiness('hot')
  expect([hot.cold, hot.turns(0), hot.turns(60_000)]).toEqual([false, false, false])
})

test('standby: warm at once when needed, cold again 10 s after, and hidden until its pictures come', () => {
  const camera = new Readiness('standby')
  expect(camera.cold).toBe(true)
  expect(camera.turns(1_000)).toBe(false)
  camera.want('standby', true)
  expect(camera.turns(2_000)).toBe(true)
  expect(camera).toMatchObject({ keysOnly: false, warming: true, cold: true })
  camera.warming = false
  expect(camera.cold).toBe(false)
  expect(camera.turns(3_000)).toBe(false)
  camera.want('standby', false)
  expect(camera.turns(12_999)).toBe(false)
  expect(camera.turns(13_000)).toBe(true)
  expect(camera).toMatchObject({ keysOnly: true, cold: true })
})

test('a change of the mode itself turns it, too', () => {
  const camera = new Readiness('hot')
  camera.want('standby', false)
  expect(camera.turns(1_000)).toBe(true)
  camera.want('hot', false)
  expect(camera.turns(1_001)).toBe(true)
  expect(camera.warming).toBe(true)
})

test('auto is hot with room and in standby without, and never while it is needed', () => {
  const camera = new Readiness('auto')
  expect(camera.effective).toBe('hot')
  camera.want('auto', true, true)
  expect(camera.turns(1_000)).toBe(false)
  camera.want('auto', false, true)
  expect(camera.turns(11_000)).toBe(true)
  expect(camera.effective).toBe('standby')
  camera.want('auto', false, false)
  expect(camera.turns(12_000)).toBe(true)
  expect(camera.effective).toBe('warming')
})
