import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

/** A GIF that does not compress into less than what is sent. */
const gifOf = (bytes: number): Buffer => Buffer.concat([Buffer.from('GIF89a'), randomBytes(bytes)])

describe('fetching', () => {
  it('keeps a file by its checksum, once, whatever it is called', async () => {
    const asset = stage.server.put('/logo', svgOf('logo'))
    const document = documentOf(asset, { ...asset, id: 'same', sha256: asset.sha256.toUpperCase() })
    await stage.store('one', document)
    await stage.store('two', document)
    expect(stage.assets.here(document)).toEqual({
      logo: join(stage.path, asset.sha256),
      same: join(stage.path, asset.sha256),
    })
    expect(readdirSync(stage.path)).toEqual([asset.sha256])
    expect(stage.server.requests).toHaveLength(1)
    expect(stage.assets.readiness(document)).toEqual([
      { id: 'logo', status: 'ready' },
      { id: 'same', status: 'ready' },
    ])
  })

  it('comes to its end at a server that fails nine times of ten, and asks only for what is missing', async () => {
    const content = gifOf(1_000_000)
    const asset = stage.server.put('/big', content, 'image/gif')
    let count = 0
    stage.server.behave = (_request, response, serve) => {
      count++
      if (count % 10 === 0) return serve()
      if (count % 3 === 0) return void response.destroy()
      if (count % 3 === 1) return void response.writeHead(503).end()
      serve(60_000)
    }
    const document = documentOf(asset)
    await stage.store('big', document)
    await until('it is here', () => stage.stateOf(document)?.status === 'ready')
    expect(readFileSync(join(stage.path, asset.sha256)).equals(content)).toBe(true)
    expect(count).toBe(10)
    const ranges = stage.server.requests.flatMap(({ range, ifRange }) => (range ? [{ range, ifRange }] : []))
    expect(ranges.length).toBeGreaterThan(3)
    expect(ranges.every(({ ifRange }) => ifRange?.startsWith('"'))).toBe(true)
    expect(stage.told('asset.missing')).toHaveLength(1)
    expect(stage.told('asset.arrived')).toHaveLength(1)
  })

  it('begins anew where the file has changed at the server meanwhile', async () => {
    const [old, now] = [gifOf(300_000), gifOf(250_000)]
    const asset = stage.server.put('/big', now, 'image/gif')
    stage.server.files.set('/big', old)
    stage.server.behave = (request, _response, serve) => {
      if (!request.headers.range) return serve(100_000)
      stage.server.files.set('/big', now)
      serve()
    }
    const document = documentOf(asset)
    await stage.store('big', document)
    await until('it is here', () => stage.stateOf(document)?.status === 'ready')
    expect(stage.server.requests.at(-1)).toMatchObject({ range: 'bytes=100000-', ifRange: expect.any(String) })
    expect(readFileSync(join(stage.path, asset.sha256)).equals(now)).toBe(true)
  })

  it('goes on where it was when control comes back', async () => {
    const content = gifOf(399_994)
    const asset = stage.server.put('/big', content, 'image/gif')
    stage.server.behave = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 200_000))
    }
    const document = documentOf(asset)
    stage.overlays.push({ id: 'big', document })
    void stage.assets.fetch(document)
    const part = join(stage.path, `${asset.sha256}.part`)
    await until('half of it is here', () => statSync(part).size === 200_000 && stage.stateOf(document)?.percent === 50)
    expect(stage.assets.coming(document)).toBe(true)
    stage.server.behave = (_request, _response, serve) => serve()
    await stage.again()
    await until('it is here', () => stage.stateOf(document)?.status === 'ready')
    expect(stage.server.requests.at(-1)?.range).toBe('bytes=200000-')
    expect(readdirSync(stage.path)).toEqual([asset.sha256])
  })

  it('refuses what is not what the document says, and does not load the same again', async () => {
    const html = stage.server.put('/page', Buffer.from('<html>Sign in</html>'), 'image/png')
    const other = { ...stage.server.put('/other', svgOf('other')), sha256: 'ab'.repeat(32) }
    await stage.store('bad', documentOf(html, other))
    const states = stage.assets.readiness(documentOf(html, other))
    expect(states).toMatchObject([
      { id: 'page', status: 'failed', error: { code: 'ASSET_TYPE' } },
      { id: 'other', status: 'failed', error: { code: 'ASSET_CHECKSUM' }, nextAt: expect.any(String) },
    ])
    await until('it was asked for again', () => stage.server.requests.some(({ ifNoneMatch }) => ifNoneMatch))
    const { sentBytes } = stage.server
    const asked = stage.server.requests.length
    await until('and again', () => stage.server.requests.length > asked + 2)
    expect(stage.server.sentBytes).toBe(sentBytes)
    expect(readdirSync(stage.path)).toEqual([])
    expect(stage.told('asset.missing')).toHaveLength(2)
    // Whoever corrects the file is served at the next try.
    const right = stage.server.put('/page', svgOf('right'))
    stage.overlays[0] = { id: 'bad', document: documentOf(right) }
    await stage.assets.fetch(documentOf(right))
    expect(stage.stateOf(documentOf(right))?.status).toBe('ready')
  })

  it('ends a file that is too large', async () => {
    const asset = stage.server.put('/huge', svgOf('huge'))
    const document = documentOf(asset)
    stage.server.behave = (_request, response) => {
      response.writeHead(200, { 'content-length': 60 * 1_048_576 })
      response.write('<svg')
    }
    await stage.store('huge', document)
    expect(stage.stateOf(document)).toMatchObject({ status: 'failed', error: { code: 'ASSET_TOO_LARGE' } })
    expect(readdirSync(stage.path)).toEqual([])
  })

  it('stops asking for what nobody needs any more, and leaves nothing of it', async () => {
    const document = documentOf(stage.server.put('/gone', svgOf('gone')))
    stage.server.behave = (_request, response) => void response.writeHead(404).end()
    await stage.store('gone', document)
    expect(stage.stateOf(document)).toMatchObject({ status: 'failed', error: { code: 'ASSET_ANSWER' } })
    stage.overlays.length = 0
    await until('it is given up', () => stage.stateOf(document)?.status === 'missing')
    const { length } = stage.server.requests
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(stage.server.requests).toHaveLength(length)
  })

  it('tells no secret of an address, and says when a certificate is not trusted', async () => {
    const asset = stage.server.put('/logo', svgOf('logo'))
    stage.server.ca = ''
    const url = asset.url.replace('https://', 'https://me:pw123@')
    const document = documentOf({ ...asset, url: `${url}?signature=sig456` })
    await stage.store('signed', document)
    expect(stage.stateOf(document)).toMatchObject({ status: 'failed', error: { code: 'ASSET_TLS' } })
    expect(JSON.stringify([stage.events, stage.stateOf(document)])).not.toMatch(/pw123|sig456/)
  })

  it('of what failed goes on when control comes back, also for overlays that do not play', async () => {
    const asset = stage.server.put('/logo', svgOf('logo'))
    stage.server.behave = (_request, response) => void response.writeHead(503).end()
    await stage.store('idle', documentOf(asset))
    stage.server.behave = (_request, _response, serve) => serve()
    stage.assets.stop()
    await stage.again()
    await until('it is here', () => stage.stateOf(documentOf(asset))?.status === 'ready')
  })

  it('leaves an address that hangs as soon as there is another one', async () => {
    const asset = stage.server.put('/logo', svgOf('logo'))
    stage.server.behave = ({ url }, _response, serve) => url === '/logo' && serve()
    const hanging = documentOf({ ...asset, url: stage.server.url('/hangs') })
    stage.overlays.push({ id: 'hangs', document: hanging })
    void stage.assets.fetch(hanging)
    await until('it hangs', () => stage.server.requests.length === 1)
    await stage.assets.fetch(documentOf(asset))
    expect(stage.stateOf(documentOf(asset))?.status).toBe('ready')
    expect(stage.events).toEqual([])
  })

  it('tries at once when it is asked for by another address', async () => {
    const asset = stage.server.put('/logo', svgOf('logo'))
    await stage.store('first', documentOf({ ...asset, url: stage.server.url('/nothing') }))
    expect(stage.stateOf(documentOf(asset))?.status).toBe('failed')
    await stage.store('corrected', documentOf(asset))
    expect(stage.stateOf(documentOf(asset))?.status).toBe('ready')
  })
})
