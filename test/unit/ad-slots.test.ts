import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AdvertiserReport, NewCampaign } from '../../runtime/contract/generated/openapi.v1.ts'
import { scratch } from '../peers/run.ts'
import { AdStage } from './ad-stage.ts'
import { useVirtualTime } from './show-stage.ts'

const HOUR = 3_600_000
/** Midnight in Berlin, in July. */
const T = Date.UTC(2026, 5, 30, 22)
vi.setConfig({ testTimeout: 120_000 })
const folder = scratch('ads')
let stage: AdStage

beforeEach(async () => {
  useVirtualTime(T - 5_000)
  stage = await AdStage.open(folder.path)
  await stage.show.wire()
})
afterEach(async () => {
  await stage.close()
  vi.useRealTimers()
})
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

const campaign = (name: string, spots: number, more: Partial<NewCampaign> = {}): NewCampaign => ({
  ...{ name, advertiser: name, spots, creatives: [{ overlay: name }] },
  ...more,
})
const hours = (from: string, to: string): Partial<NewCampaign> => ({
  dayparts: [{ days: [0, 1, 2, 3, 4, 5, 6], from, to }],
})
const BOOKED = [
  campaign('cafe', 96, { creatives: [{ overlay: 'cafe-am' }, { overlay: 'cafe-pm' }] }),
  campaign('boats', 48, { perHour: 3 }),
  campaign('evening', 10, { ...hours('18:00', '21:00'), perHour: 6 }),
  campaign('night', 10, hours('22:00', '02:00')),
  campaign('town', 110),
]

/** A camera, and each ten minutes a break of four spots. */
async function loop(every = 600_000): Promise<string> {
  const cues = [
    { id: 'view', start: 0, duration: every, camera: 'quay' },
    { id: 'break', start: 300_000, duration: 60_000, ads: {} },
  ]
  const { id } = await stage.show.timeline('add', { name: 'Day', loop: true, cues })
  await stage.show.timeline('start', { at: new Date(T).toISOString() }, id)
  return id
}

const reports = (from: number, to: number) =>
  stage.ask<AdvertiserReport[]>('reportProof', undefined, '', {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  })
const aired = async (from: number, to: number) =>
  Object.fromEntries((await reports(from, to)).map(report => [report.advertiser, report.aired]))

test('a day of breaks meets its counts exactly: by what was on air', async () => {
  for (const one of BOOKED) await stage.book(one)
  await loop()
  await stage.pass(12 * HOUR)
  for (const { today, spots } of await stage.today()) expect(today.aired + today.ahead).toBe(spots)
  await stage.pass(12 * HOUR)
  const report = await reports(T, T + 24 * HOUR)
  expect(Object.fromEntries(report.map(each => [each.advertiser, each.aired]))).toEqual(
    Object.fromEntries(BOOKED.map(({ name, spots }) => [name, spots])),
  )
  const spots = report.flatMap(each => each.spots)
  expect(spots.every(({ outcome, airedMs, campaign: name }) => outcome === 'aired' && airedMs === 15_000 && name)).toBe(
    true,
  )
  const hourOf = (at: string) => (new Date(at).getUTCHours() + 2) % 24
  const inHours = (name: string) => new Set(spots.filter(spot => spot.campaign === name).map(({ at }) => hourOf(at)))
  expect([...inHours('evening')].every(hour => hour >= 18 && hour < 21)).toBe(true)
  expect([...inHours('night')].every(hour => hour >= 22 || hour < 2)).toBe(true)
  // Spread over the day, not put off to its end.
  const boats = spots.filter(spot => spot.campaign === 'boats').map(({ at }) => Date.parse(at))
  const gaps = boats.slice(1).map((at, n) => (at - (boats[n] ?? 0)) / 60_000)
  expect([Math.min(...gaps) >= 20, Math.max(...gaps) <= 41]).toEqual([true, true])
  const creatives = Map.groupBy(
    spots.filter(spot => spot.campaign === 'cafe'),
    ({ overlay }) => overlay,
  )
  expect([creatives.get('cafe-am')?.length, creatives.get('cafe-pm')?.length]).toEqual([48, 48])
  expect(await stage.makeGoods()).toEqual([])
  expect(await stage.ask('verifyProof')).toMatchObject({ ok: true })
})

