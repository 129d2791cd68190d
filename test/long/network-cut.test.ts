import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { until } from '../peers/run.ts'
import { KEY, SMALL, Stage } from '../peers/stage.ts'
import { Wire } from '../peers/wire.ts'

const stage = new Stage({ size: 'small' })
let wire: Wire
const encoders = () => stage.appliance.ffmpegs(/matroska/).map(({ pid }) => pid)

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 30 })
  await stage.onAir({ ...SMALL, width: 640, height: 360, videoBitrate: 1_000 })
  wire = await new Wire(stage.platform.url).start()
  await stage.api.patch(`/destinations/${stage.destinationId}`, { url: wire.url })
  await until('over the wire', () => stage.platform.connections === 2)
  await stage.destinationIs('live')
}, 120_000)
afterAll(async () => {
  await wire?.stop()
  await stage.end()
})

test('a minute without network: back within five seconds, over one new connection, the encoder untouched', async () => {
  const before = encoders()
  await wire.cut()
  await pause(60_000)
  const began = systemClock.mono()
  await wire.start()
  await until('published again', () => stage.platform.connections === 3)
  await stage.destinationIs('live')
  expect(systemClock.mono() - began).toBeLessThan(5_000)
  expect(encoders()).toEqual(before)
  expect(stage.platform.publishes.map(({ key }) => key)).toEqual([KEY, KEY, KEY])
})
