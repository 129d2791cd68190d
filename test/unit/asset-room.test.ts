import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { svgOf } from '../peers/asset-server.ts'
import { AssetStage, documentOf } from '../peers/asset-stage.ts'
import { until } from '../peers/run.ts'

let stage: AssetStage
beforeEach(async () => {
  stage = new AssetStage()
  await stage.begin()
})
afterEach(() => stage.end())

const SIZE = 40_000
const put = (name: string) => stage.server.put(`/${name}`, svgOf(name, SIZE))

describe('room', () => {
  beforeEach(() => {
    stage.settings.quotaBytes = 100_000
  })

  it('is made by what was not used for longest, never by what is on air', async () => {
    const [air, old, used, fresh] = ['air', 'old', 'used', 'fresh'].map(name => documentOf(put(name)))
    if (!air || !old || !used || !fresh) throw new Error('four were made')
    stage.settings.quotaBytes = 130_000
    for (const [name, document] of Object.entries({ air, old, used })) {
      await stage.store(name, document, name === 'air')
      stage.ahead += 120_000
    }
    await stage.assets.fetch(old)
    await stage.store('fresh', fresh)
    const statuses = [air, old, used, fresh].map(document => stage.stateOf(document)?.status)
    expect(statuses).toEqual(['ready', 'ready', 'missing', 'ready'])
    expect(stage.told('asset.evicted')).toMatchObject([{ data: { asset: 'used' } }])
    expect(readdirSync(stage.path)).toHaveLength(3)
    // It is fetched again when it is wanted, and then something else goes.
    await stage.assets.fetch(used)
    expect(stage.stateOf(used)?.status).toBe('ready')
    expect(stage.stateOf(air)?.status).toBe('ready')
  })

  it('that is not there is told with a way out, and a larger quota is one at once', async () => {
    stage.retry.first = 60_000
    stage.retry.max = 60_000
    for (const name of ['one', 'two']) await stage.store(name, documentOf(put(name)), true)
    const third = documentOf(put('three'))
    await stage.store('three', third, true)
    expect(stage.stateOf(third)).toMatchObject({ status: 'failed', error: { code: 'ASSET_CACHE_FULL' } })
    expect(stage.told('asset.cache-full')).toMatchObject([{ severity: 'warning', data: { code: 'ASSET_CACHE_FULL' } }])
    expect(stage.stateOf(third)?.error?.hint).toContain('quotaGb')
    expect(readdirSync(stage.path)).toHaveLength(2)
    stage.settings.quotaBytes = 200_000
    stage.assets.look()
    await until('it has come', () => stage.stateOf(third)?.status === 'ready')
  })

  it('is kept to when the quota is lowered', async () => {
    await stage.store('air', documentOf(put('air')), true)
    await stage.store('idle', documentOf(put('idle')))
    stage.settings.quotaBytes = 50_000
    await stage.assets.lookAfter()
    expect(readdirSync(stage.path)).toHaveLength(1)
    stage.settings.quotaBytes = 1_000
    await stage.assets.lookAfter()
    expect(readdirSync(stage.path)).toHaveLength(1)
  })

  it('that was made by hand is used at once', async () => {
    stage.retry.first = 60_000
    stage.retry.max = 60_000
    const two = ['one', 'two'].map(put)
    await stage.ask('syncAssets', { manifest: two.map(asset => ({ ...asset, version: 1 })) })
    const third = documentOf(put('three'))
    await stage.store('three', third, true)
    expect(stage.stateOf(third)?.error?.code).toBe('ASSET_CACHE_FULL')
    await stage.ask('removeCachedAsset', undefined, { sha256: two[0]?.sha256 ?? '' })
    await until('it has come', () => stage.stateOf(third)?.status === 'ready')
  })

  it('can be looked at and made by hand', async () => {
    const [air, idle] = [put('air'), put('idle')]
    await stage.store('show', documentOf(air), true)
    await stage.store('later', documentOf(idle))
    expect(await stage.ask('getAssetCache')).toMatchObject({
      quotaBytes: 100_000,
      usedBytes: 2 * SIZE + svgOf('air', 0).length + svgOf('idle', 0).length,
      files: [
        { sha256: air.sha256, pinned: true, uses: [{ overlay: 'show', asset: 'air', version: 1, playing: true }] },
        { sha256: idle.sha256, pinned: false, uses: [{ overlay: 'later', asset: 'idle', playing: false }] },
      ],
    })
    const remove = (sha256: string) => stage.ask('removeCachedAsset', undefined, { sha256 })
    await expect(remove(air.sha256)).rejects.toMatchObject({ code: 'CONFLICT' })
    await remove(idle.sha256)
    await expect(remove(idle.sha256)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await stage.assets.fetch(documentOf(idle))
    expect(await stage.ask('emptyAssetCache')).toMatchObject({ files: [{ sha256: air.sha256 }] })
    expect(readdirSync(stage.path)).toEqual([air.sha256])
  })
})

describe('rights', () => {
  it('that end while it is on air take it off at that moment', async () => {
    const expires = new Date(Date.now() + 2_500).toISOString()
    const asset = { ...put('logo'), rights: { tags: [], expires } }
    const document = documentOf(asset)
    await stage.store('show', document, true)
    expect(stage.assets.here(document)).toHaveProperty('logo')
    await until('it is gone', () => stage.changes > 0 && stage.told('asset.expired').length > 0, { everyMs: 5 })
    // Half a second early, so that the picture is gone in time; a busy machine may need some of that itself.
    expect(Date.now()).toBeLessThan(Date.parse(expires) + 300)
    expect(Date.now()).toBeGreaterThan(Date.parse(expires) - 700)
    expect(stage.assets.here(document)).toEqual({})
    expect(stage.stateOf(document)).toMatchObject({ status: 'failed', error: { code: 'ASSET_EXPIRED' } })
    stage.assets.look()
    expect(stage.told('asset.expired')).toMatchObject([{ data: { overlay: 'show', asset: 'logo' } }])
  })

  it('that are over already, or of other territories: it is not even fetched', async () => {
    const over = { ...put('over'), rights: { tags: [], expires: '2020-01-01' } }
    const abroad = { ...put('abroad'), rights: { tags: ['territory:IT'] } }
    const document = documentOf(over, abroad)
    stage.settings.territory = 'DE'
    await stage.store('show', document, true)
    expect(stage.assets.readiness(document)).toMatchObject([
      { status: 'failed', error: { code: 'ASSET_EXPIRED' } },
      { status: 'failed', error: { code: 'ASSET_TERRITORY' } },
    ])
    expect(stage.assets.coming(document)).toBe(false)
    expect(stage.server.requests).toEqual([])
    expect(stage.events.map(({ type }) => type)).toEqual(['asset.expired', 'asset.blocked'])
    stage.settings.territory = 'IT'
    stage.assets.look()
    await until('it has come', () => Object.keys(stage.assets.here(document)).includes('abroad'))
  })
})

describe('a manifest', () => {
  const announced = (name: string, version: number, content = name) => ({
    ...stage.server.put(`/${name}`, svgOf(content, SIZE)),
    version,
  })
  const sync = (...manifest: object[]) => stage.ask('syncAssets', { manifest })

  it('brings and pins what it names, until another one leaves it out', async () => {
    stage.settings.quotaBytes = 100_000
    const [one, two] = [announced('one', 1), announced('two', 1)]
    expect(await sync(one, two)).toEqual([
      { id: 'one', version: 1, status: 'ready' },
      { id: 'two', version: 1, status: 'ready' },
    ])
    const logo = documentOf(put('logo'))
    await stage.store('logo', logo)
    expect(stage.stateOf(logo)?.error?.code).toBe('ASSET_CACHE_FULL')
    expect(await sync(two)).toHaveLength(1)
    await stage.assets.fetch(logo)
    expect(stage.stateOf(logo)?.status).toBe('ready')
    expect(readdirSync(stage.path)).toEqual([two.sha256, logo.assets?.[0]?.sha256].sort())
  })

  it('of an older version does not replace a newer one, and is remembered over a restart', async () => {
    const old = announced('logo', 1, 'old')
    const now = announced('logo', 2, 'now')
    await sync(now)
    expect(await sync(old)).toMatchObject([{ version: 2, status: 'ready' }])
    expect(readdirSync(stage.path)).toEqual([now.sha256])
    await stage.ask('removeCachedAsset', undefined, { sha256: now.sha256 })
    await stage.again()
    await until('it has come', () => readdirSync(stage.path).includes(now.sha256))
  })
})
