import { afterAll, beforeAll, expect, test } from 'vitest'
import { sleep } from '../../runtime/lib/clock.ts'
import { packets } from '../peers/media.ts'
import { until } from '../peers/run.ts'
import { KEY, SMALL, Stage } from '../peers/stage.ts'

const stage = new Stage({ size: 'small' })
/** Longer than an encoder must live to be trusted again. */
const APART_MS = 11_000

beforeAll(async () => {
  await stage.start({ width: 640, height: 360, fps: 30 })
  await stage.onAir({ ...SMALL, width: 640, height: 360, videoBitrate: 1_000 })
}, 120_000)
afterAll(() => stage.end())

test('an encoder that is killed again and again: one connection, and no frame is lost', async () => {
  for (let n = 0; n < 4; n++) {
    await sleep(APART_MS)
    const [encoder] = stage.appliance.ffmpegs(/matroska/)
    process.kill(encoder.pid, 'SIGKILL')
    await until('another one', () => stage.appliance.ffmpegs(/matroska/).some(({ pid }) => pid !== encoder.pid))
  }
  await stage.produce(60)
  const [file, ...others] = await stage.recordings()
  expect(others).toEqual([])
  expect(stage.platform.publishes.map(({ key }) => key)).toEqual([KEY])
  const times = (await packets(file, 'v')).map(({ dts }) => dts)
  const gaps = times.slice(1).map((time, n) => time - times[n])
  expect(times.length).toBeGreaterThan(4 * 11 * 30)
  expect(Math.min(...gaps)).toBeGreaterThan(0)
  expect(Math.max(...gaps)).toBeLessThan(40)
}, 120_000)
