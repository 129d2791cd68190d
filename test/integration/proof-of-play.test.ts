import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  AdvertiserReport,
  Campaign,
  ProofRow,
  ProofVerdict,
  Timeline,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { Database } from '../../runtime/control/store/database.ts'
import { Cells, Reel } from '../peers/cells.ts'
import { OverlayStage, square } from '../peers/overlay-stage.ts'
import { cue, documentOf, scene, white } from '../peers/overlay-story.ts'
import { until } from '../peers/run.ts'

/** A break with the spots of two advertisers on the whole appliance, its proof beside the decoded recording, and what becomes of that proof. */
const FRAME = 1_000 / 30
const PROFILE = { width: 640, height: 360, fps: 30, videoBitrate: 2_000, audioBitrate: 64, keyframeInterval: 1 }
const ON = { cafe: 5, boats: 6, poster: 7 }
const SPOT = 2_000
const stage = new OverlayStage()
const startedAt = { ms: 0 }
let reel: Reel
let rows: ProofRow[]
let killedAt = 0

const proof = (query = '') => stage.api.get<ProofRow[]>(`/proof-of-play?limit=1000${query}`)
const of = (all: readonly ProofRow[], overlay: string) => all.filter(row => row.overlay === overlay)
const report = async () =>
  Object.fromEntries(
    (await stage.api.get<AdvertiserReport[]>('/proof-of-play/report')).map(each => [each.advertiser, each]),
  )
const verify = () => stage.api.get<ProofVerdict>('/proof-of-play/verify')

async function advertise(id: keyof typeof ON, advertiser: string): Promise<void> {
  const asset = stage.asset(id, square('#ffffff'), { rights: { tags: [`advertiser:${advertiser}`] } })
  const shown = documentOf(id, [scene('s', [cue(ON[id], `${id}-cue`, { assetRef: id })])])
  await stage.api.put(`/overlays/${id}`, { ...shown, assets: [asset] })
  const ready = async () => (await stage.overlay(id)).assets[0]?.status === 'ready'
  await until(`${id} is here`, ready)
}

beforeAll(async () => {
  await stage.begin()
  await Promise.all([advertise('cafe', 'Bay Cafe'), advertise('boats', 'Boat Hire'), advertise('poster', 'Town')])
  await stage.api.put('/overlays/mark', documentOf('mark', [scene('s', [cue(0, 'mark', white)])]))
  const url = `file://${join(stage.files.path, 'live.flv')}`
  const live = { name: 'Channel', platform: 'file', url, profile: PROFILE }
  const { id } = await stage.api.post<{ id: string }>('/destinations', live)
  await stage.api.post(`/destinations/${id}/start`)
  const isLive = async () =>
    (await stage.api.get<{ state: { status: string } }>(`/destinations/${id}`)).state.status === 'live'
  await until('it is live', isLive)
  for (const [overlay, advertiser] of [
    ['cafe', 'Bay Cafe'],
    ['boats', 'Boat Hire'],
  ])
    await stage.api.post<Campaign>('/campaigns', {
      ...{ name: `${advertiser} in May`, advertiser, spots: 500 },
      creatives: [{ overlay }],
    })
  const cues = [
    { id: 'dark', start: 0, duration: 3_600_000, camera: 'slate' },
    { id: 'break', start: 500, duration: 2 * SPOT, ads: { spot: SPOT } },
  ]
  const timeline = await stage.api.post<Timeline>('/timelines', { name: 'Evening', cues })
  const recording = await stage.record()
  startedAt.ms = Date.now() + 1_500
  const at = new Date(startedAt.ms).toISOString()
  await stage.api.post('/overlays/mark/play', { at })
  await stage.api.post('/overlays/poster/play', { at })
  await stage.api.post(`/timelines/${timeline.id}/start`, { at })
  rows = await until('both spots are written', async () => {
    const all = await proof()
    return of(all, 'boats').length + of(all, 'cafe').length === 2 && all
  })
  reel = await Reel.of(await stage.recorded(recording))
}, 90_000)
afterAll(() => stage.end())

