import { setTimeout as pause } from 'node:timers/promises'
import { packets } from '../peers/media.ts'
import { Stage } from '../peers/stage.ts'
import { bareCores } from './bare.ts'
import { type Figures, rounded } from './figure.ts'
import { threeLayers } from './layers.ts'
import { byPart, spent, usageOf } from './usage.ts'

const FULL = { width: 1920, height: 1080, fps: 30, videoBitrate: 4500, audioBitrate: 128, keyframeInterval: 2 }
const SECONDS = 60
const BARE_SECONDS = 30

/**
 * One 1080p30 RTSP camera, three layers, one encode to a real RTMP server: CPU seconds of every process of the appliance
 * against bare FFmpeg that decodes and encodes the same camera with the same settings, before and after in the same run.
 */
export async function show1(length = SECONDS): Promise<Figures> {
  const stage = new Stage()
  try {
    await stage.start({ width: 1920, height: 1080, fps: 30 })
    const before = await bareCores([stage.camera], FULL, 'veryfast', Math.min(BARE_SECONDS, length))
    await stage.onAir(FULL)
    await stage.api.put('/overlays/bench', threeLayers)
    await stage.api.post('/overlays/bench/play')
    await pause(5_000)

    const begun = { frames: (await stage.program()).frames, cpu: usageOf(stage.appliance), at: performance.now() }
    await pause(length * 1_000)
    const cpu = usageOf(stage.appliance)
    const seconds = (performance.now() - begun.at) / 1_000
    const frames = (await stage.program()).frames
    const cores = spent(begun.cpu, cpu) / seconds
    const dropped = frames.dropped + frames.repeated - begun.frames.dropped - begun.frames.repeated

    const [file] = await stage.recordings()
    const video = await packets(file, 'v')
    // A step of 33 or 34 ms is a frame; the half is for ffprobe's rounding.
    const missing = video.slice(1).filter(({ dts }, n) => dts - video[n].dts > 34.5).length
    await stage.appliance.stop()
    const after = await bareCores([stage.camera], FULL, 'veryfast', Math.min(BARE_SECONDS, length))
    const bare = (before + after) / 2
    const parts = byPart(begun.cpu, cpu, seconds)
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
