import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodedBy, fitting, holds } from '../../runtime/control/show/admission.ts'

const speed = { key: 'box', cores: 2, encode: { ultrafast: 220, superfast: 138, veryfast: 112 }, decode: 425 }
const profile = { width: 1920, height: 1080, fps: 60, videoBitrate: 6_000, audioBitrate: 128, keyframeInterval: 2 }
const camera = 1920 * 1080 * 60
const idle = { speed, decoded: 0, running: [] }

describe('admission', () => {
  test('a box of two cores holds three cameras and one 1080p60, not two of them', () => {
    expect(holds({ ...idle, decoded: 3 * camera }, profile)).toBe(true)
    expect(holds({ ...idle, decoded: 3 * camera, running: [profile] }, profile)).toBe(false)
  })

  test('2160p60 is more than it can do, and the profile that fits has the same shape', () => {
    const wanted = { ...profile, width: 3840, height: 2160 }
    expect(holds(idle, wanted)).toBe(false)
    const fits = fitting(idle, wanted)
    expect(fits).toMatchObject({ width: 3840, height: 2160, fps: 30 })
    expect(fits?.videoBitrate).toBeLessThan(wanted.videoBitrate)
  })

  test('a preset that is too slow for it fits without one', () => {
    const wanted = { ...profile, preset: 'medium' } as const
    expect(holds(idle, wanted)).toBe(false)
    expect(fitting(idle, wanted)).toEqual(profile)
  })

  test('what is said to fit does, is never larger, and nothing is said where nothing fits', () => {
    const size = fc.constantFrom([3840, 2160], [1920, 1080], [1280, 720], [1080, 1920], [720, 576])
    const situation = fc.record({
      size,
      fps: fc.constantFrom(15, 25, 29.97, 30, 50, 60),
      others: fc.integer({ min: 0, max: 3 }),
      decoded: fc.integer({ min: 0, max: 8 * camera }),
    })
    fc.assert(
      fc.property(situation, ({ size: [width, height], fps, others, decoded }) => {
        const wanted = { ...profile, width, height, fps }
        const load = { speed, decoded, running: Array(others).fill(profile) }
        const fits = fitting(load, wanted)
        if (!fits) {
          expect(holds(load, { ...wanted, width: 426, height: 240, fps: Math.min(15, fps) })).toBe(false)
          return
        }
        expect(holds(load, fits)).toBe(true)
        expect(fits.width * fits.height * fits.fps).toBeLessThanOrEqual(width * height * fps)
        expect([fits.width % 2, fits.height % 2]).toEqual([0, 0])
      }),
    )
  })

  test('cameras cost what they send', () => {
    const video = { codec: 'h264', width: 1920, height: 1080, fps: 60 }
    const sources = [
      { id: 'a', status: 'online' as const, video },
      { id: 'b', status: 'offline' as const, video },
      { id: 'slate', status: 'online' as const },
    ]
    expect(decodedBy({ sources })).toBe(camera)
  })
})
