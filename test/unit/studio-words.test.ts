import { expect, test } from 'vitest'
import { awayText, hostOf, stateText, thereText } from '../../nodes/ui-vistter-studio/words.ts'
import type { Studio } from '../../runtime/contract/generated/openapi.v1.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const there: Studio = {
  ...{ paired: true, connected: true, since: '2026-03-01T11:00:00.000Z', transport: 'wss' },
  ...{ queue: { in: 0, out: 0 }, studio: 'https://studio.example/x' },
  refused: { junk: 0, refused: 0, expired: 0, replayed: 0 },
}

test('the dashboard says since when Studio is there, or gone, and what waits for it', () => {
  expect(stateText(there)).toEqual({ text: 'Connected', look: 'is-ok' })
  expect(thereText(there, NOON)).toBe('studio.example, for 1 h 0 min, by WebSocket.')
  const away: Studio = { ...there, connected: false, queue: { in: 0, out: 7 } }
  expect(stateText(away)).toMatchObject({ text: 'Out of reach' })
  expect(awayText(away, NOON, 'Europe/Rome')).toMatch(
    /^studio.example is out of reach since 12:00.*\(1 h 0 min\)\. The show goes on\. 7 messages wait/,
  )
  expect(stateText({ ...there, paired: false, connected: false })).toBeUndefined()
  expect(hostOf(undefined)).toBe('Studio')
})
