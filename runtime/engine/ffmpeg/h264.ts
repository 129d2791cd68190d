import type { Profile } from '../../contract/generated/engine.v1.ts'

/**
 * H.264 encoders that FFmpeg may have, in the order of preference: a card that somebody put in on purpose, then what is
 * in the processor, then single-board computers, then software, which always works.
 */
export const HARDWARE_ENCODERS = ['h264_nvenc', 'h264_qsv', 'h264_vaapi', 'h264_v4l2m2m'] as const
export const SOFTWARE = 'libx264'
export type H264Encoder = (typeof HARDWARE_ENCODERS)[number] | typeof SOFTWARE

export type X264Preset = NonNullable<Profile['preset']>

/** What one encoder needs in a command line: before the inputs, at the end of the filters, and for the video itself. */
interface H264Options {
  global: string[]
  filters: string[]
  video: string[]
}

const RENDER_NODE = '/dev/dri/renderD128'

/**
 * All of them: no frames out of order and none held back, so that a picture leaves as soon as it is made; keyframes on
 * the grid and nowhere else, because switching between encoders counts on it; bitrate capped at the target.
 */
export function h264Options(encoder: H264Encoder, profile: Profile, preset: X264Preset, gop: number): H264Options {
  const { videoBitrate, h264Profile = 'high', level } = profile
  const rate = ['-b:v', `${videoBitrate}k`, '-maxrate', `${videoBitrate}k`, '-bufsize', `${videoBitrate * 2}k`]
  const common = [...rate, '-g', String(gop), ...(level ? ['-level:v', level] : [])]
  const as = ['-profile:v', h264Profile]
  switch (encoder) {
    case 'h264_nvenc': {
      const speed = ['-preset', 'p3', '-tune', 'ull', '-rc', 'cbr', '-zerolatency', '1', '-delay', '0']
      const grid = ['-no-scenecut', '1', '-forced-idr', '1', '-bf', '0']
      return {
        global: [],
        filters: [],
        video: ['-c:v', encoder, ...speed, ...grid, ...as, ...format('yuv420p'), ...common],
      }
    }
    case 'h264_qsv': {
      const speed = ['-preset', 'veryfast', '-async_depth', '1', '-look_ahead', '0', '-bf', '0', '-idr_interval', '0']
      return { global: [], filters: [], video: ['-c:v', encoder, ...speed, ...as, ...format('nv12'), ...common] }
    }
    case 'h264_vaapi':
      return {
        global: ['-vaapi_device', RENDER_NODE],
        filters: ['format=nv12', 'hwupload'],
        // VA-API calls the lowest profile by its full name.
        video: [
          ...['-c:v', encoder, '-async_depth', '1', '-bf', '0', '-idr_interval', '0'],
          ...['-profile:v', h264Profile === 'baseline' ? 'constrained_baseline' : h264Profile, ...common],
        ],
      }
    case 'h264_v4l2m2m':
      // Its headers come in the stream only, and FLV wants them in front.
      return {
        global: [],
        filters: [],
        video: ['-c:v', encoder, ...format('yuv420p'), ...common, '-bsf:v', 'extract_extradata'],
      }
    case 'libx264': {
      const speed = ['-preset', preset, '-tune', 'zerolatency']
      return {
        global: [],
        filters: [],
        video: ['-c:v', encoder, ...speed, ...as, ...format('yuv420p'), ...common, '-sc_threshold', '0'],
      }
    }
  }
}

const format = (name: string): string[] => ['-pix_fmt', name]
