import type { Fraction, Picture, Profile } from '../../contract/generated/engine.v1.ts'
import { FRAMES_FD } from './command.ts'
import { type H264Encoder, h264Options, type X264Preset } from './h264.ts'
import { QUIET } from './quiet.ts'

/** What makes the pictures of a profile here and now. */
export interface Means {
  encoder: H264Encoder
  /** Counts for software alone. */
  preset: X264Preset
}

/** Frames from one keyframe to the next. */
export const gopOf = ({ keyframeInterval }: Profile, rate: Fraction): number =>
  Math.max(1, Math.round((keyframeInterval * rate.num) / rate.den))

/**
 * Encodes the Matroska on pipe 3 (raw pictures of `picture`'s size at `rate`, PCM) to FLV on stdout.
 * Timestamps are kept as they come, so that a second generation carries on in the time line of the first; for that the
 * frame mode must be vfr, since cfr would fill the time from 0 to the first frame with copies.
 */
export function encoderArgs(profile: Profile, picture: Picture, rate: Fraction, means: Means): string[] {
  // A minimal probe: the first tag comes within a quarter of a second.
  const probe = ['-copyts', '-probesize', '32', '-analyzeduration', '0']
  const input = [...probe, '-f', 'matroska', '-i', `pipe:${FRAMES_FD}`, '-map', '0:v', '-map', '0:a']
  const scale = profile.width === picture.width && profile.height === picture.height ? [] : [encoderScale(profile)]
  return command(profile, rate, means, input, scale)
}

/** Encodes a second of a moving test picture exactly as a show would be encoded: only what passes this is relied on. */
export function trialArgs(profile: Profile, rate: Fraction, means: Means): string[] {
  const picture = `testsrc2=size=${profile.width}x${profile.height}:rate=${rate.num}/${rate.den}:duration=1`
  const sound = 'anullsrc=channel_layout=stereo:sample_rate=48000:duration=1'
  const input = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-map', '0:v', '-map', '1:a']
  return command(profile, rate, means, input, [])
}

function command(profile: Profile, rate: Fraction, means: Means, input: string[], scale: string[]): string[] {
  const { global, filters, video } = h264Options(means.encoder, profile, means.preset, gopOf(profile, rate))
  const chain = [...scale, ...filters]
  return [
    ...QUIET,
    ...global,
    ...input,
    ...(chain.length > 0 ? ['-vf', chain.join(',')] : []),
    ...['-fps_mode', 'vfr', ...video],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...['-c:a', 'aac', '-b:a', `${profile.audioBitrate}k`, '-ar', '48000', '-ac', '2'],
    ...['-flvflags', 'no_duration_filesize', '-f', 'flv', 'pipe:1'],
  ]
}

const encoderScale = ({ width, height }: Profile): string => `scale=${width}:${height}:flags=bilinear,setsar=1`
