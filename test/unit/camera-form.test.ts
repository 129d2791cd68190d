import { expect, test } from 'vitest'
import {
  addressForm,
  hostOf,
  newOnvif,
  onvifForm,
  onvifPatch,
  said,
} from '../../nodes/ui-vistter-cameras/onboard/camera-body.ts'
import { profileWords, stepsAhead, took } from '../../nodes/ui-vistter-cameras/onboard/words.ts'

const URL = 'rtsp://192.168.1.64:554/stream1'
const stored = onvifForm({ host: '192.168.1.64', port: 8899, username: 'ptz' })

test('what nobody filled in is not sent', () => {
  expect(said(addressForm())).toEqual({})
  expect(said({ ...addressForm(), name: 'Pier', url: URL, password: '  ' })).toEqual({
    name: 'Pier',
    url: URL,
    password: '  ',
  })
  expect(newOnvif(onvifForm(), URL)).toEqual({})
  expect(newOnvif({ ...onvifForm(), on: true }, URL)).toEqual({ onvif: { host: '192.168.1.64' } })
})

test('a camera is moved where its stream is, unless another host is said', () => {
  expect(['rtsp://u:p@cam.lan/a', 'http://[fe80::1]:80/', URL, 'cam.lan', ''].map(hostOf)).toEqual([
    'cam.lan',
    '[fe80::1]',
    '192.168.1.64',
    '',
    '',
  ])
})

test('a patch says what was changed, null for what it shall not have any more, and a stored password stays', () => {
  expect(onvifPatch(stored, stored, URL)).toEqual({})
  expect(onvifPatch(stored, { ...stored, on: false }, URL)).toEqual({ onvif: null })
  expect(onvifPatch(stored, { ...stored, port: 80, username: '' }, URL)).toEqual({
    onvif: { port: 80, username: null },
  })
  expect(onvifPatch(stored, { ...stored, host: '', password: 'p' }, URL)).toEqual({
    onvif: { host: '192.168.1.64', password: 'p' },
  })
  expect(onvifPatch(onvifForm(), { ...onvifForm(), on: true, port: 80 }, URL)).toMatchObject({
    onvif: { host: '192.168.1.64', port: 80 },
  })
})

test('pictures, times and stages are told in words', () => {
  const profile = { token: 't', name: 'Profile_1', ptz: true }
  const main = { ...profile, codec: 'H264', width: 1920, height: 1080, fps: 25 }
  expect(profileWords(main, 0)).toBe('Main: 1920 × 1080, H264, 25 fps')
  expect(profileWords(profile, 1)).toBe('Smaller: Profile_1')
  expect([took(12.4), took(4_310)]).toEqual(['12 ms', '4.3 s'])
  expect(stepsAhead(false)).toEqual(['reach', 'auth', 'stream'])
  expect(stepsAhead(true)).toContain('onvif')
})
