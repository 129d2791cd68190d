import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { encoderArgs } from '../../runtime/engine/ffmpeg/encoder-command.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { packets } from '../peers/media.ts'
import { cpuSeconds } from '../peers/processes.ts'
import { Stage } from '../peers/stage.ts'
import { type Figures, rounded } from './figure.ts'

const FULL = { width: 1920, height: 1080, fps: 30, videoBitrate: 4500, audioBitrate: 128, keyframeInterval: 2 }
const MEANS = { encoder: 'libx264', preset: 'veryfast' } as const
const SECONDS = 60
const BARE_SECONDS = 30

/** A lower third over the whole width, a corner logo and a title: three layers that stay on air. */
const cue = (id: string, layer: number, more: object) => ({ id, start: 0, duration: '10:00:00.000', layer, ...more })
const threeLayers = {
  ocl: '1.0',
  timeline: { id: 'bench', version: '1', frameRate: 30, resolution: { width: 1920, height: 1080 } },
  assets: [],
  scenes: [
    {
      id: 'main',
      start: 0,
      tracks: [
        {
          id: 'graphics',
          kind: 'lower-third',
          cues: [
            cue('bar', 1, {
              shape: { type: 'rectangle', color: '#10182099' },
              unsafe: true,
              properties: { size: { width: 1920, height: 200 }, position: { anchor: 'bottom-left', x: 0, y: 0 } },
            }),
            cue('logo', 2, {
              shape: { type: 'rectangle', color: '#ff660080', radius: 24 },
              properties: { size: { width: 320, height: 160 }, position: { anchor: 'top-right', x: 0, y: 0 } },
            }),
            cue('title', 3, {
              text: { value: 'Live from {{locationName}}', size: 72, color: '#ffffff' },
              properties: { position: { anchor: 'bottom-left', x: 40, y: 30 } },
            }),
          ],
        },
      ],
    },
  ],
}

/**
 * One 1080p30 RTSP camera, three layers, one encode to a real RTMP server: CPU seconds of every process of the appliance
 * against bare FFmpeg that decodes and encodes the same camera with the same settings, before and after in the same run.
 */
export async function show1(): Promise<Figures> {
  const stage = new Stage()
  try {
    await stage.start({ width: 1920, height: 1080, fps: 30 })
    const before = await bareCores(stage)
    await stage.onAir(FULL)
    await stage.api.put('/overlays/bench', threeLayers)
    await stage.api.post('/overlays/bench/play')
    await pause(5_000)

    const begun = { frames: (await stage.program()).frames, cpu: usage(stage), at: performance.now() }
    await pause(SECONDS * 1_000)
    const cpu = usage(stage)
    const seconds = (performance.now() - begun.at) / 1_000
    const frames = (await stage.program()).frames
    const cores = total(cpu, begun.cpu) / seconds
    const dropped = frames.dropped + frames.repeated - begun.frames.dropped - begun.frames.repeated

    const [file] = await stage.recordings()
    const video = await packets(file, 'v')
    // A step of 33 or 34 ms is a frame; the half is for ffprobe's rounding.
    const missing = video.slice(1).filter(({ dts }, n) => dts - video[n].dts > 34.5).length
    await stage.appliance.stop()
    const after = await bareCores(stage)
    const bare = (before + after) / 2
    const parts = describe(cpu, begun.cpu, seconds)
    return {
      'show1.cpu_vs_bare': {
        value: rounded(cores / bare),
        unit: '×',
        baseline: rounded(bare),
        note: `${rounded(cores)} cores against ${rounded(bare)} (bare: ${rounded(before)} before, ${rounded(after)} after); ${parts}`,
      },
      'show1.dropped_frames': {
        value: dropped + missing,
        unit: 'frames',
        note: `of ${frames.produced - begun.frames.produced} in ${Math.round(seconds)} s; ${missing} gaps in the recording`,
      },
    }
  } finally {
    await stage.end()
  }
}

/** Cores that bare FFmpeg needs for the same camera and the same encode. */
async function bareCores(stage: Stage): Promise<number> {
  const encode = encoderArgs(FULL, { ...FULL, frameRate: { num: 30, den: 1 } }, { num: 30, den: 1 }, MEANS)
  const settings = encode.slice(encode.indexOf('-c:v'), -1)
  const input = ['-rtsp_transport', 'tcp', '-i', stage.camera.urlWithCredentials]
  const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...input, '-map', '0:v', '-map', '0:a']
  const child: ChildProcess = spawnOwned('ffmpeg', [...args, ...settings, '/dev/null'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await pause(3_000)
  const pid = Number(child.pid)
  const begun = { cpu: cpuSeconds(pid), at: performance.now() }
  await pause(BARE_SECONDS * 1_000)
  const cores = ((cpuSeconds(pid) - begun.cpu) * 1_000) / (performance.now() - begun.at)
  child.kill('SIGKILL')
  await ended
  return cores
}

type Usage = Map<number, { name: string; cpu: number }>

function usage(stage: Stage): Usage {
  const name = (command: string) =>
    command
      .match(/runtime\/(engine|control|flow-host)\/(?:graphics\/)?([\w-]+)/)
      ?.slice(1)
      .join(' ') ?? (command.includes('matroska') ? 'encoder' : command.includes('nut') ? 'ingest' : 'launcher')
  const rows = stage.appliance.processes().map(p => [p.pid, { name: name(p.command), cpu: cpuSeconds(p.pid) }] as const)
  return new Map(rows)
}

const total = (now: Usage, before: Usage): number =>
  [...now].reduce((sum, [pid, { cpu }]) => sum + cpu - (before.get(pid)?.cpu ?? 0), 0)

function describe(now: Usage, before: Usage, seconds: number): string {
  return [...now]
    .map(([pid, { name, cpu }]) => `${name} ${((100 * (cpu - (before.get(pid)?.cpu ?? 0))) / seconds).toFixed(1)} %`)
    .join(', ')
}