test('what is missed is listed, and made good: after a picture that failed, an outage, and on the next day', async () => {
  const half = BOOKED.map(each => ({ ...each, spots: each.spots / 2 }))
  for (const one of half) await stage.book(one)
  await loop(1_200_000)
  await stage.pass(2 * HOUR)
  // The mast is struck: nothing of it is on air for a while.
  stage.onAir = () => false
  await stage.pass(HOUR)
  stage.onAir = () => true
  await stage.pass(9 * HOUR)
  await stage.restart(HOUR)
  await stage.pass(11 * HOUR)
  const missed = await stage.makeGoods()
  const why = new Set(missed.map(each => each.why))
  expect(why).toEqual(new Set(['It was not to be seen.', 'The appliance did not run.']))
  expect(missed.length).toBeGreaterThan(10)
  expect(missed.every(({ madeGoodAt }) => madeGoodAt !== null)).toBe(true)
  expect(await aired(T, T + 24 * HOUR)).toEqual(Object.fromEntries(half.map(({ name, spots }) => [name, spots])))

  // An evening that is gone is the next day's.
  await stage.pass(17 * HOUR)
  stage.onAir = () => false
  await stage.pass(7 * HOUR)
  stage.onAir = () => true
  const open = (await stage.makeGoods()).filter(({ madeGoodAt }) => madeGoodAt === null)
  const evening = open.filter(({ name }) => name === 'evening')
  expect(evening).toHaveLength(5)
  await stage.pass(60_000)
  const { today } = (await stage.today()).find(({ name }) => name === 'evening') ?? {}
  expect(today).toMatchObject({ booked: 5, owed: 5, ahead: 9, short: { count: 1, why: 'caps' } })
})

describe('a break', () => {
  test('shows each spot for its time, one after another, and ends with its timeline', async () => {
    const lines: [string, number, number][] = []
    const { play } = { play: stage.onAir }
    stage.onAir = (overlay, at) => {
      lines.push([overlay, at - T, at])
      return play(overlay, at)
    }
    await stage.book(campaign('a', 500, { perBreak: 2 }))
    await stage.book(campaign('b', 500, { perBreak: 2 }))
    const id = await loop()
    await stage.pass(5_000 + 300_000 + 35_000)
    expect(lines.map(([overlay, at]) => [overlay, at])).toEqual([
      ['a', 300_000],
      ['b', 315_000],
      ['a', 330_000],
    ])
    await stage.show.timeline('stop', {}, id)
    await stage.pass(60_000)
    expect(lines).toHaveLength(3)
  })

  test('says why what it would have shown was not: a picture that cannot be drawn, a place that stays empty', async () => {
    await stage.book(campaign('bad', 500, { creatives: [{ overlay: 'broken' }] }))
    await loop()
    await stage.pass(400_000)
    const [report] = await reports(T, T + HOUR)
    expect(report).toMatchObject({ advertiser: 'bad', planned: 1, missed: 1, spots: [{ cue: 'break/0' }] })
    expect(report?.spots[0]?.why).toBe('No wire leads from it.')
    await expect(stage.book(campaign('x', 1, { creatives: [{ overlay: 'missing' }] }))).rejects.toMatchObject({
      code: 'UNKNOWN_REFERENCE',
    })
  })

  test('whose picture is edited while the files of a spot come goes on with its next spot', async () => {
    const lines: number[] = []
    const files = Promise.withResolvers<void>()
    stage.onAir = (_, at) => lines.push(at - T) > 0
    await stage.book(campaign('a', 500, { perBreak: 4 }))
    const id = await loop()
    await stage.pass(5_000 + 300_000 + 10_000)
    stage.files = () => files.promise
    await stage.pass(4_800)
    const cues = [
      { id: 'view', start: 0, duration: 600_000, camera: 'nave' },
      { id: 'break', start: 300_000, duration: 60_000, ads: {} },
    ]
    await stage.show.timeline('change', { cues }, id)
    await stage.pass(2_000)
    files.resolve()
    await stage.pass(60_000)
    expect(lines).toEqual([300_000, 330_000, 345_000])
  })

  test('that control died in goes on with its next spot, and shows none twice', async () => {
    const lines: number[] = []
    stage.onAir = (_, at) => lines.push(at - T) > 0
    await stage.book(campaign('a', 500, { perBreak: 4 }))
    await loop()
    await stage.pass(5_000 + 300_000 + 20_000)
    await stage.restart(2_000)
    await stage.pass(60_000)
    expect(lines).toEqual([300_000, 315_000, 330_000, 345_000])
    const [report] = await reports(T, T + HOUR)
    expect(report).toMatchObject({ planned: 4, aired: 4, missed: 0 })
  })
})

test('a spot is taken off when it is over: it is not called on air until its next one', async () => {
  await stage.book(campaign('cafe', 144))
  await loop()
  await stage.pass(420_000)
  const at = T + 300_000
  expect(stage.ended).toEqual([`cafe ${at + 15_000} at ${at + 15_200}`])
})

test('cues with ads contradict nothing', async () => {
  const add = (...cues: object[]) => stage.show.timeline('add', { name: 'x', cues })
  const ads = { start: 0, duration: 60_000, ads: {} }
  await expect(add(ads, { ...ads, start: 30_000 })).rejects.toMatchObject({ code: 'TIMELINE_INVALID' })
  await expect(add({ ...ads, ads: { spot: 90_000 } })).rejects.toMatchObject({ code: 'TIMELINE_INVALID' })
  await expect(add({ start: 0, duration: 10_000 })).rejects.toMatchObject({ code: 'TIMELINE_INVALID' })
})
