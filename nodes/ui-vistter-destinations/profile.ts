import type {
  Destination,
  EffectiveEncoder,
  H264Level,
  H264Profile,
  Profile,
  Settings,
  X264Preset,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { bitrate } from '../lib-ui/format.ts'

/** Sizes that people know by name; any other is entered in numbers. */
export const SIZES: readonly { name: string; width: number; height: number }[] = [
  { name: '4K (3840 × 2160)', width: 3840, height: 2160 },
  { name: '1440p (2560 × 1440)', width: 2560, height: 1440 },
  { name: '1080p (1920 × 1080)', width: 1920, height: 1080 },
  { name: '720p (1280 × 720)', width: 1280, height: 720 },
  { name: '480p (854 × 480)', width: 854, height: 480 },
  { name: 'Upright (1080 × 1920)', width: 1080, height: 1920 },
  { name: 'Upright (720 × 1280)', width: 720, height: 1280 },
]
export const RATES = [24, 25, 29.97, 30, 50, 59.94, 60]
export const PRESETS: X264Preset[] = ['auto', 'ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium']
export const H264_PROFILES: H264Profile[] = ['high', 'main', 'baseline']
export const LEVELS: H264Level[] = ['auto', '3.0', '3.1', '3.2', '4.0', '4.1', '4.2', '5.0', '5.1', '5.2']

/** What the form begins with: the destination's, or what a new one gets when nothing is said. */
export function profileOf(destination: Destination | undefined, settings: Settings | undefined): Required<Profile> {
  const usual = { width: 1920, height: 1080, fps: settings?.program.fps ?? 30 }
  const numbers = { videoBitrate: 4500, audioBitrate: 128, keyframeInterval: 2 }
  const fine = { preset: 'auto', h264Profile: 'high', level: 'auto' } as const
  return { ...usual, ...numbers, ...fine, ...destination?.profile }
}

/** A profile in a few words: `1920 × 1080 · 30 fps · 4.5 Mbit/s`. */
export const profileWords = ({ width, height, fps, videoBitrate }: Profile): string =>
  `${width} × ${height} · ${fps} fps · ${bitrate(videoBitrate)}`

const CODECS: Record<string, string> = {
  libx264: 'Software',
  h264_nvenc: 'NVIDIA NVENC',
  h264_qsv: 'Intel Quick Sync',
  h264_vaapi: 'VA-API',
  h264_v4l2m2m: 'V4L2',
}
const codecName = (codec: string): string => CODECS[codec] ?? codec

/** What really encodes, in a few words. */
export function encoderWords({ codec, preset, shared }: EffectiveEncoder): string {
  const name = `${codecName(codec)} encoder${preset ? ` (${preset})` : ''}`
  return shared > 1 ? `${name}, shared by ${shared}` : name
}

/** What is not as it was wished for, a sentence each. */
export function encoderNotices({ insteadOf, codec, videoBitrate }: EffectiveEncoder, profile: Profile): string[] {
  const turnedDown = videoBitrate !== undefined && videoBitrate < profile.videoBitrate
  return [
    ...(insteadOf
      ? [
          `${codecName(insteadOf.codec)} failed (${insteadOf.reason}): ${codecName(codec).toLowerCase()} encodes instead.`,
        ]
      : []),
    ...(turnedDown ? [`The uplink is narrow: turned down to ${bitrate(videoBitrate)} for now.`] : []),
  ]
}
