import type { Platform, Profile } from '../../contract/generated/openapi.v1.ts'

/** What a platform's own help pages ask of a stream. Bitrates in kbit/s, keyframes in seconds. */
interface Limits {
  name: string
  /** Most pixels of the longer and the shorter side. */
  size: [longer: number, shorter: number]
  fps: number
  /** Recommended video bitrate by the shorter side in pixels and whether it is more than 30 fps; the first that fits counts. */
  bitrates: { upTo: number; fast: boolean; least: number; most: number }[]
  /** Beyond this the platform refuses or throttles. */
  mostBitrate: number
  keyframe: { most: number }
  audio: { most: number }
}

const steps = (...rows: [upTo: number, fast: boolean, least: number, most: number][]): Limits['bitrates'] =>
  rows.map(([upTo, fast, least, most]) => ({ upTo, fast, least, most }))

/**
 * YouTube: "Choose live encoder settings, bitrates, and resolutions", support.google.com/youtube/answer/2853702 (H.264).
 * Facebook: "Live video specs", facebook.com/business/help/162540111070395: 1080p at 60 fps, 3 to 9 Mbit/s.
 * Twitch: "Broadcasting guidelines", help.twitch.tv/s/article/broadcasting-guidelines: 6000 kbit/s, keyframes of 2 s.
 */
const LIMITS: Partial<Record<Platform, Limits>> = {
  youtube: {
    name: 'YouTube',
    size: [3840, 2160],
    fps: 60,
    bitrates: steps(
      [360, false, 400, 1_000],
      [480, false, 500, 2_000],
      [720, false, 1_500, 4_000],
      [720, true, 2_250, 6_000],
      [1080, false, 3_000, 10_000],
      [1080, true, 4_500, 12_000],
      [1440, false, 6_000, 15_000],
      [1440, true, 9_000, 24_000],
      [2160, false, 13_000, 30_000],
      [2160, true, 20_000, 51_000],
    ),
    mostBitrate: 51_000,
    keyframe: { most: 4 },
    audio: { most: 384 },
  },
  facebook: {
    name: 'Facebook',
    size: [1920, 1080],
    fps: 60,
    bitrates: steps(
      [720, false, 1_500, 4_000],
      [720, true, 2_250, 6_000],
      [1080, false, 3_000, 6_000],
      [1080, true, 4_500, 9_000],
    ),
    mostBitrate: 9_000,
    keyframe: { most: 2 },
    audio: { most: 256 },
  },
  twitch: {
    name: 'Twitch',
    size: [1920, 1080],
    fps: 60,
    bitrates: steps(
      [480, false, 600, 2_000],
      [720, false, 2_500, 4_500],
      [720, true, 3_500, 6_000],
      [1080, true, 4_000, 6_000],
    ),
    mostBitrate: 6_000,
    keyframe: { most: 2 },
    audio: { most: 320 },
  },
}

export interface Warning {
  code: 'PLATFORM_SIZE' | 'PLATFORM_FPS' | 'PLATFORM_BITRATE' | 'PLATFORM_KEYFRAMES' | 'PLATFORM_AUDIO'
  /** The member of the profile. */
  field: string
  message: string
  hint: string
}

/** Where a profile is not what the platform asks for. Warnings only: platforms change their minds more often than we release. Pure. */
export function warningsFor(platform: Platform, profile: Profile): Warning[] {
  const limits = LIMITS[platform]
  if (!limits) return []
  const { name, size, fps, keyframe, audio } = limits
  const [longer, shorter] = [Math.max(profile.width, profile.height), Math.min(profile.width, profile.height)]
  const warnings: Warning[] = []
  const warn = (code: Warning['code'], field: string, message: string, hint: string) =>
    warnings.push({ code, field, message: `${name} ${message}.`, hint })
  if (longer > size[0] || shorter > size[1])
    warn('PLATFORM_SIZE', 'width', `takes at most ${size[0]}×${size[1]}`, `Choose ${size[0]}×${size[1]} or less.`)
  if (profile.fps > fps) warn('PLATFORM_FPS', 'fps', `takes at most ${fps} frames per second`, `Choose ${fps} or less.`)
  if (profile.keyframeInterval > keyframe.most) {
    const { most } = keyframe
    warn('PLATFORM_KEYFRAMES', 'keyframeInterval', `asks for a keyframe every ${most} s`, 'Choose 2 s.')
  }
  if (profile.audioBitrate > audio.most)
    warn('PLATFORM_AUDIO', 'audioBitrate', `takes at most ${audio.most} kbit/s of sound`, 'Choose 128 kbit/s.')
  const bitrate = bitrateWarning(limits, profile, shorter)
  if (bitrate) warn('PLATFORM_BITRATE', 'videoBitrate', ...bitrate)
  return warnings
}

function bitrateWarning(limits: Limits, { fps, videoBitrate }: Profile, lines: number): [string, string] | undefined {
  if (videoBitrate > limits.mostBitrate)
    return [`takes at most ${limits.mostBitrate} kbit/s`, `Choose ${limits.mostBitrate} kbit/s or less.`]
  const asked = limits.bitrates.find(({ upTo, fast }) => lines <= upTo && (fast || fps <= 30))
  if (!asked || (videoBitrate >= asked.least && videoBitrate <= asked.most)) return undefined
  const range = `${asked.least} to ${asked.most} kbit/s`
  const at = `${lines}p at ${fps} frames per second`
  return [`recommends ${range} for ${at}`, `Choose a video bitrate of ${range}.`]
}
