import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DesiredState, Take } from '../../runtime/contract/generated/engine.v1.ts'
import { Engine } from '../../runtime/engine/engine.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { toldHardware } from '../peers/known-machine.ts'
import { lipSync, packets, planeAt, sound } from '../peers/media.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { run, scratch, until } from '../peers/run.ts'

/**
 * A quiet camera and a loud one that a real RTMP server offers, each with a flash and a beep a second, then a clip with a
 * tone: one show through the engine into one file, which FFmpeg judges.
 */
const profile = { width: 320, height: 180, fps: 30, videoBitrate: 800, audioBitrate: 320, keyframeInterval: 1 }
const files = scratch('sound')
const platform = new RtmpPlatform()
const clip = join(files.path, 'tone.mp4')
const recording = join(files.path, 'show.flv')
const engine = new Engine({
  clock: systemClock,
  log: createLog('test', process.env.TEST_LOG ?? 'fatal'),
  event: () => {},
  changed: () => {},
  hardwareFile: toldHardware(files.path),
})
let times: number[] = []
let luma: number[] = []

const program = () => engine.state().programs[0]
const camera = (id: string) =>
  ({ kind: 'camera', id, name: id, url: `${platform.url}/${id}`, audio: true, onFrozen: 'flag' }) as const

function show(onAir: Take, loudness?: number): DesiredState {
  const { width, height } = profile
  return {
    programs: [
      {
        id: 'main',
        picture: { width, height, frameRate: { num: 30, den: 1 } },
        slateAfterMs: 2_000,
        fallback: ['slate'],
        buses: [{ id: 'all', overlays: 'all' }],
        onAir,
        ...(loudness && { sound: { loudness } }),
      },
    ],
    sources: [
      camera('quiet'),
      camera('loud'),
      { kind: 'clip', id: 'tone', name: 'Tone', file: clip, loop: true, gain: -6 },
      { kind: 'slate', id: 'slate', name: 'Slate', title: '', subtitle: '' },
    ],
    overlays: [],
    encoders: [{ id: 'e', program: 'main', bus: 'all', profile }],
    outputs: [{ id: 'out', name: 'File', encoder: 'e', url: `file://${recording}` }],
  }
}

const take = (source: string, durationMs = 0): Take => ({
  id: `take ${source}`,
  source,
  why: 'test',
  transition: { type: 'fade', durationMs },
})

/** Lets the show run for so long, as it counts time itself. */
async function produce(ms: number): Promise<void> {
  const end = (program()?.time ?? 0) + ms
  await until(`${ms} ms of the show`, () => (program()?.time ?? 0) >= end, { timeoutMs: 10 * ms + 10_000 })
}

