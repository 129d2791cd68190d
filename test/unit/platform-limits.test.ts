import { describe, expect, test } from 'vitest'
import { warningsFor } from '../../runtime/control/destinations/limits.ts'

const profile = { width: 1920, height: 1080, fps: 30, videoBitrate: 4_500, audioBitrate: 128, keyframeInterval: 2 }
const codes = (...asked: Parameters<typeof warningsFor>) => warningsFor(...asked).map(({ code }) => code)

describe('what platforms ask for', () => {
  test('the default profile suits each of them, and upright, too', () => {
    for (const platform of ['youtube', 'facebook', 'twitch'] as const) {
      expect(codes(platform, profile)).toEqual([])
      expect(codes(platform, { ...profile, width: 1080, height: 1920 })).toEqual([])
    }
  })

  test.each([
    ['facebook', { keyframeInterval: 4 }, 'PLATFORM_KEYFRAMES'],
    ['twitch', { videoBitrate: 8_000 }, 'PLATFORM_BITRATE'],
    ['facebook', { width: 3840, height: 2160, videoBitrate: 9_000 }, 'PLATFORM_SIZE'],
    ['youtube', { fps: 120 }, 'PLATFORM_FPS'],
    ['youtube', { videoBitrate: 500 }, 'PLATFORM_BITRATE'],
    ['facebook', { audioBitrate: 320 }, 'PLATFORM_AUDIO'],
  ] as const)('%s is told about %o', (platform, change, code) => {
    const warnings = warningsFor(platform, { ...profile, ...change })
    expect(warnings.map(warning => warning.code)).toContain(code)
    for (const { message, hint } of warnings) expect(message && hint).toBeTruthy()
  })

  test('a server of one’s own has no limits', () => {
    expect(codes('rtmp', { ...profile, videoBitrate: 90_000, keyframeInterval: 20 })).toEqual([])
  })
})
