import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { ANSWER_MS } from '../../runtime/control/cameras/onvif/caller.ts'
import { OnvifDriver } from '../../runtime/control/cameras/onvif/driver.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { envelope, faultWith, nodes, SoapDevice, type SoapDeviceOptions, space } from '../peers/soap-device.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function device(options?: SoapDeviceOptions): Promise<SoapDevice> {
  const started = await new SoapDevice(options).start()
  ends.push(() => started.stop())
  return started
}

async function connected(options?: SoapDeviceOptions) {
  const camera = await device(options)
  const driver = new OnvifDriver(camera.target, systemClock)
  await driver.connect()
  return { camera, driver }
}

const failing = (code: string) => expect.objectContaining({ code })

describe('an ONVIF camera', () => {
  it('says who it is, which pictures it has and what it can', async () => {
    const { driver } = await connected()
    expect(driver.device.name).toBe('Quay Harbour 20x')
    const picture = { codec: 'H264', fps: 25, ptz: { node: 'n' } }
    expect(driver.device.profiles).toEqual([
      { token: '01', name: 'main', width: 1920, height: 1080, ...picture },
      { token: '1.0', name: 'sub', width: 640, height: 360, ...picture },
    ])
    expect(await driver.device.streamAddress('01')).toBe('rtsp://127.0.0.1:8554/main?a=1&b=2')
    expect(driver.capabilities).toEqual({
      ...{ absolute: true, relative: false, continuous: true, presets: 8, moveStatus: true, home: true },
    })
    expect(await driver.position()).toEqual({ pan: 0.25, tilt: -0.5, zoom: 0.125 })
    expect(await driver.moving()).toBe(true)
  })

  it('lets in the name and password that it has, whatever is in them, and no other', async () => {
    const camera = await device()
    const word = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter(text => text.isWellFormed())
    const printable = word.filter(text => !/[\p{Cc}\ufffe\uffff]/u.test(text))
    await fc.assert(
      fc.asyncProperty(printable, word, async (username, password) => {
        camera.options = { username, password }
        await new OnvifDriver(camera.target, systemClock).connect()
        const wrong = new OnvifDriver({ ...camera.target, password: `${password}x` }, systemClock)
        await expect(wrong.connect()).rejects.toThrow(failing('PTZ_AUTH'))
      }),
      { numRuns: 25 },
    )
  })

  it('may live an hour ahead or in 1970, and fall back there later', async () => {
    const { camera, driver } = await connected({ username: 'u', password: 'p', skew: 3_600_000 })
    camera.options.skew = -Date.now()
    expect(await driver.presets()).toHaveLength(3)
  })

  it('keeps its presets by token, letter by letter, with names that XML would trip over', async () => {
    const { camera, driver } = await connected()
    expect(await driver.presets()).toEqual([
      { token: '1', name: 'Quay' },
      { token: '01', name: 'Quay' },
      { token: '12345678901234567890', name: 'true' },
    ])
    expect(await driver.savePreset('<Tom & "Jerry">')).toBe('007')
    expect(camera.asked.at(-1)?.body).toContain('<PresetName>&lt;Tom &amp; &quot;Jerry&quot;&gt;</PresetName>')
    await driver.recall('01')
    expect(camera.asked.at(-1)?.body).toContain('<PresetToken>01</PresetToken>')
    camera.replies.set('GotoPreset', faultWith('ter:NoToken'))
    await expect(driver.recall('9')).rejects.toThrow(failing('PTZ_PRESET_MISSING'))
    camera.replies.set('SetPreset', faultWith('ter:TooManyPresets'))
    await expect(driver.savePreset('one more')).rejects.toThrow(failing('PTZ_PRESETS_FULL'))
    camera.replies.set('GetPresets', '<tptz:GetPresetsResponse/>')
    expect(await driver.presets()).toEqual([])
    camera.replies.set('GetPresets', '<tptz:Other/>')
    await expect(driver.presets(), 'another answer is not an empty list').rejects.toThrow(failing('PTZ_BAD_ANSWER'))
  })

  it('moves with a bound of its own, stops, and goes where it is sent', async () => {
    const { camera, driver } = await connected()
    await driver.move({ pan: 0.5, tilt: -7, zoom: 0 })
    const { body = '' } = camera.asked.at(-1) ?? {}
    for (const part of ['x="0.5" y="-1"', '<Zoom x="0"', '<Timeout>PT1S</Timeout>', '<ProfileToken>01<'])
      expect(body).toContain(part)
    await driver.move({ pan: 0, tilt: 0, zoom: 0 })
    expect(camera.asked.at(-1)?.name).toBe('Stop')
    await driver.goTo({ pan: 1 / 3, tilt: 0, zoom: 1e-9 })
    expect(camera.asked.at(-1)?.body).toMatch(/<PanTilt x="0.33333" y="0" [^>]*\/><Zoom x="0" /)
  })

  it('may count in degrees', async () => {
    const camera = await device()
    const [pan, zoom] = ['PanTiltSpaces/SphericalPositionSpaceDegrees', 'ZoomSpaces/PositionGenericSpace']
    camera.replies.set(
      'GetNodes',
      nodes(
        space('AbsolutePanTiltPositionSpace', pan, [-180, 180], [-90, 90]) +
          space('AbsoluteZoomPositionSpace', zoom, [0, 1]),
      ),
    )
    const position = '<tt:Position><tt:PanTilt x="90" y="-45"/><tt:Zoom x="1"/></tt:Position>'
    const status = `<tptz:GetStatusResponse><tptz:PTZStatus>${position}</tptz:PTZStatus></tptz:GetStatusResponse>`
    camera.replies.set('GetStatus', status)
    const driver = new OnvifDriver(camera.target, systemClock)
    await driver.connect()
    expect(await driver.position()).toEqual({ pan: 0.5, tilt: -0.5, zoom: 1 })
    expect(await driver.moving(), 'it does not say').toBeUndefined()
    await driver.goTo({ pan: -0.5, tilt: 1, zoom: 0 })
    expect(camera.asked.at(-1)?.body).toContain('<PanTilt x="-90" y="90"')
    await expect(driver.move({ pan: 1, tilt: 0, zoom: 0 })).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
  })

  it('of the first kind names its services by another question', async () => {
    const camera = await device()
    camera.replies.delete('GetServices')
    const at = (name: string) => `<tt:${name}><tt:XAddr>http://HOST/old/${name}</tt:XAddr></tt:${name}>`
    const capabilities = `<tds:Capabilities>${at('Media')}${at('PTZ')}</tds:Capabilities>`
    camera.replies.set('GetCapabilities', `<tds:GetCapabilitiesResponse>${capabilities}</tds:GetCapabilitiesResponse>`)
    const driver = new OnvifDriver(camera.target, systemClock)
    await driver.connect()
    expect(await driver.presets()).toHaveLength(3)
  })

  it('without a status can be moved all the same', async () => {
    const camera = await device()
    camera.replies.delete('GetStatus')
    const driver = new OnvifDriver(camera.target, systemClock)
    await driver.connect()
    expect(driver.capabilities).toMatchObject({ absolute: true, moveStatus: false })
    expect(await driver.moving()).toBeUndefined()
    await expect(driver.position()).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
  })

  it('that has no PTZ, not this profile, or HTTP login only is told apart', async () => {
    const camera = await device()
    const other = new OnvifDriver({ ...camera.target, profile: 'huge' }, systemClock)
    await expect(other.connect()).rejects.toThrow('The camera has no media profile huge; it has: main, sub.')
    camera.replies.set('GetNodes', '<tptz:GetNodesResponse/>')
    await expect(new OnvifDriver(camera.target, systemClock).connect()).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
    const inform = camera.replies.get('GetDeviceInformation')
    camera.replies.set('GetDeviceInformation', ({ headers }, response) => {
      if (/^Digest username="u",realm="r",.*qop=auth/.test(headers.authorization ?? ''))
        response.end(envelope(`${inform}`))
      else response.writeHead(401, { 'www-authenticate': 'Digest realm="r", qop="auth", nonce="n"' }).end()
    })
    const login = new OnvifDriver({ ...camera.target, username: 'u', password: 'p' }, systemClock)
    await expect(login.connect()).rejects.toThrow(failing('PTZ_UNSUPPORTED'))
    expect(login.device.name).toBe('Quay Harbour 20x')
  })
})

