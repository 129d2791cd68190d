import { h264Options } from '../../../runtime/engine/ffmpeg/h264.ts'
import { PROFILE } from './profile.ts'
import { onPath, perform, type Show, type Tool, versionOf } from './tool.ts'

/** One FFmpeg with a filter graph: `streamselect` is how it changes between inputs that all run. */
export const ffmpegGraph: Tool = {
  name: 'FFmpeg graph',
  packages: ['ffmpeg'],
  lacks: () => (onPath('ffmpeg') ? [] : ['ffmpeg']),
  version: () => versionOf('ffmpeg', '-version'),
  start: async show => perform('ffmpeg', ffmpegArgs(show)),
}

function ffmpegArgs({ cameras, layers, url, key }: Show): string[] {
  // A short probe, or the cameras that are opened first wait for the last one for seconds.
  const rtsp = ['-rtsp_transport', 'tcp', '-probesize', '32k', '-thread_queue_size', '1024']
  const inputs = [
    ...cameras.flatMap(camera => [...rtsp, '-i', camera.urlWithCredentials]),
    ...layers.flatMap(({ file }) => ['-i', file]),
  ]
  const all = cameras.map((_, n) => `[${n}:v]`).join('')
  const graph = [
    `${all}streamselect=inputs=${cameras.length}:map=0[on0]`,
    ...layers.map(({ x, y }, n) => `[on${n}][${cameras.length + n}:v]overlay=${x}:${y}:format=yuv420[on${n + 1}]`),
  ]
  const { video } = h264Options('libx264', PROFILE, 'ultrafast', PROFILE.fps * PROFILE.keyframeInterval)
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', ...inputs],
    ...['-filter_complex', graph.join(';'), '-map', `[on${layers.length}]`, '-map', '0:a'],
    ...['-fps_mode', 'vfr', ...video],
    ...['-c:a', 'aac', '-b:a', `${PROFILE.audioBitrate}k`, '-ar', '48000', '-ac', '2'],
    ...['-flvflags', 'no_duration_filesize', '-f', 'flv', `${url}/${key}`],
  ]
}
