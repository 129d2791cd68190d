import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { PtzState } from '../../runtime/contract/generated/openapi.v1.ts'
import { Checkups } from '../../runtime/control/cameras/presets/checkups.ts'
import type { StoredPreset } from '../../runtime/control/cameras/presets/preset.ts'
import type { NewEvent } from '../../runtime/control/ports.ts'

/** The weekly check, with a camera that is where it was sent last. */
const DAY = 86_400_000
/** 02:58 in Berlin. */
const NIGHT = Date.parse('2026-01-10T01:58:00Z')
let checkups: Checkups
let presets: StoredPreset[]
let visited: string[]
let events: NewEvent[]
let state: PtzState
let onAir: boolean
let wanted: boolean
let fails: Record<string, VistterError>
beforeEach(() => {
  vi.useFakeTimers({ now: NIGHT })
  visited = []
  events = []
  fails = {}
  onAir = false
  wanted = true
  const position = { pan: 0.1, tilt: 0, zoom: 0 }
  state = { reachable: true, moving: false, currentPreset: 'porch', position }
  presets = [preset('altar', NIGHT - 8 * DAY), preset('organ', NIGHT - 2 * DAY), preset('porch')]
  checkups = new Checkups({
    presets: () => presets,
    head: () => ({
      state: () => state,
      go: async (_, { preset: back }) => {
        visited.push(`back to ${back}`)
        return { arrival: Promise.resolve(undefined) }
      },
    }),
    go: async ({ id, body }, { rank }) => {
      visited.push(`${id} as a ${rank}`)
      const failure = fails[id]
      if (failure?.code === 'PTZ_HELD') throw failure
      if (failure) return { arrived: false, ms: 5_000, error: failure.fault }
      presets = presets.map(one => (one.id === id ? { ...one, body: { ...body, checkedAt: Date.now() } } : one))
      return { arrived: true, ms: 800 }
    },
    onAir: () => onAir,
    settings: () => ({ checkPresets: wanted, timezone: 'Europe/Berlin' }),
    clock: { now: () => Date.now(), mono: () => Date.now() },
    record: event => events.push(event),
  })
  checkups.start()
})
afterEach(() => {
  checkups.stop()
  vi.useRealTimers()
})

const preset = (id: string, checkedAt?: number): StoredPreset => {
  const body = { camera: 'nave', name: id, order: 0, journeys: [], ...(checkedAt !== undefined && { checkedAt }) }
  return { id, secrets: {}, body }
}
/** The same time a day later, and five minutes of it. */
const nextNight = () => {
  vi.setSystemTime(Date.now() + DAY)
  return minutes(5)
}
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000)

test('what nobody went to for a week is visited at night, and the camera is left as it was', async () => {
  await minutes(1)
  expect(visited).toEqual([])
  await minutes(5)
  expect(visited).toEqual(['altar as a tour', 'porch as a tour', 'back to porch'])
  await nextNight()
  expect(visited).toHaveLength(3)
  for (let day = 0; day < 5; day++) await nextNight()
  expect(visited.slice(3)).toContain('organ as a tour')
  expect(events).toEqual([])
})

test('a camera that viewers see, that is held, away or moving is left alone, and so are all where it is not wanted', async () => {
  onAir = true
  await minutes(10)
  onAir = false
  for (const busy of [{ heldBy: 'anna' }, { reachable: false }, { moving: true }, { pending: 'organ' }]) {
    state = { ...state, ...busy }
    await minutes(5)
    state = { reachable: true, moving: false, currentPreset: null }
  }
  wanted = false
  await minutes(10)
  expect(visited).toEqual([])
})

test('what is not found is told, and not sought twice in a night; who needs the camera has it', async () => {
  fails.altar = new VistterError('PTZ_NOT_ARRIVED', 'After 5 s the camera is elsewhere.')
  await minutes(30)
  expect(visited).toEqual(['altar as a tour', 'porch as a tour', 'back to porch'])
  const told = { type: 'preset.unverified', severity: 'warning', data: { preset: 'altar', code: 'PTZ_NOT_ARRIVED' } }
  expect(events).toMatchObject([told])
  fails = { altar: new VistterError('PTZ_HELD', 'The camera is held by anna.') }
  await nextNight()
  expect(visited[3]).toBe('altar as a tour')
  expect(visited.slice(3)).not.toContain('back to porch')
  expect(events).toHaveLength(1)
})