function publish(): () => void {
  const flash = "drawbox=x=iw*7/8:y=ih*7/8:w=iw/8:h=ih/8:color=white:t=fill:enable='lt(mod(n,30),3)'"
  const beep = '0.6*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1)'
  const out = (id: string, grey: string, volume: string) => [
    ...['-map', '0:v', '-map', '1:a', '-vf', `drawbox=color=${grey}:t=fill,${flash},format=yuv420p`],
    ...['-af', `volume=${volume}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30'],
    ...['-c:a', 'aac', '-b:a', '128k', '-f', 'flv', `${platform.url}/${id}`],
  ]
  const inputs = [
    ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'color=black:size=320x180:rate=30'],
    ...['-re', '-f', 'lavfi', '-i', `aevalsrc=${beep}|${beep}:sample_rate=48000`],
  ]
  const child = spawnOwned('ffmpeg', [
    ...inputs,
    ...out('quiet', '0x303030', '-22dB'),
    ...out('loud', '0x505050', '3dB'),
  ])
  return () => child.kill('SIGKILL')
}

beforeAll(async () => {
  const tone = 'aevalsrc=sin(2*PI*1000*t)|sin(2*PI*1000*t):sample_rate=48000'
  const white = ['-f', 'lavfi', '-i', 'color=white:size=320x180:rate=30']
  const made = run('ffmpeg', [
    ...['-v', 'error', ...white, '-f', 'lavfi', '-i', tone, '-t', '8', '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-b:a', '192k', clip],
  ])
  await Promise.all([made, platform.start()])
  const end = publish()
  try {
    await until('both are published', () => platform.connections === 2)
    engine.start()
    await engine.apply(show(take('quiet'), -16))
    await until('on air', () => program()?.source === 'quiet' && engine.state().outputs[0]?.status === 'live')
    await produce(7_700)
    await engine.apply(show(take('loud'), -16))
    await produce(7_700)
    await engine.apply(show(take('slate')))
    await produce(400)
    await engine.apply(show(take('tone', 500)))
    await produce(1_300)
  } finally {
    end()
    await engine.stop()
  }
  times = (await packets(recording, 'v')).map(({ pts }) => pts)
  luma = await planeAt(recording, 'y', 20, 20)
}, 120_000)
afterAll(async () => {
  await platform.remove()
  files.remove()
})

/** The first picture from `from` on of such a brightness. */
const firstAt = (from: number, test: (value: number) => boolean) =>
  luma.findIndex((value, n) => n >= from && test(value))

/**
 * Loudness of three seconds of the recording, as FFmpeg's ebur128 measures it. Of a short beep its blocks of 0.4 s, one each
 * 0.1 s, have more or less (up to 1 LU) by where they begin: so the mean of five beginnings.
 */
async function loudness(fromMs: number): Promise<number> {
  const start = fromMs - Math.min(times[0], (await packets(recording, 'a'))[0].pts)
  const heard = await Promise.all([0, 20, 40, 60, 80].map(later => integrated((start + later) / 1_000)))
  return heard.reduce((sum, lufs) => sum + lufs, 0) / heard.length
}

async function integrated(start: number): Promise<number> {
  const filter = `atrim=start=${start}:end=${start + 3},asetpts=PTS-STARTPTS,ebur128`
  const words = await run('sh', ['-c', `ffmpeg -hide_banner -nostdin -i "$0" -af ${filter} -f null - 2>&1`, recording])
  const summary = String(words).slice(String(words).lastIndexOf('Summary:'))
  return Number(/I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1])
}

test('a camera that is pulled by RTMP: sound and picture are together within 40 ms', async () => {
  const offs = await lipSync(recording)
  expect(offs.length).toBeGreaterThan(8)
  for (const off of offs) expect(Math.abs(off)).toBeLessThanOrEqual(40)
})

test('a quiet and a loud camera are both at -16 LUFS, within five seconds of their takes', async () => {
  const [quiet, loud] = [firstAt(0, value => value > 45 && value < 75), firstAt(0, value => value > 75 && value < 110)]
  for (const begin of [quiet, loud]) expect(begin).toBeGreaterThanOrEqual(0)
  expect(loud).toBeGreaterThan(quiet + 200)
  const heard = [await loudness(times[quiet + 137]), await loudness(times[loud + 137])]
  console.info(`quiet and loud at ${heard.map(lufs => lufs.toFixed(2)).join(' and ')} LUFS`)
  for (const lufs of heard) expect(Math.abs(lufs + 16)).toBeLessThanOrEqual(1)
})

test('a fade takes the sound along, in one line and without a click; the gain of a clip counts', async () => {
  const { startMs, samples } = await sound(recording)
  const end = firstAt(0, value => value > 225)
  const begin = end - 14
  const at = (n: number) => Math.round((times[n] - startMs) * 48)
  const amplitude = (n: number) => {
    const part = samples.subarray(at(n), at(n) + 1_600)
    return Math.sqrt((2 * part.reduce((sum, value) => sum + value * value, 0)) / part.length)
  }
  // FFmpeg adds two equal channels up to 3 dB more when it makes them one.
  const whole = amplitude(end + 15)
  expect(Math.abs(20 * Math.log10(whole / Math.SQRT2) + 6)).toBeLessThan(1)
  const [dark, bright] = [luma[begin - 4], luma[end + 15]]
  for (let n = begin; n < end; n++) {
    const seen = (luma[n] - dark) / (bright - dark)
    expect(Math.abs(amplitude(n) / whole - seen)).toBeLessThan(0.1)
  }
  // How far a tone of 1 kHz bends from sample to sample, and the noise of the codec. (Before the codec there is less than
  // -60 dBFS: see the tests of the desk.)
  const bends = Array.from(samples.subarray(at(begin - 3), at(end + 15)), (value, n) => {
    const from = at(begin - 3) + n
    return Math.abs(samples[from + 2] - 2 * samples[from + 1] + value)
  })
  expect(Math.max(...bends)).toBeLessThan(whole * (2 * Math.PI * (1 / 48)) ** 2 * 1.05 + 0.006)
})
