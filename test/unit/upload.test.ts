import { describe, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { Hindrances } from '../../runtime/control/recordings/upload/hindrances.ts'
import { Pace } from '../../runtime/control/recordings/upload/pace.ts'
import { rightTo } from '../../runtime/control/recordings/upload/target.ts'
import { refusal } from '../../runtime/control/recordings/upload/trouble.ts'
import { isOpen, nextOpening } from '../../runtime/control/recordings/upload/window.ts'
import { completeUpload } from '../../runtime/control/settings/upload.ts'

const at = (time: string) => Date.parse(time)

describe('the window of uploads', () => {
  const night = { from: '22:00', to: '06:00' }

  test.each([
    ['2026-03-01T20:59:59.999Z', false],
    ['2026-03-01T21:00:00.000Z', true],
    ['2026-03-02T04:59:59.999Z', true],
    ['2026-03-02T05:00:00.000Z', false],
  ])('goes over midnight of the site: %s', (time, open) => {
    expect(isOpen(night, 'Europe/Rome', at(time))).toBe(open)
  })

  test('of a day, of all day, and in another zone', () => {
    const day = { from: '09:00', to: '17:30' }
    expect(isOpen(day, 'UTC', at('2026-03-01T17:29:59Z'))).toBe(true)
    expect(isOpen(day, 'UTC', at('2026-03-01T17:30:00Z'))).toBe(false)
    expect(isOpen(day, 'Asia/Kolkata', at('2026-03-01T03:30:00Z'))).toBe(true)
    expect(isOpen({ from: '00:00', to: '00:00' }, 'UTC', at('2026-03-01T12:00:00Z'))).toBe(true)
  })

  test('opens next at its begin by the clock on the wall, also over a change of the clocks', () => {
    expect(nextOpening(night, 'Europe/Rome', at('2026-03-01T12:00:30Z'))).toBe(at('2026-03-01T21:00:00Z'))
    const early = { from: '05:00', to: '06:00' }
    expect(nextOpening(early, 'Europe/Rome', at('2026-03-28T20:00:00Z'))).toBe(at('2026-03-29T03:00:00Z'))
    expect(nextOpening(early, 'Europe/Rome', at('2026-10-24T20:00:00Z'))).toBe(at('2026-10-25T04:00:00Z'))
  })
})

test('a pace holds its rate over short pauses, and saves nothing up over long ones', async () => {
  let mono = 10_000
  const pace = new Pace({ now: () => mono, mono: () => mono }, () => 1e9)
  const { signal } = new AbortController()
  await pace.take(1e9, signal) // 8 ms at this rate
  mono += 500
  const began = performance.now()
  await pace.take(1e9, signal)
  expect(performance.now() - began).toBeLessThan(5)
  mono += 5_000
  await pace.take(1e9, signal)
  const waits = performance.now()
  await pace.take(1, signal)
  expect(performance.now() - waits).toBeGreaterThan(6)
})

test('a request to S3 shows what its signature stands for, and holds no secret', async () => {
  const target = {
    kind: 's3',
    url: 'https://examplebucket.s3.amazonaws.com',
    username: 'AKIAIOSFODNN7EXAMPLE',
    password: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    maxKbits: 1_000,
    deleteAfter: false,
  } as const
  const url = new URL(`${target.url}/test.txt`)
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  const { authorization, ...others } = await rightTo(target, {
    method: 'PUT',
    url,
    sha256,
    now: at('2013-05-24T00:00:00Z'),
  })
  expect(others).toEqual({ 'x-amz-content-sha256': sha256, 'x-amz-date': '20130524T000000Z' })
  expect(authorization).toContain(
    'Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date,',
  )
  expect(authorization).not.toContain(target.password)
})

test('an answer is a code with what to do, and S3 names its reason', () => {
  const body = '<?xml version="1.0"?><Error><Code>RequestTimeTooSkewed</Code></Error>'
  expect(refusal(403, body, 'store')).toMatchObject({
    code: 'UPLOAD_REFUSED',
    message: 'store answered with status 403 (RequestTimeTooSkewed).',
  })
  const codes = [401, 404, 409, 413, 507, 500, 302].map(status => refusal(status, '', 'store').code)
  expect(codes).toEqual([
    ...['UPLOAD_REFUSED', 'UPLOAD_NO_FOLDER', 'UPLOAD_NO_FOLDER', 'UPLOAD_NO_ROOM', 'UPLOAD_NO_ROOM'],
    ...['UPLOAD_FAILED', 'UPLOAD_FAILED'],
  ])
})

test('what stands in the way is tried again for ever, ever more seldom, and told once', () => {
  let mono = 0
  const hindrances = new Hindrances({ now: () => mono, mono: () => mono })
  const waits: number[] = []
  const news: boolean[] = []
  for (let n = 0; n < 12; n++) {
    const began = mono
    news.push(hindrances.add('r', new VistterError('UPLOAD_UNREACHABLE', 'gone')).news)
    while (!hindrances.mayTry) mono += 100
    waits.push(mono - began)
  }
  expect(news).toEqual([true, ...Array(11).fill(false)])
  expect(waits[0]).toBeLessThanOrEqual(2_400)
  expect(Math.max(...waits)).toBeLessThanOrEqual(360_000)
  expect(waits.at(-1)).toBeGreaterThan(200_000)
  expect(hindrances.over()).toBe(true)
  expect(hindrances.over()).toBe(false)
  expect(hindrances.of('r')).toBeUndefined()
})

test('settings of an upload are complete or refused', () => {
  const s3 = { kind: 's3', url: 'https://store/bucket' } as Parameters<typeof completeUpload>[0]
  expect(() => completeUpload(s3, true)).toThrow('access key')
  expect(() => completeUpload({ maxKbits: 100 } as Parameters<typeof completeUpload>[0], true)).toThrow('kind')
  const put = { kind: 'put', url: 'https://store' } as Parameters<typeof completeUpload>[0]
  expect(completeUpload(put, false)).toEqual({ upload: { ...put, maxKbits: 10_000, deleteAfter: false } })
  expect(completeUpload(undefined, false)).toEqual({})
})
