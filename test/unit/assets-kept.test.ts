import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AssetServer, svgOf } from '../peers/asset-server.ts'
import { AssetStage, documentOf } from '../peers/asset-stage.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { until } from '../peers/run.ts'

let stage: AssetStage
beforeEach(async () => {
  stage = new AssetStage()
  await stage.begin()
})
afterEach(() => stage.end())

const SIZE = 40_000
const put = (name: string) => stage.server.put(`/${name}`, svgOf(name, SIZE))

describe('private networks', () => {
  const refused = { status: 'failed', error: { code: 'ASSET_ADDRESS' } }

  it('are not asked: not by number, not by a name that leads there', async () => {
    const asset = put('logo')
    const byNumber = documentOf({ ...asset, url: stage.server.url('/logo', '127.0.0.1') })
    await stage.store('number', byNumber)
    expect(stage.stateOf(byNumber)).toMatchObject(refused)
    const byName = documentOf({ ...asset, url: stage.server.url('/logo', 'rebind.test') })
    await stage.store('name', byName)
    expect(stage.stateOf(byName)).toMatchObject(refused)
    expect(stage.server.connections).toBe(0)
  })

  it('are looked at by the address that is connected to: each connection asks for the name once', async () => {
    await stage.store('logo', documentOf(put('logo')))
    expect([stage.resolved, stage.server.connections]).toEqual([[AssetServer.host], 1])
  })

  it('are not reached by being led on to them', async () => {
    const targets = [
      stage.server.url('/logo', '127.0.0.1'),
      stage.server.url('/logo', 'rebind.test'),
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
    ]
    for (const [n, location] of targets.entries()) {
      const document = documentOf(put(`logo${n}`))
      stage.server.behave = (_request, response) => void response.writeHead(302, { location }).end()
      await stage.store(`led${n}`, document)
      expect(stage.stateOf(document)).toMatchObject(refused)
      stage.overlays.length = 0
    }
    expect(stage.server.requests.every(({ path }) => path.startsWith('/logo'))).toBe(true)
    expect(stage.resolved.filter(name => name !== AssetServer.host && name !== 'rebind.test')).toEqual([])
  })

  it('are reached, also by http, where an administrator allows the host', async () => {
    const plain = new AssetServer('http')
    await plain.start()
    const asset = plain.put('/logo', svgOf('plain'))
    await stage.store('plain', documentOf(asset))
    expect(stage.stateOf(documentOf(asset))?.status).toBe('ready')
    const numbered = plain.put('/number', svgOf('number'))
    const document = documentOf({ ...numbered, url: plain.url('/number', '127.0.0.1') })
    await stage.store('numbered', document)
    expect(stage.stateOf(document)).toMatchObject(refused)
    stage.settings.privateHosts.push('127.0.0.1')
    await until('it has come', () => stage.stateOf(document)?.status === 'ready')
    await plain.stop()
  })

  it('are not reached through a proxy either; what is of the internet is', async () => {
    const proxy = new ConnectProxy('ann', 'secret')
    stage.settings.proxy = { url: await proxy.start(), username: 'ann', password: 'secret' }
    stage.names.localhost = ['8.8.8.8']
    const open = put('open')
    const document = documentOf({ ...open, url: stage.server.url('/open', 'localhost') })
    await stage.store('open', document)
    expect(stage.stateOf(document)?.status).toBe('ready')
    expect(proxy.tunnels).toEqual([`localhost:${stage.server.port}`])
    stage.names.localhost = ['10.0.0.1', '::1']
    for (const host of ['localhost', '127.0.0.1']) {
      const closed = documentOf({ ...put(`by-${host}`), url: stage.server.url(`/by-${host}`, host) })
      await stage.store(host, closed)
      expect(stage.stateOf(closed)).toMatchObject(refused)
    }
    expect(proxy.tunnels).toHaveLength(1)
    // What is allowed in the own network needs no proxy.
    await stage.store('near', documentOf(put('near')))
    expect([stage.stateOf(documentOf(put('near')))?.status, proxy.tunnels.length]).toEqual(['ready', 1])
    await proxy.stop()
  })

  it('an address that leads on is followed five times and no further', async () => {
    stage.server.behave = ({ url = '' }, response, serve) => {
      const left = Number(new URL(url, 'https://x').searchParams.get('left') ?? 0)
      if (left === 0) return serve()
      response.writeHead(307, { location: `${url.split('?')[0]}?left=${left - 1}` }).end()
    }
    const near = put('near')
    const far = put('far')
    const document = documentOf({ ...near, url: `${near.url}?left=5` }, { ...far, url: `${far.url}?left=6` })
    await stage.store('led', document)
    expect(stage.assets.readiness(document)).toMatchObject([
      { status: 'ready' },
      { status: 'failed', error: { code: 'ASSET_ANSWER' } },
    ])
  })
})

describe('a file that lost a bit on the disk', () => {
  const flip = (file: string) => {
    const { atime, mtime } = statSync(file)
    const content = readFileSync(file)
    content[1_000] = (content[1_000] ?? 0) ^ 1
    writeFileSync(file, content)
    utimesSync(file, atime, mtime)
  }

  it('is noticed before it is played, and fetched again', async () => {
    const asset = put('logo')
    const document = documentOf(asset)
    await stage.store('logo', document)
    const file = join(stage.path, asset.sha256)
    const whole = readFileSync(file)
    flip(file)
    await stage.assets.fetch(document)
    expect(readFileSync(file).equals(whole)).toBe(true)
    expect(stage.told('asset.damaged')).toMatchObject([{ severity: 'warning', data: { asset: 'logo' } }])
    expect(stage.server.requests).toHaveLength(2)
  })

  it('is noticed by and by, and what is on air stays until it is replaced', async () => {
    const asset = put('logo')
    const document = documentOf(asset)
    await stage.store('logo', document, true)
    const file = join(stage.path, asset.sha256)
    flip(file)
    stage.server.behave = (_request, response) => void response.writeHead(503).end()
    for (let n = 0; n < 3; n++) await stage.assets.lookAfter()
    expect(stage.told('asset.damaged')).toHaveLength(1)
    expect(stage.assets.here(document)).toEqual({ logo: file })
    stage.server.behave = (_request, _response, serve) => serve()
    await until('it is whole', () => readFileSync(file).equals(svgOf('logo', SIZE)))
    expect(readdirSync(stage.path)).toEqual([asset.sha256])
  })

  it('is noticed when control was away', async () => {
    const document = documentOf(put('logo'))
    await stage.store('logo', document)
    flip(join(stage.path, document.assets?.[0]?.sha256 ?? ''))
    await stage.again()
    await stage.assets.lookAfter()
    expect(stage.told('asset.damaged')).toHaveLength(1)
    await until('it has come', () => stage.stateOf(document)?.status === 'ready')
  })
})

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
