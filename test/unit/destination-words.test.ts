import { expect, test } from 'vitest'
import { changes } from '../../nodes/lib-ui/changes.ts'
import { encoderNotices, encoderWords, profileOf, profileWords } from '../../nodes/ui-vistter-destinations/profile.ts'
import { destinationStatus } from '../../nodes/ui-vistter-destinations/status.ts'
import { bounds } from '../../nodes/ui-vistter-program/overrides.ts'

const profile = profileOf(undefined, undefined)

test('a profile and its encoder read in words', () => {
  expect(profileWords({ ...profile, fps: 29.97 })).toBe('1920 × 1080 · 29.97 fps · 4.5 Mbit/s')
  expect(encoderWords({ codec: 'libx264', preset: 'veryfast', shared: 1 })).toBe('Software encoder (veryfast)')
  expect(encoderWords({ codec: 'h264_qsv', shared: 3 })).toBe('Intel Quick Sync encoder, shared by 3')
})

test('a fall-back and a narrow uplink are told, and nothing when all is as wished', () => {
  const fallen = { codec: 'libx264', shared: 1, insteadOf: { codec: 'h264_nvenc', reason: 'exit code 1' } }
  expect(encoderNotices(fallen, profile)).toEqual(['NVIDIA NVENC failed (exit code 1): software encodes instead.'])
  expect(encoderNotices({ codec: 'libx264', shared: 1, videoBitrate: 2000 }, profile)).toEqual([
    'The uplink is narrow: turned down to 2.0 Mbit/s for now.',
  ])
  expect(encoderNotices({ codec: 'libx264', shared: 1, videoBitrate: 4500 }, profile)).toEqual([])
})

test('what waits for its camera says where that goes', () => {
  const state = { since: '2026-01-01T10:00:00.000Z', videoBitrate: 0, queueSeconds: 0 }
  const moving = { preset: 'p', name: 'Altar' }
  const text = (status: 'connecting' | 'live' | 'idle', more = {}) =>
    destinationStatus({ started: true, state: { ...state, status, ...more } }).text
  expect(text('connecting', { moving })).toBe('Camera moves to Altar')
  expect([text('live', { moving }), text('connecting'), text('idle')]).toEqual(['Live', 'Connecting', 'Waiting'])
})

test('only what was changed is sent', () => {
  expect(changes(profile, { ...profile })).toEqual({})
  expect(changes(profile, { ...profile, fps: 25, level: '4.1' })).toEqual({ fps: 25, level: '4.1' })
})

test("an override says who and until when, at the place's own time", () => {
  const override = { kind: 'slate', reason: 'x', actor: 'ada', since: '2026-01-01T10:00:00.000Z' } as const
  const now = Date.parse('2026-01-01T12:00:00.000Z')
  expect(bounds(override, 'UTC', now)).toMatch(/^by ada, 10:00.* – until it is ended$/)
  const until = '2026-01-01T10:30:00.000Z'
  expect(bounds({ ...override, until }, 'Europe/Berlin', now)).toMatch(/^by ada, 11:00.{0,3} – 11:30.{0,3}$/)
})

test("an override's day is told when it is not today, as the place counts days", () => {
  const override = { kind: 'slate', reason: 'x', actor: 'ada', since: '2026-01-01T22:00:00.000Z' } as const
  const until = '2026-01-03T10:00:00.000Z'
  const now = Date.parse('2026-01-01T23:30:00.000Z')
  expect(bounds({ ...override, until }, 'UTC', now)).toMatch(/^by ada, 10:00.PM – Jan 3, 10:00.AM$/)
  expect(bounds({ ...override, until }, 'Europe/Berlin', now)).toMatch(/^by ada, Jan 1, 11:00.PM – Jan 3, 11:00.AM$/)
})
