import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Profile } from '../../runtime/contract/generated/engine.v1.ts'
import { encoderArgs } from '../../runtime/engine/ffmpeg/encoder-command.ts'
import type { X264Preset } from '../../runtime/engine/ffmpeg/h264.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { cpuSeconds } from '../peers/processes.ts'
import type { RtspCamera } from '../peers/rtsp-camera.ts'

/**
 * Cores that bare FFmpeg needs to decode these cameras and to encode the first of them with the settings that the
 * appliance would use: one process each, as a person would start them.
 */
export async function bareCores(
  cameras: RtspCamera[],
  profile: Profile,
  preset: X264Preset,
  seconds: number,
): Promise<number> {
  const rate = { num: profile.fps, den: 1 }
  const encode = encoderArgs(profile, { ...profile, frameRate: rate }, rate, { encoder: 'libx264', preset })
  const settings = encode.slice(encode.indexOf('-c:v'), -1)
  const children = cameras.map((camera, n) => {
    const input = ['-rtsp_transport', 'tcp', '-i', camera.urlWithCredentials]
    const output = n === 0 ? ['-map', '0:v', '-map', '0:a', ...settings, '/dev/null'] : ['-f', 'null', '-']
    const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...input, ...output]
    return spawnOwned('ffmpeg', args, { stdio: 'ignore' })
  })
  const used = () => children.reduce((sum, child) => sum + cpuSeconds(Number(child.pid)), 0)
  await pause(3_000)
  const begun = { cpu: used(), at: performance.now() }
  await pause(seconds * 1_000)
  const cores = ((used() - begun.cpu) * 1_000) / (performance.now() - begun.at)
  for (const child of children) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return cores
}
