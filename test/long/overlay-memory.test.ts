import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import { Renderer } from '../../runtime/engine/graphics/renderer.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { Mixer, type MixerReport } from '../../runtime/engine/mixer/mixer.ts'
import { Overlays } from '../../runtime/engine/overlays.ts'
import { sleep, systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'

/** Ten thousand changes of a text on air, drawn by the renderer's own process and shown by the mixer's own thread. */
const CHANGES = Number(process.env.VISTTER_CHANGES ?? 10_000)
const WARM = CHANGES / 5
const MEGABYTE = 1_048_576

const log = createLog('test', 'silent')
const arena = new Arena()
const picture = { width: 640, height: 360, frameRate: { num: 30, den: 1 } }
const renderer = new Renderer({ clock: systemClock, log, event: () => {} })
const graphics = new Graphics({ arena, renderer, log, event: () => {} })
const reports: MixerReport[] = []
const mixer = new Mixer(
  { id: 'main', picture, slateAfterMs: 2_000 },
  { arena, log, report: report => void reports.push(report) },
)
const overlays = new Overlays({
  ...{ picture, graphics, log, now: () => systemClock.now() },
  publish: list => mixer.setOverlays(list),
  supply: (overlay, delta) => mixer.supply(overlay, delta),
})

beforeAll(async () => {
  renderer.start()
  await mixer.start()
  await mixer.addBuses([{ id: 'air', overlays: 'all' }])
})

afterAll(async () => {
  overlays.stop()
  await mixer.stop()
  overlays.clear()
  await renderer.stop()
})

const startedAt = Date.now()
const saying = (value: number): Overlay => ({
  ...{ id: 'o', program: 'main', assets: {}, tokens: { value: String(value) }, playing: { startedAt } },
  document: {
    ocl: '1.0',
    timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 640, height: 360 } },
    scenes: [
      {
        id: 's',
        start: 0,
        tracks: [
          {
            ...{ id: 'k', kind: 'any' },
            cues: [{ id: 'c', start: 0, duration: 90_000_000, layer: 0, text: { value: 'Score {{value}}' } }],
          },
        ],
      },
    ],
  },
})

test('memory stays the same over very many changes of a text, and none of them is late', async () => {
  const [inUse, resident]: number[][] = [[], []]
  for (let n = 0; n < CHANGES; n++) {
    await overlays.set(saying(n))
    if (n < WARM || n % Math.ceil(CHANGES / 100) !== 0) continue
    inUse.push(arena.bytesInUse)
    resident.push(process.memoryUsage().rss)
  }
  // Numbers of more digits are wider; a bitmap of each change would be hundreds of times as much.
  expect(Math.max(...inUse) - Math.min(...inUse)).toBeLessThan(MEGABYTE / 4)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const half = Math.floor(resident.length / 2)
  expect(mean(resident.slice(half)) - mean(resident.slice(0, half))).toBeLessThan(20 * MEGABYTE)
  expect(reports.flatMap(({ late }) => late)).toEqual([])
})

test('a renderer that is killed costs a second at the most, and no frame is without the words', async () => {
  await overlays.set(saying(0))
  reports.length = 0
  const from = systemClock.now()
  process.kill(renderer.pid ?? 0, 'SIGKILL')
  await overlays.set(saying(1))
  const took = systemClock.now() - from
  await until(() => reports.length > 2)
  expect(took).toBeLessThan(1_000)
  expect(reports.map(({ overlays: [overlay] }) => overlay?.layers)).toEqual(reports.map(() => 1))
  expect(reports.flatMap(({ late }) => late)).toEqual([])
})

async function until(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !condition(); n++) await sleep(50)
}