test('rows of proof are the frames of the recording: first, last, how many, of each spot', () => {
  for (const overlay of ['cafe', 'boats'] as const) {
    const [row, ...more] = of(rows, overlay)
    expect(more).toEqual([])
    const [stretch = [0, 0], ...others] = reel.lit(ON[overlay])
    expect(others).toEqual([])
    expect(row?.frames).toBe(stretch[1] - stretch[0])
    const [mark] = reel.lit(0)
    const first = (Date.parse(row?.from ?? '') - startedAt.ms) / FRAME
    expect(Math.abs(first - (stretch[0] - (mark?.[0] ?? 0)))).toBeLessThanOrEqual(1)
    expect(row).toMatchObject({ asset: overlay, ended: true, timelines: [{ name: 'Evening' }] })
    expect(row?.destinations.map(({ name }) => name)).toEqual(['Channel'])
  }
})

test('the report has each spot of a campaign, aired, with its picture; the campaign counts it', async () => {
  const all = await report()
  for (const [overlay, advertiser] of Object.entries({ cafe: 'Bay Cafe', boats: 'Boat Hire' })) {
    expect(all[advertiser]).toMatchObject({ planned: 1, aired: 1, missed: 0, unplanned: 0 })
    const [spot] = all[advertiser]?.spots ?? []
    expect(spot).toMatchObject({ campaign: `${advertiser} in May`, overlay, outcome: 'aired', plannedMs: SPOT })
    const [picture = ''] = spot?.pictures ?? []
    const answer = await stage.api.open('GET', `/api/v1/proof-of-play/pictures/${picture}`)
    const jpeg = Buffer.concat(await answer.toArray())
    expect(createHash('sha256').update(jpeg).digest('hex')).toBe(picture)
    expect(await lightIn(jpeg, ON[overlay as keyof typeof ON])).toBeGreaterThan(200)
    expect(await lightIn(jpeg, overlay === 'cafe' ? ON.boats : ON.cafe)).toBeLessThan(40)
  }
  const campaigns = await stage.api.get<Campaign[]>('/campaigns')
  expect(campaigns.map(({ today }) => [today.aired, today.missed])).toEqual([
    [1, 0],
    [1, 0],
  ])
  expect((await stage.api.call('GET', `/proof-of-play/pictures/${'0'.repeat(64)}`)).status).toBe(404)
})

test('control and engine die by kill -9 in the middle of it: what was on air stands there, but for its last seconds', async () => {
  const begun = Date.now()
  await until('it was told some times', async () => Date.now() - begun > 1_500)
  killedAt = Date.now()
  const control = stage.appliance.kill('control')
  const engine = stage.appliance.kill('engine')
  await Promise.all([stage.appliance.reborn('control', control), stage.appliance.reborn('engine', engine)])
  const cut = await until(
    'what was on air is a row',
    async () => of(await proof(), 'poster').find(({ from }) => Date.parse(from) < killedAt),
    { timeoutMs: 20_000 },
  )
  expect(cut).toMatchObject({ ended: false, asset: 'poster', advertisers: ['Town'] })
  expect(killedAt - Date.parse(cut.to)).toBeLessThan(6_500)
  expect(Math.abs((Date.parse(cut.to) - Date.parse(cut.from)) / FRAME - (cut.frames - 1))).toBeLessThan(0.1)
  expect(await verify()).toMatchObject({ ok: true, faults: [] })
})

test('names stay when what they named is gone', async () => {
  const [one] = await stage.api.get<Campaign[]>('/campaigns')
  await stage.api.call('DELETE', `/campaigns/${one?.id}`)
  await stage.api.call('DELETE', '/overlays/cafe')
  const all = await report()
  for (const advertiser of ['Bay Cafe', 'Boat Hire'])
    expect(all[advertiser]?.spots[0]).toMatchObject({ campaign: `${advertiser} in May`, outcome: 'aired' })
})

test('a hand in the database is named, row by row', async () => {
  const [row] = of(rows, 'boats')
  const store = await Database.open(join(stage.appliance.data, 'vistter.db'))
  await store.run(`UPDATE proof SET body = replace(body, '"frames":', '"frames":9') WHERE n = ?`, row?.id ?? 0)
  expect((await verify()).faults).toMatchObject([{ n: row?.id, what: 'changed' }])
  await store.run('DELETE FROM proof WHERE n = ?', row?.id ?? 0)
  expect(await verify()).toMatchObject({ ok: false, faults: [{ n: row?.id, what: 'removed' }] })
  await store.close()
})

async function lightIn(jpeg: Buffer, cell: number): Promise<number> {
  const canvas = createCanvas(640, 360)
  const context = canvas.getContext('2d')
  context.drawImage(await loadImage(jpeg), 0, 0, 640, 360)
  const [x, y] = new Cells(640, 360).middle(cell)
  return context.getImageData(x, y, 1, 1).data[0] ?? 0
}
