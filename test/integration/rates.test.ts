import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Transition } from '../../runtime/contract/generated/engine.v1.ts'
import { EngineStage, program } from '../peers/engine-stage.ts'
import { decodeErrors, packets, probe } from '../peers/media.ts'
import { run } from '../peers/run.ts'

/**
 * Every frame rate at once: a cut, a wipe, a slide and a fade, each told in advance for a moment of its own. A dark and a
 * light still make the mean of each decoded picture the share of the way that it has gone.
 */
const RATES = ['24000/1001', '25', '30000/1001', '50', '60000/1001', '60']
const WAYS = ['left', 'right', 'up', 'down', 'up-left', 'up-right', 'down-left', 'down-right'] as const
const [DARK, LIGHT] = [60, 200]
const SIZE = '256x144'

const stage = new EngineStage()
let files: Record<string, string> = {}

/** What the program of this rate does, one step (as near to a second as whole frames come) after the other. */
const idOf = (rate: string) => rate.replace('/', ':')
const stepMs = (rate: string) => (rate.includes('/') ? 1_001 : 1_000)
const stepsOf = (n: number): { source: string; transition?: Transition }[] => [
  { source: 'light' },
  { source: 'dark', transition: { type: 'wipe', durationMs: 500, direction: WAYS[n] } },
  { source: 'light', transition: { type: 'slide', durationMs: 500, direction: WAYS[7 - n] } },
  { source: 'dark', transition: { type: 'fade', durationMs: 500 } },
]

beforeAll(async () => {
  const still = async (name: string, level: number) => {
    const image = stage.path(`${name}.png`)
    const color = `#${level.toString(16).repeat(3)}`
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=${color}:size=${SIZE}`, '-frames:v', '1', image])
    return { kind: 'slate', id: name, name, title: '', subtitle: '', image } as const
  }
  const sources = [await still('dark', DARK), await still('light', LIGHT)]
  await stage.show(
    sources,
    RATES.map(rate => program(idOf(rate), SIZE, rate, 'dark')),
  )
  await stage.record()
  const begin = Date.now() + 800
  for (const [n, rate] of RATES.entries())
    for (const [k, step] of stepsOf(n).entries())
      await stage.take({ ...step, at: begin + k * stepMs(rate) }, idOf(rate))
  await stage.produce('60', 60 * 6)
  files = await stage.recorded()
})
afterAll(() => stage.end())

describe.each(RATES.map((rate, n) => ({ rate, n })))('$rate', ({ rate, n }) => {
  const [num = 0, den = 1] = rate.split('/').map(Number)
  const fps = num / den

  test('every frame is there, at its exact time, and decodes', async () => {
    const file = files[idOf(rate)] ?? ''
    expect((await probe(file)).video).toMatchObject({ width: 256, height: 144, pixFmt: 'yuv420p' })
    const times = (await packets(file, 'v')).map(({ dts }) => dts)
    const off = times.map((time, k) => Math.abs(time - times[0] - (k * 1_000) / fps))
    expect(Math.max(...off)).toBeLessThanOrEqual(1.1)
    expect(times.length).toBeGreaterThan(4 * fps)
    expect(await decodeErrors(file)).toBe('')
  })

  test('each transition begins and ends on its frames, and goes on with each of them', async () => {
    const means = await levels(files[idOf(rate)] ?? '')
    const cut = means.findIndex(mean => mean > 0.5)
    const step = Math.round((stepMs(rate) * fps) / 1_000)
    const frames = Math.round(fps / 2)
    for (const [k, { source, transition }] of stepsOf(n).entries()) {
      const length = transition ? frames : 0
      for (let f = 0; f < step; f++) {
        const way = Math.min(1, (f + 1) / (length + 1))
        const expected = source === 'light' ? way : 1 - way
        const near = transition ? shareOf(transition, expected, source === 'light') : expected
        expect.soft(Math.abs((means[cut + k * step + f] ?? -9) - near), `step ${k}, frame ${f}`).toBeLessThan(0.02)
      }
    }
  })
})

/** The share of the light still in a picture, when a transition has gone so far. */
function shareOf({ type, direction = 'left' }: Transition, share: number, light: boolean): number {
  if (type === 'fade' || !direction.includes('-')) return share
  const way = light ? share : 1 - share
  // Into a corner: a slide shows a part of each side, a wipe's edge is a diagonal.
  const area = type === 'slide' ? way * way : way < 0.5 ? 2 * way * way : 1 - 2 * (1 - way) * (1 - way)
  return light ? area : 1 - area
}

/** The mean of each picture: 0 is dark, 1 is light. */
async function levels(file: string): Promise<number[]> {
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1']
  const raw = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', ...output])
  const area = 256 * 144
  const means: number[] = []
  for (let at = 0; at + area <= raw.length; at += area) {
    let sum = 0
    for (let n = at; n < at + area; n++) sum += raw[n] ?? 0
    means.push(sum / area)
  }
  const [low, high] = [Math.min(...means), Math.max(...means)]
  // Nothing is ever blacker than the dark one.
  expect(low).toBeGreaterThan(50)
  return means.map(mean => (mean - low) / (high - low))
}
