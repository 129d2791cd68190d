import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Pairing, type PairingBody } from '../../runtime/control/studio/pairing.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { Authority } from '../peers/studio/authority.ts'
import { Codes } from '../peers/studio/codes.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

let studio: ReferenceStudio
beforeAll(async () => {
  studio = await ReferenceStudio.start()
})
afterAll(() => studio.stop())

const MINUTES = 60_000

function box(serial: string, more: object = {}) {
  const failed: string[] = []
  const pairing = new Pairing({
    ...{ shelf: memoryShelf<PairingBody>(), clock: systemClock, changed: () => {}, pollMs: 20 },
    device: async () => ({ serial, model: 'test', software: '0', capabilities: {} }),
    surroundings: () => ({ ca: studio.authority.pem }),
    failed: ({ code }) => void failed.push(code),
    ...more,
  })
  return { pairing, failed }
}

test('a code that is typed in: the key is made here, the certificate is for it, and a code is good once', async () => {
  const { pairing } = box('S1')
  const code = studio.issue('GOOD-0001')
  await pairing.pair(`${studio.url}/`, ` ${code} `)
  const { now } = pairing
  expect(now).toMatchObject({ tenant: studio.tenant, brokers: studio.brokers, ca: studio.authority.pem })
  expect(now?.topics).toBe(`vistter/v1/${studio.tenant}/${now?.appliance}`)
  expect(new X509Certificate(now?.certificate ?? '').subject).toBe(`CN=${now?.appliance}`)
  await expect(pairing.pair(studio.url, code)).rejects.toMatchObject({ code: 'STUDIO_PAIRED' })
  await expect(box('S2').pairing.pair(studio.url, code)).rejects.toMatchObject({
    code: 'STUDIO_CODE_EXPIRED',
    hint: expect.stringContaining('Ask for a new one'),
  })
})

test('an expired code asks for a new one, which then works; after five wrong tries it is locked', async () => {
  const { pairing } = box('S3')
  studio.codes.issue('LATE-0001', Date.now() - 10 * MINUTES)
  await expect(pairing.pair(studio.url, 'LATE-0001')).rejects.toMatchObject({ code: 'STUDIO_CODE_EXPIRED' })
  for (let n = 0; n < 4; n++)
    await expect(pairing.pair(studio.url, 'WRONG')).rejects.toMatchObject({ code: 'STUDIO_CODE_WRONG' })
  const good = studio.issue('GOOD-0002')
  await expect(pairing.pair(studio.url, good)).rejects.toMatchObject({ code: 'STUDIO_CODE_LOCKED' })
  const other = box('S4').pairing
  await other.pair(studio.url, good)
  expect(other.now).toBeDefined()
})

test('the lock of the reference Studio opens after ten minutes', () => {
  const codes = new Codes()
  codes.issue('A', 0)
  for (let n = 0; n < 5; n++) codes.redeem('B', 's', 0)
  expect([codes.redeem('A', 's', 0), codes.redeem('A', 's', 10 * MINUTES - 1)]).toEqual(['locked', 'locked'])
  codes.issue('A', 10 * MINUTES)
  expect(codes.redeem('A', 's', 10 * MINUTES)).toBe('ok')
})

test('a code that is shown is typed in at Studio', async () => {
  const { pairing, failed } = box('S5')
  const { code } = await pairing.show(studio.url)
  expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  expect(pairing.shown?.code).toBe(code)
  expect(await studio.accept('AAAA-AAAA')).toBe(false)
  expect(await studio.accept(code)).toBe(true)
  await expect.poll(() => pairing.now?.tenant).toBe(studio.tenant)
  await expect.poll(() => pairing.shown).toBeUndefined()
  expect(failed).toEqual([])
})

test('a shown code has its time, and can be withdrawn', async () => {
  const late = box('S6', { codeMs: 50 })
  await late.pairing.show(studio.url)
  await expect.poll(() => late.failed).toEqual(['STUDIO_CODE_EXPIRED'])
  const withdrawn = box('S7')
  const { code } = await withdrawn.pairing.show(studio.url)
  await withdrawn.pairing.withdraw()
  await studio.accept(code)
  expect([withdrawn.pairing.now, withdrawn.pairing.shown, withdrawn.failed]).toEqual([undefined, undefined, []])
})

test('rotation: another key and certificate, the same appliance; a revoked one gets none', async () => {
  const { pairing } = box('S8')
  await pairing.pair(studio.url, studio.issue('GOOD-0003'))
  const before = pairing.now
  await pairing.rotate()
  expect(pairing.now?.appliance).toBe(before?.appliance)
  expect(pairing.now?.key).not.toBe(before?.key)
  expect(pairing.now?.certificate).not.toBe(before?.certificate)
  studio.broker.revoked.add(pairing.now?.appliance ?? '')
  await expect(pairing.rotate()).rejects.toMatchObject({ code: 'STUDIO_CERTIFICATE' })
  await pairing.forget()
  expect(pairing.now).toBeUndefined()
  await expect(pairing.rotate()).rejects.toMatchObject({ code: 'STUDIO_NOT_PAIRED' })
})

test('each thing that can be in the way has an answer of its own', async () => {
  const { pairing } = box('S9')
  const stranger = await Authority.make('Somebody else')
  const fault = (url: string, more: object = {}) =>
    box('S9', more)
      .pairing.pair(url, 'CODE')
      .catch(({ code }) => code)
  const trusting = (proxy: object) => ({ surroundings: () => ({ ca: studio.authority.pem, proxy }) })
  const wall = { ...systemClock, now: () => Date.now() - 48 * 60 * MINUTES }
  studio.issue('GOOD-0004')
  expect({
    otherCa: await fault(studio.url, { surroundings: () => ({ ca: stranger.pem }) }),
    nobodyThere: await fault('https://127.0.0.1:9'),
    noName: await fault('https://studio.invalid'),
    noProxy: await fault(studio.url, trusting({ url: 'http://127.0.0.1:9' })),
    inClear: await fault('http://studio.example'),
    withPassword: await fault('https://me:secret@localhost'),
    otherPath: await fault(`${studio.url}/nothing`),
    wrongClock: await box('S9', { clock: wall })
      .pairing.pair(studio.url, 'GOOD-0004')
      .catch(({ code }) => code),
  }).toEqual({
    ...{ otherCa: 'STUDIO_UNTRUSTED', nobodyThere: 'STUDIO_UNREACHABLE', noName: 'STUDIO_UNKNOWN_HOST' },
    ...{ noProxy: 'STUDIO_PROXY', inClear: 'BAD_REQUEST', withPassword: 'BAD_REQUEST', otherPath: 'STUDIO_BAD_ANSWER' },
    wrongClock: 'STUDIO_CLOCK',
  })
  expect(pairing.now).toBeUndefined()
})

test('through a proxy with a password; with the wrong one it says that it is the proxy', async () => {
  const proxy = new ConnectProxy('box', 'secret')
  const url = await proxy.start()
  const through = (password: string) =>
    box('S10', { surroundings: () => ({ ca: studio.authority.pem, proxy: { url, username: 'box', password } }) })
      .pairing
  try {
    const code = studio.issue('GOOD-0005')
    await expect(through('wrong').pair(studio.url, code)).rejects.toMatchObject({ code: 'STUDIO_PROXY_LOGIN' })
    const good = through('secret')
    await good.pair(studio.url, code)
    expect(good.now?.tenant).toBe(studio.tenant)
    expect(proxy.tunnels).toEqual([new URL(studio.url).host])
  } finally {
    await proxy.stop()
  }
})
