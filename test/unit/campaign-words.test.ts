import { expect, test } from 'vitest'
import { bookedWords, campaignStatus, reportAddress, todayWords } from '../../nodes/ui-vistter-ads/campaign-words.ts'
import type { Campaign } from '../../runtime/contract/generated/openapi.v1.ts'

const today = { booked: 96, owed: 0, aired: 40, missed: 3, ahead: 56, short: null }
const campaign: Campaign = {
  ...{ id: '1', name: 'May', advertiser: 'Bay Cafe', spots: 96, creatives: [{ overlay: 'cafe' }] },
  ...{ enabled: true, active: true, today },
}

test('a campaign in words: what was booked, and how it stands', () => {
  const dayparts: Campaign['dayparts'] = [{ days: [1], from: '07:00', to: '19:00' }]
  expect(bookedWords({ ...campaign, dayparts, to: '2026-05-31' })).toBe(
    'Bay Cafe · 96 a day · 07:00 to 19:00 · until 2026-05-31',
  )
  expect(todayWords(campaign)).toBe('Today: 96 planned, 40 aired, 3 missed, 56 to come.')
  const short = { ...today, owed: 2, short: { count: 5, why: 'full' as const } }
  expect(todayWords({ ...campaign, today: short })).toBe(
    'Today: 96 and 2 from the days before planned, 40 aired, 3 missed, 56 to come. 5 cannot be had: all places are taken.',
  )
  expect(campaignStatus({ ...campaign, today: short }).text).toBe('5 short')
  expect(campaignStatus({ ...campaign, today: { ...today, aired: 96 } }).text).toBe('Done for today')
  expect(campaignStatus({ ...campaign, enabled: false, active: false }).text).toBe('Off')
  expect(todayWords({ ...campaign, active: false })).toBe('Not today.')
})

test.each([
  ['Europe/Rome', '2025-11-30T23:00:00.000Z', '2025-12-31T23:00:00.000Z'],
  ['America/New_York', '2025-12-01T05:00:00.000Z', '2026-01-01T05:00:00.000Z'],
  ['Australia/Sydney', '2025-11-30T13:00:00.000Z', '2025-12-31T13:00:00.000Z'],
])('the report of a month goes from its first day to the next one, in %s', (zone, from, to) => {
  const { searchParams: asked } = new URL(reportAddress(1, Date.UTC(2026, 0, 15, 12), zone), 'https://box')
  expect([asked.get('from'), asked.get('to')]).toEqual([from, to])
})

test('on the first of a month it is the month of the site, not that of the browser or of UTC', () => {
  const { searchParams: asked } = new URL(reportAddress(0, Date.UTC(2026, 2, 31, 22, 30), 'Europe/Rome'), 'https://box')
  expect([asked.get('from'), asked.get('to')]).toEqual(['2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'])
})
