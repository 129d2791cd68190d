import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { evict, type Weighed } from '../../runtime/control/assets/evict.ts'
import { hostOf, isPublic } from '../../runtime/control/assets/fetch/address.ts'
import { RETRY } from '../../runtime/control/assets/fetch/fetching.ts'
import { checkUrl, guardedLookup, shownUrl } from '../../runtime/control/assets/fetch/way.ts'
import { isOfType } from '../../runtime/control/assets/media-type.ts'
import { expiryOf, hindrance, rightsOf } from '../../runtime/control/assets/rights.ts'
import { Backoff } from '../../runtime/lib/backoff.ts'

describe('an address', () => {
  const closed = [
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.9.9.9',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...['192.168.1.1', '192.0.0.8', '198.18.0.1', '203.0.113.7', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '0:0:0:0:0:ffff:a00:1'],
    ...[
      '64:ff9b::7f00:1',
      '64:ff9b::192.168.0.1',
      '64:ff9b:1::1',
      'fc00::1',
      'fd00:ec2::254',
      'fe80::1',
      'fe80::1%eth0',
    ],
    ...['fec0::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:7f00:1::', '3fff::1', '100::1', 'nonsense', ''],
  ]
  it.each(closed)('%s is not of the internet', address => expect(isPublic(address)).toBe(false))

  const open = [
    ...['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '223.255.255.255'],
    ...['2606:4700::1111', '2a00:1450:4001::', '::ffff:8.8.8.8', '64:ff9b::808:808'],
  ]
  it.each(open)('%s is', address => expect(isPublic(address)).toBe(true))

  it('inside an IPv6 address counts as it does alone', () => {
    fc.assert(fc.property(fc.ipV4(), address => isPublic(`::ffff:${address}`) === isPublic(address)))
  })

  const rules = { privateHosts: ['NAS.local', '192.168.7.7', 'fd00::7'] }
  it.each([
    ...[
      'https://127.0.0.1/a',
      'https://2130706433/a',
      'https://0x7f.1/a',
      'https://[::1]/a',
      'https://[::ffff:7f00:1]/a',
    ],
    ...['https://192.168.7.8/a', 'http://example.com/a', 'http://8.8.8.8/a', 'ftp://nas.local/a', 'file:///etc/passwd'],
  ])('%s is not asked', url =>
    expect(() => checkUrl(new URL(url), rules)).toThrow(expect.objectContaining({ code: 'ASSET_ADDRESS' })),
  )
  it.each([
    ...['https://example.com/a', 'https://8.8.8.8/a', 'http://nas.local:8080/a', 'https://nas.LOCAL/a'],
    ...['http://192.168.7.7/a', 'http://[fd00:0::7]/a'],
  ])('%s is', url => expect(() => checkUrl(new URL(url), rules)).not.toThrow())

  it('is shown without what may be a secret', () => {
    expect(shownUrl('https://me:pw@example.com:8443/a.png?signature=secret#x')).toBe('https://example.com:8443/a.png')
    expect(shownUrl('data:image/png;base64,AAAA')).toBe('its data: address')
    expect(hostOf('[::1]')).toBe('::1')
  })
})

describe('a name', () => {
  const at = (...addresses: string[]) => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  const lookup = (name: string, resolve: () => Promise<{ address: string; family: number }[]>) =>
    new Promise((done, failed) => {
      const guarded = guardedLookup({ privateHosts: ['nas.local'], resolve })
      guarded(name, { all: true }, (error, found) => (error ? failed(error) : done(found)))
    })

  it('that changes its mind between two connections is refused at the second', async () => {
    const answers = [at('8.8.8.8'), at('127.0.0.1')]
    const resolve = async () => answers.shift() ?? []
    expect(await lookup('rebind.example', resolve)).toEqual(at('8.8.8.8'))
    await expect(lookup('rebind.example', resolve)).rejects.toMatchObject({ code: 'ASSET_ADDRESS' })
  })

  it('leads only to those of its addresses that are of the internet, unless it is allowed', async () => {
    const both = async () => at('::1', '10.0.0.1', '8.8.8.8', '::ffff:169.254.169.254')
    expect(await lookup('both.example', both)).toEqual(at('8.8.8.8'))
    expect(await lookup('nas.local', async () => at('10.0.0.1'))).toEqual(at('10.0.0.1'))
    await expect(lookup('gone.example', async () => [])).rejects.toMatchObject({ code: 'ASSET_UNREACHABLE' })
  })
})

describe('rights', () => {
  const rome = { at: Date.parse('2027-01-30T12:00:00Z'), timezone: 'Europe/Rome' }
  const rights = (more: object) => ({ id: 'logo', rights: { tags: [], ...more } })

  it('end with the moment, or with the beginning of the day at the site', () => {
    expect(expiryOf('2027-01-31', 'Europe/Rome')).toBe(Date.parse('2027-01-30T23:00:00Z'))
    expect(expiryOf('2027-07-01', 'America/New_York')).toBe(Date.parse('2027-07-01T04:00:00Z'))
    expect(expiryOf('2026-03-29', 'Europe/Rome')).toBe(Date.parse('2026-03-28T23:00:00Z'))
    expect(expiryOf('2027-01-31T10:00:00+02:00', 'UTC')).toBe(Date.parse('2027-01-31T08:00:00Z'))
    expect(expiryOf(undefined, 'UTC')).toBe(Number.POSITIVE_INFINITY)
    const end = expiryOf('2027-01-31', 'Europe/Rome')
    const logo = rights({ expires: '2027-01-31' })
    expect(hindrance(logo, { ...rome, at: end - 1 })).toBeUndefined()
    expect(hindrance(logo, { ...rome, at: end })).toMatchObject({ code: 'ASSET_EXPIRED' })
  })

  it('that cannot be read have ended', () => {
    expect(hindrance(rights({ expires: '2027-13-45' }), rome)?.code).toBe('ASSET_EXPIRED')
    expect(hindrance({ id: 'free' }, rome)).toBeUndefined()
  })

  it('are told: their tags, and until when they last', () => {
    expect(rightsOf(rights({ tags: ['own'], expires: '2027-01-31' }), 'Europe/Rome')).toEqual({
      ...{ tags: ['own'], until: '2027-01-30T23:00:00.000Z' },
    })
    expect(rightsOf(rights({ expires: '2027-13-45' }), 'Europe/Rome')).toEqual({})
  })

  it('of territories count where the site says where it is', () => {
    const asset = rights({ tags: ['own', 'territory:IT', 'Territory:sm'] })
    expect(hindrance(asset, rome)).toBeUndefined()
    expect(hindrance(asset, { ...rome, territory: 'it' })).toBeUndefined()
    expect(hindrance(asset, { ...rome, territory: 'SM' })).toBeUndefined()
    expect(hindrance(asset, { ...rome, territory: 'DE' })).toMatchObject({
      code: 'ASSET_TERRITORY',
      detail: 'Asset logo may be shown in IT, SM, not in DE.',
    })
    expect(hindrance(rights({ tags: ['own'] }), { ...rome, territory: 'DE' })).toBeUndefined()
  })
})

describe('eviction', () => {
  const file = (sha256: string, bytes: number, usedAt: number, more: Partial<Weighed> = {}): Weighed => ({
    ...{ sha256, bytes, usedAt, pinned: false, named: true },
    ...more,
  })

  it('takes what nobody names first, then what was not used for longest, and no more than is needed', () => {
    const files = [file('old', 10, 1), file('new', 10, 3), file('loose', 10, 9, { named: false })]
    expect(evict(files, 0, 30)).toEqual([])
    expect(evict(files, 10, 30)).toEqual(['loose'])
    expect(evict(files, 11, 30)).toEqual(['loose', 'old'])
  })

  it('never takes what is pinned, and takes nothing where that would not do', () => {
    const files = [file('air', 20, 1, { pinned: true }), file('idle', 5, 2)]
    expect(evict(files, 10, 30)).toEqual(['idle'])
    expect(evict(files, 11, 30)).toBeUndefined()
  })

  it('always makes room, or says that it cannot', () => {
    const entry = fc.record({
      ...{ sha256: fc.uuid(), bytes: fc.nat(100), usedAt: fc.nat(100), pinned: fc.boolean(), named: fc.boolean() },
    })
    fc.assert(
      fc.property(fc.array(entry), fc.nat(200), fc.nat(500), (files, more, quota) => {
        const gone = evict(files, more, quota)
        const left = files.filter(({ sha256 }) => !gone?.includes(sha256))
        const sum = (some: Weighed[]) => some.reduce((total, { bytes }) => total + bytes, 0)
        const least = sum(files.filter(({ pinned }) => pinned)) + more
        expect(gone === undefined).toBe(least > quota)
        if (gone) expect(sum(left) + more).toBeLessThanOrEqual(quota)
      }),
    )
  })
})

test('tries wait a second, twice as long each time, and a minute at most', () => {
  const backoff = new Backoff(RETRY, () => 0.5)
  const waits = Array.from({ length: 9 }, () => backoff.next(0) / 1_000)
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  expect(RETRY.jitter).toBeGreaterThan(0)
})

test('what a file is shows in its first bytes, not in its name', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const apng = Buffer.concat([png, Buffer.from('....acTL....IDAT')])
  expect(isOfType(apng, 'image/apng')).toBe(true)
  expect(isOfType(Buffer.concat([png, Buffer.from('....IDAT....acTL')]), 'image/apng')).toBe(false)
  expect(isOfType(png, 'image/png; q=1')).toBe(true)
  expect(isOfType(Buffer.from('\0\0\0\x1cftypavif\0\0\0\0mif1miaf', 'latin1'), 'image/avif')).toBe(true)
  expect(isOfType(Buffer.from('\0\0\0\x1cftypisom\0\0\0\0iso2avc1', 'latin1'), 'image/avif')).toBe(false)
  expect(isOfType(Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'), 'video/webm')).toBe(
    true,
  )
  expect(isOfType(Buffer.from('1a45dfa3934282886d6174726f736b61', 'hex'), 'video/webm')).toBe(false)
  expect(isOfType(Buffer.from('<html>'), 'image/svg+xml')).toBe(false)
  for (const type of ['image/png', 'image/avif', 'image/webp', 'video/webm', 'text/html'])
    expect(isOfType(Buffer.alloc(0), type)).toBe(false)
})
