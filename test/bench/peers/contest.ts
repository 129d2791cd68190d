import { setTimeout as pause } from 'node:timers/promises'
import { RtmpPlatform } from '../../peers/nginx-rtmp.ts'
import { RtspCamera } from '../../peers/rtsp-camera.ts'
import { scratch, until } from '../../peers/run.ts'
import { ffmpegGraph } from './ffmpeg.ts'
import { gstreamer } from './gstreamer.ts'
import { judge, momentOf, type Verdict } from './judge.ts'
import { obs } from './obs.ts'
import { layerPictures } from './pictures.ts'
import { PROFILE } from './profile.ts'
import type { Performer, Show, Tool } from './tool.ts'
import { vistter } from './vistter.ts'

export const TOOLS: Record<string, Tool> = { vistter, ffmpeg: ffmpegGraph, gstreamer, obs }

/** After the start every one may find its pace. */
const SETTLE = 6_000

export type Result = { tool: Tool } & ({ lacks: string[] } | { failed: string } | Ran)
export interface Ran {
  cores: number
  aside?: number
  verdict: Verdict
}

/** The same show by each tool, one after another, on the same cameras and the same platform. */
export async function contest(seconds: number, tools: Tool[] = Object.values(TOOLS)): Promise<Result[]> {
  const folder = scratch('contest')
  const platform = new RtmpPlatform()
  const cameras = Array.from({ length: 3 }, () => new RtspCamera({ fps: PROFILE.fps }))
  try {
    await Promise.all([platform.start(), ...cameras.map(camera => camera.start())])
    const layers = layerPictures(folder.path)
    const results: Result[] = []
    for (const [n, tool] of tools.entries()) {
      const lacks = tool.lacks()
      const show = { cameras, layers, url: platform.url, key: `tool${n}`, folder: folder.path }
      if (lacks.length > 0) results.push({ tool, lacks })
      else results.push({ tool, ...(await perform(tool, show, platform, seconds).catch(failure)) })
    }
    return results
  } finally {
    await Promise.all([platform.remove(), ...cameras.map(camera => camera.stop())])
    folder.remove()
  }
}

const failure = (error: unknown): { failed: string } => ({
  failed: error instanceof Error ? error.message : String(error),
})

async function perform(tool: Tool, show: Show, platform: RtmpPlatform, seconds: number): Promise<Ran> {
  const performer = await tool.start(show)
  const measured = await measure(performer, show.key, platform, seconds).finally(() => performer.stop())
  const { file, from, to, ...spent } = measured
  const closed = () => platform.publishes.every(publish => publish.ended !== undefined)
  await until('the platform closed the recording', closed)
  return { ...spent, verdict: await judge(file, from, to) }
}

async function measure(performer: Performer, key: string, platform: RtmpPlatform, seconds: number) {
  const file = await until(
    'the stream is there',
    () => platform.recordings().find(name => name.includes(`${key}-`) && momentOf(name).bytes > 500_000),
    { timeoutMs: 40_000 },
  )
  await pause(SETTLE)
  const begun = { cpu: performer.cpu(), aside: performer.aside?.() }
  const from = momentOf(file)
  await pause(seconds * 1_000)
  const to = momentOf(file)
  const per = (to.at - from.at) / 1_000
  const cores = (performer.cpu() - begun.cpu) / per
  const beside = performer.aside?.()
  const aside = beside === undefined || begun.aside === undefined ? {} : { aside: (beside - begun.aside) / per }
  return { file, from, to, cores, ...aside }
}
