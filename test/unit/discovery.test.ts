import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { createServer } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Discovery } from '../../runtime/control/cameras/discovery/discovery.ts'
import { merged } from '../../runtime/control/cameras/discovery/merge.ts'
import { addressesOf } from '../../runtime/control/cameras/discovery/range.ts'
import { probeMessage, sightingsIn } from '../../runtime/control/cameras/discovery/ws-discovery.ts'
import { guessPort } from '../../runtime/control/cameras/onvif/greeting.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { SoapDevice, type SoapDeviceOptions } from '../peers/soap-device.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const GROUP = '239.255.255.250'

const matches = (reference: string, xaddrs: string, scopes = 'onvif://www.onvif.org/name/Quay%20Cam'): string =>
  '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Body><d:ProbeMatches><d:ProbeMatch>' +
  `<w:EndpointReference><w:Address>${reference}</w:Address></w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>` +
  `<d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`

async function device(options: SoapDeviceOptions): Promise<SoapDevice> {
  const started = await new SoapDevice(options).start()
  ends.push(() => started.stop())
  return started
}

/** Answers each question with these datagrams, from `host`; it listens there, or where `listenAt` says. */
async function responder(host: string, port: number, answers: (string | Buffer)[], listenAt = host): Promise<number> {
  const bound = (at: string, on: number) =>
    new Promise<Socket>(resolve => {
      const socket = createSocket({ type: 'udp4', reuseAddr: true })
      ends.push(() => socket.close())
      socket.bind(on, at, () => resolve(socket))
    })
  const ear = await bound(listenAt, port)
  const mouth = listenAt === host ? ear : await bound(host, 0)
  if (listenAt === GROUP) ear.addMembership(GROUP, '127.0.0.1')
  ear.on('message', (_, from: RemoteInfo) => {
    for (const answer of answers) mouth.send(answer, from.port, from.address)
  })
  return ear.address().port
}