describe('a device that speaks nonsense', () => {
  const truncated = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('<?xml version="1.0"?><s:Env')
    setTimeout(() => response.destroy(), 20)
  }
  const replies: [string, string, (response: ServerResponse) => unknown][] = [
    ['nothing', 'PTZ_BAD_ANSWER', response => response.end()],
    ['a web page', 'PTZ_NOT_ONVIF', response => response.end('<!DOCTYPE html><html><body>Hello</body></html>')],
    ['404', 'PTZ_NOT_ONVIF', response => response.writeHead(404).end('no')],
    ['a redirect', 'PTZ_NOT_ONVIF', response => response.writeHead(302, { location: 'https://x/' }).end()],
    ['half an answer', 'PTZ_BAD_ANSWER', truncated],
    ['half an envelope', 'PTZ_BAD_ANSWER', response => response.end(envelope('<a><b>').slice(0, 300))],
    ['a reset', 'PTZ_BAD_ANSWER', response => response.socket?.resetAndDestroy()],
    ['without end', 'PTZ_BAD_ANSWER', response => response.end('x'.repeat(600_000))],
    ['an empty body', 'PTZ_BAD_ANSWER', response => response.end(envelope(''))],
    ['declarations only', 'PTZ_BAD_ANSWER', response => response.end('xmlns'.repeat(100_000))],
    ['an odd challenge', 'PTZ_AUTH', response => response.writeHead(401, { 'www-authenticate': 'Digest ,=,' }).end()],
    ['500', 'PTZ_BAD_ANSWER', response => response.writeHead(500).end('oops')],
  ]
  it.each(replies)('such as %s', async (_, code, reply) => {
    const { camera, driver } = await connected({ username: 'u', password: 'p' })
    for (const name of [...camera.replies.keys(), 'GetCapabilities'])
      camera.replies.set(name, (_request, response) => reply(response))
    await expect(driver.presets()).rejects.toThrow(failing(code))
    await expect(new OnvifDriver(camera.target, systemClock).connect()).rejects.toThrow(failing(code))
  })

  it('or hangs, or drips, costs no more than the bound', async () => {
    const { camera, driver } = await connected()
    camera.replies.set('GetStreamUri', (_request, response, body) => {
      if (body.includes('>01<')) return
      const drip = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(drip))
    })
    const begun = performance.now()
    for (const token of ['01', '1.0'])
      await expect(driver.device.streamAddress(token, 400)).rejects.toThrow(failing('PTZ_TIMEOUT'))
    expect(performance.now() - begun).toBeLessThan(1_600)
    expect(ANSWER_MS, 'of every other question').toBeLessThanOrEqual(5_000)
    const given = new AbortController()
    camera.replies.set('GetServices', () => given.abort())
    await expect(driver.connect(given.signal)).rejects.toThrow(failing('PTZ_TIMEOUT'))
  })

  it('or another protocol, or nobody, is told apart', async () => {
    const rtsp = createServer(socket => socket.once('data', () => socket.end('RTSP/1.0 400 Bad Request\r\n\r\n')))
    await new Promise<void>(resolve => rtsp.listen(0, '127.0.0.1', resolve))
    const address = rtsp.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const driver = new OnvifDriver({ host: '127.0.0.1', port }, systemClock)
    await expect(driver.connect()).rejects.toThrow(failing('PTZ_NOT_ONVIF'))
    await new Promise(resolve => rtsp.close(resolve))
    await expect(driver.connect()).rejects.toThrow(failing('PTZ_UNREACHABLE'))
    const strange = new OnvifDriver({ host: 'a\nb', port: 80 }, systemClock)
    await expect(strange.connect()).rejects.toThrow(failing('PTZ_UNREACHABLE'))
  })

  it('never gets more out of us than a VistterError', async () => {
    const { camera, driver } = await connected()
    const originals = new Map(camera.replies)
    const inner = fc.oneof(
      fc.constantFrom('', '<x/>', '<tt:Name>1</tt:Name>', '&bogus;', '<__proto__ a="1"/>'),
      fc.string(),
    )
    const responseOf = (name: string) =>
      inner.map(inside => envelope(`<t:${name}Response>${inside}</t:${name}Response>`))
    const mangled = (text: string) =>
      fc.tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 10 })).map(([at, cut, put]) => {
        return envelope(text.slice(0, at) + put + text.slice(at + cut))
      })
    const operations: [string, () => Promise<unknown>][] = [
      ...['GetSystemDateAndTime', 'GetServices', 'GetDeviceInformation', 'GetProfiles', 'GetNodes'].map(
        (name): [string, () => Promise<unknown>] => [name, () => driver.connect()],
      ),
      ['GetStatus', () => driver.position()],
      ['GetPresets', () => driver.presets()],
      ['SetPreset', () => driver.savePreset('a')],
      ['GetStreamUri', () => driver.device.streamAddress('01')],
      ['ContinuousMove', () => driver.move({ pan: 1, tilt: 0, zoom: 0 })],
    ]
    const nonsense = fc.constantFrom(...operations).chain(([name, run]) => {
      const original = originals.get(name)
      const text = typeof original === 'string' ? original : ''
      return fc.oneof(responseOf(name), mangled(text), fc.string()).map(answer => ({ name, run, answer }))
    })
    const escaped: unknown[] = []
    const caught = (error: unknown) => escaped.push(error)
    process.on('uncaughtException', caught)
    ends.push(() => process.off('uncaughtException', caught))
    await fc.assert(
      fc.asyncProperty(nonsense, async ({ name, run, answer }) => {
        camera.replies.set(name, (_request, response) => response.end(answer))
        await run().catch(error => expect(error, String(error?.stack)).toBeInstanceOf(VistterError))
        for (const [key, reply] of originals) camera.replies.set(key, reply)
        if (!originals.has(name)) camera.replies.delete(name)
      }),
      { numRuns: 200 },
    )
    expect(escaped).toEqual([])
  }, 20_000)
})
