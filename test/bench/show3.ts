import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { type DestinationView, Stage } from '../peers/stage.ts'
import { bareCores } from './bare.ts'
import { type Figures, rounded } from './figure.ts'
import { threeLayers } from './layers.ts'
import { type Moment, momentOf, picturesBetween } from './peers/judge.ts'
import { byPart, spent, type Usage, usageOf } from './usage.ts'

const PROFILE = { width: 1920, height: 1080, fps: 60, videoBitrate: 6000, audioBitrate: 128, keyframeInterval: 2 }
const SECONDS = 60
const ONE_OUTPUT_SECONDS = 20
const BARE_SECONDS = 20
const AUTO_SECONDS = 30
/** Cameras that nobody sees may go to standby one after the other, each after some seconds. */
const SETTLED_MS = 20_000

/**
 * Three 1080p60 RTSP cameras, three layers at 60 fps, one x264 ultrafast encode, three RTMP outputs, on whatever cores
 * there are: frames lost, CPU of the whole appliance against bare FFmpeg (three decodes, one encode), memory of the engine.
 * Encoder preset `ultrafast` on both sides. All cameras are hot; then the same with mode auto, which is how they come.
 */
export async function show3(seconds = SECONDS): Promise<Figures> {
  const stage = new Stage({ fps: 60 })
  const others = [new RtspCamera({ fps: 60 }), new RtspCamera({ fps: 60 })]
  try {
    await Promise.all(others.map(camera => camera.start()))
    await stage.start({ width: 1920, height: 1080, fps: 60 })
    const cameras = [stage.camera, ...others]
    const before = await bareCores(cameras, PROFILE, 'ultrafast', Math.min(BARE_SECONDS, seconds))

    await stage.onAir({ ...PROFILE, preset: 'ultrafast' })
    for (const [n, camera] of others.entries()) await stage.addCamera(camera, `Camera ${n + 2}`)
    await setMode(stage, 'hot')
    await stage.api.put('/overlays/bench', threeLayers)
    await stage.api.post('/overlays/bench/play')
    await pause(5_000)
    const one = await measure(stage, Math.min(ONE_OUTPUT_SECONDS, seconds))
    const more = [await addOutput(stage, 'second'), await addOutput(stage, 'third')]
    await pause(3_000)
    const three = await measure(stage, seconds)
    const rss = residentMb(Number(stage.appliance.pidOf('engine')))
    await setMode(stage, 'auto')
    await pause(SETTLED_MS)
    const auto = await measure(stage, Math.min(AUTO_SECONDS, seconds))
    const asleep = stage.appliance.ffmpegs(/ -skip_frame nokey /).length

    for (const id of more) await stage.api.post(`/destinations/${id}/stop`)
    const [file] = await stage.recordings()
    const lost = gaps(picturesBetween(file, three.from, three.to).map(({ time }) => time))
    await stage.appliance.stop()
    const after = await bareCores(cameras, PROFILE, 'ultrafast', Math.min(BARE_SECONDS, seconds))
    const bare = (before + after) / 2
    return {
      'show3.dropped_percent': {
        value: rounded((100 * (three.repeated + lost)) / three.produced),
        unit: '%',
        note: `${three.repeated} repeated by the mixer, ${lost} missing in the recording, of ${three.produced} in ${seconds} s`,
      },
      'show3.cpu_vs_bare': {
        value: rounded(three.cores / bare),
        unit: '×',
        baseline: rounded(bare),
        note: `${rounded(three.cores)} cores against ${rounded(bare)} (${rounded(before)}, ${rounded(after)}); ${three.parts}`,
      },
      'show3.cpu_vs_bare_auto': {
        value: rounded(auto.cores / bare),
        unit: '×',
        baseline: rounded(bare),
        note: `${rounded(auto.cores)} cores with cameras of mode auto, ${asleep} of which were in standby; ${auto.parts}`,
      },
      'show3.engine_rss_mb': { value: Math.round(rss), unit: 'MB' },
      'output.added_cpu_percent': {
        value: rounded((100 * (three.cores - one.cores)) / 2),
        unit: '% of a core',
        note: 'for each of the second and third output of an equal profile, all processes counted',
      },
    }
  } finally {
    await stage.end()
    await Promise.all(others.map(camera => camera.stop()))
  }
}

async function setMode(stage: Stage, mode: string): Promise<void> {
  for (const { id } of await stage.api.get<{ id: string }[]>('/cameras'))
    await stage.api.patch(`/cameras/${id}`, { mode })
}

async function addOutput(stage: Stage, key: string): Promise<string> {
  stage.platform.accept(key)
  const profile = { ...PROFILE, preset: 'ultrafast' }
  const body = { name: key, platform: 'rtmp', url: stage.platform.url, streamKey: key, profile }
  const { id } = await stage.api.post<DestinationView>('/destinations', body)
  await stage.api.post(`/destinations/${id}/start`)
  return id
}

interface Measured {
  cores: number
  produced: number
  repeated: number
  /** Of the first output's recording. */
  from: Moment
  to: Moment
  parts: string
}

export async function measure(stage: Stage, seconds: number): Promise<Measured> {
  const file = stage.platform.recordings()[0]
  const frames = (await stage.program()).frames
  const from = momentOf(file)
  const usage: Usage = usageOf(stage.appliance)
  const begun = performance.now()
  await pause(seconds * 1_000)
  const now = usageOf(stage.appliance)
  const took = (performance.now() - begun) / 1_000
  const then = (await stage.program()).frames
  const to = momentOf(file)
  return {
    cores: spent(usage, now) / took,
    produced: then.produced - frames.produced,
    repeated: then.repeated - frames.repeated,
    from,
    to,
    parts: byPart(usage, now, took),
  }
}

/** Frames that a recording at 60 fps lacks. */
export const gaps = (times: number[]): number =>
  times.slice(1).reduce((sum, time, n) => sum + Math.max(0, Math.round(((time - times[n]) * 60) / 1_000) - 1), 0)

/** Resident memory in MB (proc(5), VmRSS in kB). */
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
