import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Speed as Measured } from '../../runtime/contract/generated/engine.v1.ts'
import { Speed } from '../../runtime/engine/encode/speed.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch, until } from '../peers/run.ts'

const folder = scratch('speed')
const file = join(folder.path, 'speed.json')
const log = createLog('test', 'fatal')
afterAll(() => folder.remove())

test('this machine is measured once, later read, and measured again when it is another one', async () => {
  const first = new Speed(file, log, () => {})
  first.start()
  const measured = await until('it is measured', () => first.state, { timeoutMs: 40_000 })
  const { ultrafast, superfast, veryfast } = measured.encode
  expect(ultrafast).toBeGreaterThan(superfast)
  expect(superfast).toBeGreaterThan(veryfast)
  expect(veryfast).toBeGreaterThan(1)
  expect(measured.decode).toBeGreaterThan(ultrafast)
  await first.stop()

  const again = new Speed(file, log, () => {})
  const began = systemClock.mono()
  again.start()
  await until('it is read', () => again.state)
  expect(systemClock.mono() - began).toBeLessThan(3_000)
  expect(again.state).toEqual(measured)
  await again.stop()

  writeFileSync(file, JSON.stringify({ ...measured, key: 'another processor', decode: 1 }))
  const moved = new Speed(file, log, () => {})
  moved.start()
  await until('it is measured anew', () => moved.state?.key === measured.key, { timeoutMs: 40_000 })
  await moved.stop()
  expect((JSON.parse(readFileSync(file, 'utf8')) as Measured).decode).toBeGreaterThan(1)
}, 90_000)

test('a stop in the middle of it is obeyed at once and leaves nothing behind', async () => {
  const unfinished = join(folder.path, 'unfinished.json')
  const speed = new Speed(unfinished, log, () => {})
  speed.start()
  const began = systemClock.mono()
  await speed.stop()
  expect(systemClock.mono() - began).toBeLessThan(3_000)
  expect(speed.state).toBeUndefined()
  expect(() => readFileSync(unfinished)).toThrow()
})
