import { spawnSync } from 'node:child_process'
import { PROFILE } from './profile.ts'
import { onPath, perform, type Show, type Tool, versionOf } from './tool.ts'

const ELEMENTS =
  'rtspsrc rtph264depay rtpmp4gdepay h264parse aacparse avdec_h264 avdec_aac compositor gdkpixbufoverlay x264enc avenc_aac flvmux rtmp2sink'

/**
 * `gst-launch-1.0` with the compositor: a camera is taken by the alpha of its pad. The layers are laid over it by
 * `gdkpixbufoverlay`, since as pads of the compositor they cost half as much again: pictures with alpha make it work in a
 * format that has to be converted for the encoder.
 */
export const gstreamer: Tool = {
  name: 'GStreamer',
  packages: [
    ...['gstreamer1.0-tools', 'gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
    ...['gstreamer1.0-plugins-ugly', 'gstreamer1.0-libav'],
  ],
  lacks: () =>
    onPath('gst-launch-1.0') && onPath('gst-inspect-1.0')
      ? ELEMENTS.split(' ').filter(name => spawnSync('gst-inspect-1.0', ['--exists', name]).status !== 0)
      : ['gst-launch-1.0'],
  version: () => versionOf('gst-launch-1.0', '--version'),
  start: async show => perform('gst-launch-1.0', ['-q', ...pipeline(show).split(/\s+/)]),
}

function pipeline({ cameras, layers, url, key }: Show): string {
  const { width, height, fps, videoBitrate, audioBitrate, keyframeInterval } = PROFILE
  return [
    `compositor name=mix background=black ${cameras.map((_, n) => `sink_${n}::alpha=${n === 0 ? 1 : 0}`).join(' ')}`,
    `! video/x-raw,format=I420,width=${width},height=${height},framerate=${fps}/1 ! queue`,
    ...layers.map(({ file, x, y }) => `! gdkpixbufoverlay location=${file} offset-x=${x} offset-y=${y}`),
    `! queue ! x264enc speed-preset=ultrafast tune=zerolatency bitrate=${videoBitrate} vbv-buf-capacity=2000`,
    `key-int-max=${fps * keyframeInterval} option-string=scenecut=0`,
    '! video/x-h264,profile=high ! h264parse ! queue ! mux.',
    `flvmux name=mux streamable=true ! rtmp2sink location=${url}/${key}`,
    ...cameras.flatMap(({ url, username, password }, n) => [
      `rtspsrc name=camera${n} location=${url} user-id=${username} user-pw=${password} protocols=tcp latency=200`,
      `camera${n}. ! application/x-rtp,media=video ! rtph264depay ! h264parse ! avdec_h264 ! queue ! mix.sink_${n}`,
    ]),
    'camera0. ! application/x-rtp,media=audio ! rtpmp4gdepay ! aacparse ! avdec_aac ! queue ! audioconvert',
    '! audioresample ! audio/x-raw,rate=48000,channels=2',
    `! avenc_aac bitrate=${audioBitrate * 1_000} ! aacparse ! queue ! mux.`,
  ].join(' ')
}