describe('looking for cameras', () => {
  it('finds each once, by multicast, by address and by its service alone, among all kinds of noise', async () => {
    const first = await device({ host: '127.0.0.11' })
    const port = first.port
    const xaddr = (host: string) => `http://${host}:${port}/onvif/device_service`
    const udp = await responder('127.0.0.11', 0, [matches('urn:uuid:a', xaddr('127.0.0.11'))])
    // By multicast only, twice, and with an address of a network that we are not in before its own.
    const twoNetworks = matches('urn:uuid:b', `${xaddr('192.168.77.9')} ${xaddr('127.0.0.12')}`)
    await responder('127.0.0.12', udp, [twoNetworks, twoNetworks], GROUP)
    await device({ host: '127.0.0.13', port })
    await device({ host: '127.0.0.14', port, username: 'u', password: 'p' })
    const named = await device({ host: '127.0.0.15', port })
    const scope = '<tds:Scopes><tt:ScopeItem>onvif://www.onvif.org/name/Mole_East</tt:ScopeItem></tds:Scopes>'
    named.replies.set('GetScopes', `<tds:GetScopesResponse>${scope}</tds:GetScopesResponse>`)
    await responder('127.0.0.15', udp, [matches('urn:uuid:e', xaddr('127.0.0.15'), '')])

    const printer = matches('urn:uuid:p', 'http://127.0.0.16/print', 'ldap:///x').replace(
      'NetworkVideoTransmitter',
      'Printer',
    )
    const half = matches('urn:uuid:h', xaddr('127.0.0.16')).slice(0, 400)
    const noise = [
      '',
      'hello',
      '<a/>',
      half,
      printer,
      Buffer.alloc(20_000, '<'),
      matches('x', 'ftp://x http://[ nonsense'),
    ]
    await responder('127.0.0.16', udp, noise)
    const silent = createServer()
    await new Promise<void>(resolve => silent.listen(port, '127.0.0.17', resolve))
    ends.push(() => silent.close())
    const page = await device({ host: '127.0.0.18', port })
    page.replies.set('GetSystemDateAndTime', (_request, response) => response.end('<html>Hello</html>'))

    const begun = performance.now()
    const discovery = new Discovery({
      ...{
        clock: systemClock,
        interfaces: () => ['127.0.0.1', '203.0.113.7'],
        port: udp,
        ports: [port, 9],
        answerMs: 1_000,
      },
    })
    const looking = discovery.discover('127.0.0.11-127.0.0.20')
    await expect(discovery.discover('127.0.0.1')).rejects.toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    const again = discovery.discover('127.0.0.11-127.0.0.20')
    const at = (host: string, name: string) => ({ name, host, port, xaddr: xaddr(host) })
    const expected = [
      at('127.0.0.11', 'Quay Cam'),
      at('127.0.0.12', 'Quay Cam'),
      at('127.0.0.13', 'Camera at 127.0.0.13'),
      at('127.0.0.14', 'Camera at 127.0.0.14'),
      at('127.0.0.15', 'Mole East'),
    ]
    expect(await looking).toEqual(expected)
    expect(await again).toEqual(expected)
    expect(performance.now() - begun).toBeLessThan(6_000)
  }, 15_000)

  it('takes two ways to one camera for one, also when the link between them comes last', () => {
    const where = (host: string) => ({ host, port: 80, xaddr: `http://${host}/onvif/device_service` })
    const found = merged([
      { name: '', at: [where('10.0.0.10')] },
      { name: '', at: [where('10.0.0.9')] },
      { name: 'Pier', at: [where('10.1.0.9')] },
      { name: '', reference: 'r', at: [where('10.1.0.9'), where('10.0.0.9')] },
    ])
    expect(found).toEqual([
      { name: 'Pier', ...where('10.0.0.9') },
      { name: 'Camera at 10.0.0.10', ...where('10.0.0.10') },
    ])
  })

  it('reads any datagram without harm', () => {
    const whole = matches('urn:uuid:a', 'http://10.0.0.9/onvif/device_service')
    expect(sightingsIn(whole, '10.0.0.9')).toHaveLength(1)
    const cut = fc.tuple(fc.nat(whole.length), fc.nat(60), fc.string()).map(([from, count, put]) => {
      return whole.slice(0, from) + put + whole.slice(from + count)
    })
    fc.assert(
      fc.property(fc.oneof(fc.string(), cut), text => {
        for (const { at } of sightingsIn(text, '10.0.0.9'))
          for (const { host, port, xaddr } of at)
            expect([host !== '', port > 0, URL.canParse(xaddr)]).not.toContain(false)
      }),
      { numRuns: 500 },
    )
    expect(sightingsIn(probeMessage('1', true), '10.0.0.9'), 'a question is no answer').toEqual([])
  })

  it('guesses a port, the likeliest first', async () => {
    const [second, first] = [await device({}), await device({ username: 'u', password: 'p' })]
    expect(await guessPort('127.0.0.1', [9, first.port, second.port])).toBe(first.port)
    expect(await guessPort('127.0.0.1', [9])).toBeUndefined()
    const login = (challenge: string) =>
      first.replies.set('GetSystemDateAndTime', (_request, response) =>
        response.writeHead(401, { 'www-authenticate': challenge }).end(),
      )
    login('Digest realm="cam", nonce="n", qop="auth"')
    expect(await guessPort('127.0.0.1', [first.port])).toBe(first.port)
    login('Basic realm="router"')
    expect(await guessPort('127.0.0.1', [first.port])).toBeUndefined()
  })
})

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.7', 1, '10.0.0.7', '10.0.0.7'],
    ['10.0.0.9/24', 254, '10.0.0.1', '10.0.0.254'],
    ['192.168.4.0/22', 1_022, '192.168.4.1', '192.168.7.254'],
    ['255.255.255.254/31', 2, '255.255.255.254', '255.255.255.255'],
    ['10.0.0.250 - 10.0.1.5', 12, '10.0.0.250', '10.0.1.5'],
    ['10.0.0.10-12', 3, '10.0.0.10', '10.0.0.12'],
  ])('%s', (range, count, first, last) => {
    const addresses = addressesOf(range)
    expect([addresses.length, addresses[0], addresses.at(-1)]).toEqual([count, first, last])
  })

  it.each([
    '10.0.0.0/8',
    '10.0.0.9-10.0.0.1',
    'x',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.1-300',
    '10.0.0.1-2-3',
    'fe80::/64',
  ])('refuses %s', range => expect(() => addressesOf(range)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' })))
})
