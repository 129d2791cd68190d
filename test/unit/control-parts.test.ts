import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCameraUrl } from '../../runtime/control/cameras/camera-url.ts'
import { checkFileAddress } from '../../runtime/control/destinations/file-address.ts'
import { addressOf } from '../../runtime/control/destinations/platforms.ts'
import { metrics } from '../../runtime/control/health/metrics.ts'
import { routes } from '../../runtime/control/web/api.ts'
import { LiveFeed } from '../../runtime/control/web/live-feed.ts'
import { differences, mergePatch } from '../../runtime/lib/merge-patch.ts'

describe('a camera address', () => {
  it('gives up its credentials, whatever is in them, and nothing else', () => {
    const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    fc.assert(
      fc.property(text, text, (username, password) => {
        const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`
        const split = splitCameraUrl(`rtsp://${userinfo}@cam.local:8554/a?b=c@d#e`)
        expect(split).toEqual({ url: 'rtsp://cam.local:8554/a?b=c@d#e', username, password })
      }),
    )
  })

  it.each([
    ['rtsp://10.0.0.1/x', { url: 'rtsp://10.0.0.1/x' }],
    ['rtsp://admin@10.0.0.1/x', { url: 'rtsp://10.0.0.1/x', username: 'admin' }],
    ['rtsp://admin:p@ss!!@10.0.0.1/x', { url: 'rtsp://10.0.0.1/x', username: 'admin', password: 'p@ss!!' }],
    ['http://u:100%@[fe80::1]:80/x', { url: 'http://[fe80::1]:80/x', username: 'u', password: '100%' }],
  ])('%s', (text, split) => expect(splitCameraUrl(text)).toEqual(split))

  it.each(['rtsp://', 'rtsp:///path', 'rtsp://host:99999/x', 'no address'])('refuses %s', text =>
    expect(() => splitCameraUrl(text)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' })),
  )
})

describe('a destination address', () => {
  it('is the own one of a platform that has one', () => {
    expect(addressOf('twitch', undefined)).toBe('rtmps://live.twitch.tv/app')
    expect(addressOf('youtube', 'rtmp://127.0.0.1/live')).toBe('rtmp://127.0.0.1/live')
  })

  it.each([
    ['rtmp', undefined],
    ['rtmp', 'srt://host:9000'],
    ['srt', 'rtmp://host/live'],
    ['file', 'rtmp://host/live'],
  ] as const)('of platform %s is not %s', (platform, url) =>
    expect(() => addressOf(platform, url)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' })),
  )

  it('never leads a file into what the appliance keeps', () => {
    const folders = { data: '/srv/vistter', recordings: '/srv/vistter/recordings' }
    for (const url of ['file:///srv/vistter/recordings/a.flv', 'file:///media/a.flv', 'file:///srv/vistter2/a.flv'])
      expect(() => checkFileAddress(url, folders)).not.toThrow()
    for (const url of [
      'file:///srv/vistter/vistter.db',
      'file:///srv/vistter/recordings/../secret.key',
      'file:///srv/vistter/recordings/%2e%2e/secret.key',
      'file://host/share/a.flv',
    ])
      expect(() => checkFileAddress(url, folders)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
  })
})

describe('a merge patch', () => {
  it('does what the examples of RFC 7396 do', () => {
    expect(mergePatch({ a: 'b' }, { a: 'c' })).toEqual({ a: 'c' })
    expect(mergePatch({ a: 'b', b: 'c' }, { a: null })).toEqual({ b: 'c' })
    expect(mergePatch({ a: ['b'] }, { a: 'c' })).toEqual({ a: 'c' })
    expect(mergePatch({ a: { b: 'c' } }, { a: { b: 'd', c: null } })).toEqual({ a: { b: 'd' } })
    expect(mergePatch({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } })
    expect(mergePatch({ e: null }, { a: 1 })).toEqual({ e: null, a: 1 })
  })

  it('leaves no differences to what it was made from, and leaves its target alone', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (a, b) => {
        const before = JSON.stringify(a)
        const merged = mergePatch(a, b)
        expect(differences(mergePatch(merged, b), merged)).toEqual([])
        expect(JSON.stringify(a)).toBe(before)
      }),
    )
  })

  it('tells differences by JSON pointer', () => {
    expect(differences({ a: { 'b/c': 1 }, d: 1 }, { a: { 'b/c': 2 }, e: [1] })).toEqual([
      { path: '/a/b~1c', from: 1, to: 2 },
      { path: '/d', from: 1, to: undefined },
      { path: '/e', from: undefined, to: [1] },
    ])
  })
})

describe('the live feed', () => {
  it('tells everything at first, then each change once, and what has gone', async () => {
    let cameras: object[] = [{ id: '1', n: 1 }]
    const feed = new LiveFeed({ camera: () => cameras })
    const heard: unknown[] = []
    const leave = feed.listen((event, data) => heard.push([event, data]))
    const settled = () => new Promise(resolve => setTimeout(resolve, 250))
    const change = async (...now: object[]) => {
      cameras = now
      feed.touch()
      await settled()
    }
    await change({ id: '1', n: 1, time: 'later' })
    await change({ id: '1', n: 2 })
    await change()
    leave()
    await change({ id: '2' })
    feed.stop()
    expect(heard).toEqual([
      ['camera', { id: '1', n: 1 }],
      ['camera', { id: '1', n: 2 }],
      ['camera-removed', { id: '1' }],
    ])
  })
})

it('metrics are in the text format, labels escaped', () => {
  const children = [{ child: 'flow-host', kind: 'flow-host', failures: 1 }]
  const text = metrics({ build: 'a"b\\c', engine: undefined, flowHostRestarts: 2, children })
  expect(text).toContain('vistter_child_failures_total{child="flow-host",kind="flow-host"} 1\n')
  expect(text).toContain('vistter_build_info{build="a\\"b\\\\c"} 1\n')
  expect(text).toContain('# TYPE vistter_flow_host_restarts_total counter\nvistter_flow_host_restarts_total 2\n')
  expect(text).toContain('vistter_engine_up 0\n')
})

describe('what to do about an error', () => {
  const hints = readFileSync('runtime/contract/error-codes.ts', 'utf8')

  it('names only paths of the API that there are', () => {
    const named = [...hints.matchAll(/([A-Z]+) \/api\/v1(\/\w+)/g)].map(([, method = '', path = '']) => [method, path])
    expect(named.length).toBeGreaterThan(2)
    for (const [method, path] of named)
      expect(
        routes().filter(route => route.path.startsWith(path) && route.method.toUpperCase() === method),
      ).not.toEqual([])
  })

  it('names no button, page or help desk that there is not', () => {
    expect(hints.match(/.*(in the settings|diagnostics|support\.).*/g)).toBeNull()
  })
})
