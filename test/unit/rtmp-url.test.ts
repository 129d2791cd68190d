import { describe, expect, it } from 'vitest'
import { refusal } from '../../runtime/engine/outputs/rtmp/faults.ts'
import { rtmpTarget } from '../../runtime/engine/outputs/rtmp/url.ts'

describe('an RTMP address', () => {
  it.each([
    ['rtmp://a.example/live', 'k-1', { host: 'a.example', port: 1935, app: 'live', key: 'k-1', secure: false }],
    ['rtmp://a.example/live/', 'k', { app: 'live', key: 'k', tcUrl: 'rtmp://a.example/live' }],
    ['rtmp://a.example:1936/live/name', undefined, { port: 1936, app: 'live', key: 'name' }],
    ['rtmp://a.example/app/inst', 'k', { app: 'app/inst', key: 'k', tcUrl: 'rtmp://a.example/app/inst' }],
    ['rtmps://a.example:443/rtmp/', 'F-1?s_bl=1&a=x', { secure: true, port: 443, app: 'rtmp', key: 'F-1?s_bl=1&a=x' }],
    ['rtmps://a.example/rtmp', 'k', { port: 443, tcUrl: 'rtmps://a.example/rtmp' }],
    ['rtmp://a.example/live?token=t', 'k', { app: 'live?token=t', key: 'k' }],
    ['rtmp://a.example/live/name?token=t', undefined, { app: 'live', key: 'name?token=t' }],
    ['rtmp://[::1]:1940/live', 'k', { host: '::1', port: 1940, tcUrl: 'rtmp://[::1]:1940/live' }],
  ])('%s', (url, key, expected) => {
    expect(rtmpTarget(url, key)).toMatchObject(expected)
  })

  it.each(['rtmp://a.example', 'rtmp://a.example/live', 'rtmp://', 'http://a.example/live/x', 'nonsense'])(
    'without all its parts is refused: %s',
    url => {
      expect(() => rtmpTarget(url)).toThrow(expect.objectContaining({ code: 'OUTPUT_UNSUPPORTED' }))
    },
  )

  it('keeps the key out of what a platform says about it', () => {
    const said = { code: 'NetStream.Publish.Denied', description: 'stream key SECRET-1 not found' }
    const error = refusal(said, 'a.example', 'SECRET-1')
    expect(error.code).toBe('OUTPUT_REFUSED')
    expect(error.message).toContain('stream key *** not found')
  })
})
