import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DesiredState, EngineEvent } from '../../runtime/contract/generated/engine.v1.ts'
import { Engine } from '../../runtime/engine/engine.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { toldHardware } from '../peers/known-machine.ts'
import { decodeErrors, packets } from '../peers/media.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { run, scratch, until } from '../peers/run.ts'
import { Throttle } from '../peers/throttle.ts'

const files = scratch('bitrate')
const clip = join(files.path, 'noise.mp4')
const undo: (() => unknown)[] = []
const FULL = { width: 640, height: 360, fps: 30, videoBitrate: 2_000, audioBitrate: 128, keyframeInterval: 1 }

/** Noise fills every bitrate, so what is asked for is what is sent. */
beforeAll(async () => {
  const picture = 'testsrc2=size=640x360:rate=30:duration=4,noise=alls=60:allf=t'
  const input = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=frequency=440:duration=4']
  await run('ffmpeg', ['-v', 'error', ...input, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', clip])
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})
afterAll(() => files.remove())

type Auto = DesiredState['outputs'][number]['autoBitrate']

function show(url: string, profile = FULL, autoBitrate?: Auto): DesiredState {
  const { width, height } = FULL
  const encoder = `main/all/${profile.width}-${profile.videoBitrate}`
  return {
    programs: [
      {
        id: 'main',
        picture: { width, height, frameRate: { num: 30, den: 1 } },
        slateAfterMs: 2_000,
        fallback: ['slate'],
        buses: [{ id: 'all', overlays: 'all' }],
        onAir: { id: 't', source: 'noise', why: 'test' },
      },
    ],
    sources: [
      { kind: 'clip', id: 'noise', name: 'Noise', file: clip, loop: true },
      { kind: 'slate', id: 'slate', name: 'Slate', title: 'Back soon', subtitle: '' },
    ],
    overlays: [],
    encoders: [{ id: encoder, program: 'main', bus: 'all', profile }],
    outputs: [{ id: 'out', name: 'Platform', encoder, url, streamKey: 'k', ...(autoBitrate && { autoBitrate }) }],
  }
}

async function onAir(throttled = false) {
  const platform = new RtmpPlatform()
  undo.push(() => platform.remove())
  await platform.start()
  const line = new Throttle({ port: Number(new URL(platform.url.replace('rtmp:', 'http:')).port) })
  undo.push(() => line.stop())
  const port = await line.start()
  const events: Omit<EngineEvent, 'time'>[] = []
  const engine = new Engine({
    clock: systemClock,
    log: createLog('test', process.env.TEST_LOG ?? 'fatal'),
    event: event => events.push(event),
    changed: () => {},
    hardwareFile: toldHardware(files.path),
  })
  undo.push(() => engine.stop())
  engine.start()
  const url = throttled ? `rtmp://127.0.0.1:${port}/live` : platform.url
  const output = () => engine.state().outputs[0]
  const encoder = () => engine.state().encoders[0]
  const frames = () => engine.state().programs[0]?.frames.produced ?? 0
  return { platform, line, events, engine, url, output, encoder, frames }
}

/** What arrived: one connection, every picture but for the lost ones, every packet of sound, and all of it decodes. */
async function expectWhole(platform: RtmpPlatform, lost: number): Promise<void> {
  await until('the platform saw the end', () => platform.publishes.every(({ ended }) => ended))
  expect(platform.connections).toBe(1)
  const [file = ''] = platform.recordings()
  const gaps = (list: { dts: number }[]) => list.slice(1).map(({ dts }, n) => dts - (list[n]?.dts ?? 0))
  const pictures = gaps(await packets(file, 'v'))
  expect(pictures.length).toBeGreaterThan(200)
  expect(Math.min(...pictures)).toBeGreaterThan(31)
  const missing = pictures.reduce((sum, gap) => sum + Math.round((gap * 30) / 1_000) - 1, 0)
  expect(missing).toBeLessThanOrEqual(lost)
  const sound = gaps(await packets(file, 'a'))
  expect(sound.filter(gap => gap < 20 || gap > 23)).toEqual([])
  expect(await decodeErrors(file)).toBe('')
}

test('a live output changes bitrate and size over the same connection, without a gap', async () => {
  const { platform, engine, url, output, encoder, frames } = await onAir()
  await engine.apply(show(url))
  await until('live', () => output()?.status === 'live')
  for (const profile of [
    { ...FULL, videoBitrate: 700 },
    { ...FULL, width: 320, height: 180, videoBitrate: 500 },
    FULL,
  ]) {
    const { changes } = await engine.apply(show(url, profile))
    expect(changes.map(({ command }) => command)).toEqual(['encoder.change', 'output.update'])
    await until(`${profile.videoBitrate} kbit/s`, () => encoder()?.videoBitrate === profile.videoBitrate)
    const now = frames()
    await until('two seconds more', () => frames() > now + 60)
  }
  expect(encoder()).toMatchObject({ status: 'running', outputs: 1, restarts: 0, codec: 'libx264' })
  // A machine that is too busy loses frames before they are encoded; the changes themselves cost none.
  const lost = (encoder()?.dropped ?? 0) + (engine.state().programs[0]?.frames.dropped ?? 0)
  await engine.apply({ ...show(url), outputs: [], encoders: [] })
  await expectWhole(platform, lost)
})

test('an uplink that falls to 60 % is fitted into within 10 s over the same connection, and used again later', async () => {
  const { platform, line, events, engine, url, output, encoder, frames } = await onAir(true)
  await engine.apply(show(url, FULL, { most: 2_000, least: 300 }))
  await until('live', () => output()?.status === 'live')
  const now = frames()
  await until('a steady stream', () => frames() > now + 150)
  expect(events.filter(({ type }) => type === 'output.bitrate-stepped')).toEqual([])
  const uplink = 0.6 * (FULL.videoBitrate + FULL.audioBitrate)
  line.limit(uplink)
  const narrowed = systemClock.mono()
  await until('it fits', () => (encoder()?.videoBitrate ?? 9_999) + FULL.audioBitrate < uplink, { timeoutMs: 10_000 })
  const fitted = systemClock.mono() - narrowed
  await until('nothing waits any more', () => (output()?.queueSeconds ?? 9) < 0.3, { timeoutMs: 20_000 })
  line.limit(1_000_000)
  const down = encoder()?.videoBitrate ?? 0
  await until('a step up', () => (encoder()?.videoBitrate ?? 0) > down, { timeoutMs: 30_000 })
  const steps = events.filter(({ type }) => type === 'output.bitrate-stepped').map(({ data }) => data)
  expect(steps.length).toBeGreaterThanOrEqual(2)
  expect(steps.at(-1)).toMatchObject({ output: 'out', from: down })
  expect(output()).toMatchObject({ status: 'live', connects: 1 })
  expect(fitted).toBeLessThan(10_000)
  const lost = (encoder()?.dropped ?? 0) + (engine.state().programs[0]?.frames.dropped ?? 0)
  await engine.apply({ ...show(url), outputs: [], encoders: [] })
  // Before it fits, an uplink this narrow may cost pictures up to a keyframe, where the machine is slow as well.
  await expectWhole(platform, 30 + lost)
}, 120_000)
