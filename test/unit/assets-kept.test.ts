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
