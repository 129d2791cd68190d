import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { withoutCredentials, withoutLogin } from '../../runtime/control/segments/credentials.ts'
import { withTokens } from '../../runtime/control/segments/older/elements.ts'
import { upgrade } from '../../runtime/control/segments/older/upgrade.ts'
import { contentsOf } from '../../runtime/control/segments/package/read.ts'

/** A sample as VistterStudio's repository has them. */
const FLAT = {
  id: '90671c15-0dd7-45c2-83da-737440c8de90',
  name: 'Test Reolink',
  duration: 60,
  created: '2025-09-16T17:00:48.837Z',
  updated: '2025-09-16T17:00:48.837Z',
  tracks: [
    {
      id: 'track-1',
      type: 'video',
      clips: [
        {
          id: 'clip-1',
          startTime: 0,
          endTime: 60,
          asset: {
            type: 'static',
            path: 'rtmp://192.168.86.22:1935/bcs/channel0_main.bcs?channel=0&stream=0&user=admin&password=hunter2',
          },
          position: { x: 0, y: 0, width: 1_920, height: 1_080 },
        },
      ],
    },
  ],
  assets: [],
  apiConfigs: [],
}

const files = new Map([['assets/sponsor.png', 'ab'.repeat(32)]])

function taken(old: Record<string, unknown>, cameraAt: (address: string) => string | undefined = () => undefined) {
  const found = upgrade(old, files, cameraAt)
  if (!found) throw new Error('it was not known as an older segment')
  return contentsOf(found.segment, found.overlays, found.notes)
}

describe('a segment of an older shape', () => {
  it('that is flat, in seconds, with a login in an address, becomes a timeline without it', () => {
    const { segment, timeline, overlays, notes } = taken(FLAT)
    expect(segment).toMatchObject({ id: FLAT.id, name: 'Test Reolink', duration: 60_000, version: FLAT.updated })
    expect(timeline.cues).toEqual([{ id: 'clip-1', start: 0, duration: 60_000, camera: '192.168.86.22' }])
    expect(overlays).toEqual([])
    expect(notes.map(({ code, path }) => [code, path])).toEqual([
      ['OLD_FORMAT', ''],
      ['CREDENTIALS', '/tracks/0/clips/0/asset/path'],
      ['LEFT_OUT', '/tracks/0/clips/0'],
    ])
    expect(JSON.stringify({ segment, timeline, notes })).not.toMatch(/hunter2|admin/)
  })

  it('shows the camera that has the address here', () => {
    const asked: string[] = []
    const { timeline, notes } = taken(FLAT, address => {
      asked.push(address)
      return 'CAM1'
    })
    expect(asked).toEqual(['rtmp://192.168.86.22:1935/bcs/channel0_main.bcs?channel=0&stream=0'])
    expect(timeline.cues[0]?.camera).toBe('CAM1')
    expect(notes.map(({ code }) => code)).toEqual(['OLD_FORMAT', 'CREDENTIALS'])
  })

  it('that has `metadata` keeps its overlays: places, files of the package, words with their tokens', () => {
    const { segment, timeline, overlays, notes } = taken({
      version: '1.2',
      metadata: { id: 'ad slot', name: 'Ads', duration: 30 },
      tracks: [
        {
          id: 'ads',
          type: 'ad',
          clips: [
            {
              id: 'a',
              startTime: 1.5,
              endTime: 6,
              asset: { type: 'ad', path: '/media/sponsor.png' },
              position: { x: 100, y: 50, width: 400, height: 200 },
            },
            {
              id: 'b',
              startTime: 6,
              endTime: 9,
              asset: { type: 'dynamic', placeholders: { temp: '{temp}°F', wind: 'w' } },
            },
            { id: 'c', startTime: 9, endTime: 12, asset: { type: 'static', path: 'missing.png' } },
          ],
        },
        { id: 'music', type: 'audio', clips: [{ id: 'm', startTime: 0, endTime: 30, asset: { path: 'bed.mp3' } }] },
      ],
      apiConfigs: [{ id: 'w', type: 'weather', endpoint: 'https://weather.example/v1?key=k-1', apiKey: 'k-2' }],
    })
    expect(segment).toMatchObject({ id: 'ad-slot', duration: 30_000, version: '1.2' })
    expect(timeline.cues).toEqual([{ id: 'overlays', start: 0, duration: 30_000, overlay: 'ad-slot.overlays' }])
    const [overlay] = overlays
    expect(overlay?.document.assets).toEqual([
      { id: 'file-a', url: '/media/sponsor.png', sha256: 'ab'.repeat(32), mediaType: 'image/png' },
    ])
    expect(overlay?.document.scenes[0]?.tracks[0]?.cues).toMatchObject([
      {
        ...{ id: 'a', start: 1_500, duration: 4_500, assetRef: 'file-a', unsafe: true },
        properties: { position: { anchor: 'top-left', x: 100, y: 50 }, size: { width: 400, height: 200 } },
      },
      { id: 'b', start: 6_000, text: { value: '{{temp}}°F\n{{wind}}' } },
    ])
    expect(notes.filter(({ code }) => code === 'LEFT_OUT').map(({ path }) => path)).toEqual([
      '/apiConfigs/0',
      '/tracks/1/clips/0',
      '/tracks/0/clips/2',
    ])
    expect(JSON.stringify({ segment, overlays, notes })).not.toMatch(/k-1|k-2/)
  })

  it('of the later editor, in ms, keeps places from the centre, scale and transitions', () => {
    const { timeline, overlays } = taken({
      id: 'new',
      name: 'New',
      duration: 90_000_000,
      tracks: [
        { id: 'v', kind: 'video' },
        { id: 'o', kind: 'overlay' },
      ],
      clips: [
        { id: 'cam', trackId: 'v', kind: 'video', sourceId: 'pier', startMs: 0, durationMs: 5_000 },
        {
          ...{ id: 'logo', trackId: 'o', kind: 'overlay', startMs: 250, durationMs: 4_000, opacity: 0.5, scale: 150 },
          ...{ positionX: 50, positionY: -100, transitionInType: 'slide-left', transitionOutType: 'zoom-out' },
          ...{ transitionOutDuration: 250, asset: { path: 'sponsor.png' } },
        },
        { id: 'off', trackId: 'o', kind: 'overlay', startMs: 0, durationMs: 10, enabled: false, asset: { text: 'x' } },
      ],
    })
    expect(timeline.cues.map(({ id, start, duration, camera }) => [id, start, duration, camera])).toEqual([
      ['cam', 0, 5_000, 'pier'],
      ['overlays', 0, 90_000_000, undefined],
    ])
    expect(overlays[0]?.document.scenes[0]?.tracks[0]?.cues).toMatchObject([
      {
        ...{ id: 'logo', start: 250, duration: 4_000 },
        properties: { opacity: 0.5, scale: 1.5, position: { anchor: 'center', x: 480, y: -540 } },
        transition: {
          in: { type: 'slide', direction: 'right', duration: 500 },
          out: { type: 'scale', from: 1.5, duration: 250 },
        },
      },
    ])
  })

  it('becomes one of today or is refused with a code, whatever it says', () => {
    const clip = fc.record(
      {
        ...{
          id: fc.string(),
          startTime: fc.double(),
          endTime: fc.double(),
          startMs: fc.integer(),
          durationMs: fc.anything(),
        },
        ...{ opacity: fc.double(), scale: fc.anything(), positionX: fc.double(), transitionInType: fc.string() },
        ...{ asset: fc.anything(), position: fc.dictionary(fc.constantFrom('x', 'y', 'width', 'height'), fc.double()) },
      },
      { requiredKeys: [] },
    )
    const track = fc.record({
      id: fc.anything(),
      type: fc.constantFrom('video', 'overlay', 'ad', 'audio', 7),
      clips: fc.array(clip),
    })
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.array(track), (id, duration, tracks) => {
        try {
          const { timeline } = taken({ id, duration, tracks })
          for (const cue of timeline.cues) expect(cue.duration).toBeGreaterThanOrEqual(100)
        } catch (error) {
          expect(error).toBeInstanceOf(VistterError)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is none that has neither tracks nor clips', () => {
    expect(upgrade({ id: 'x', name: 'y' }, files, () => undefined)).toBeUndefined()
  })
})

describe('credentials', () => {
  it('leave addresses, and everything else stays as it was written', () => {
    const cases = [
      ['rtsp://admin:p%40ss@cam.local:554/h264?ch=1#top', 'rtsp://cam.local:554/h264?ch=1#top'],
      ['rtmp://10.0.0.1/x?user=a&password=b', 'rtmp://10.0.0.1/x'],
      ['see http://u:p@a/1 and https://b/?token=t&n=2.', 'see http://a/1 and https://b/?n=2.'],
      ['rtsp://u:a@b@host/x', 'rtsp://host/x'],
      ['mail me@example.org', 'mail me@example.org'],
      ['https://host/@user/post', 'https://host/@user/post'],
    ]
    for (const [given = '', clean] of cases) expect(withoutLogin(given)).toBe(clean)
  })

  it('never come through, wherever an address with a login stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=%~._@:-]{6,20}$/).map(text => `S${text}S`)
    fc.assert(
      fc.property(secret, fc.array(fc.string(), { maxLength: 4 }), (password, path) => {
        let value: unknown = `rtsp://user:${password}@camera.local/stream?password=${encodeURIComponent(password)}`
        for (const key of path) value = { [key]: [value] }
        const clean = withoutCredentials(value, { members: true, streams: false })
        expect(JSON.stringify(clean)).not.toContain(password)
        expect(clean.found).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
  })
})

it('single braces become tokens, double ones stay', () => {
  expect(withTokens('{temp} {{wind}} { ad_copy } {} {a b} {{{x}}}')).toBe(
    '{{temp}} {{wind}} {{ad_copy}} {} {a b} {{{x}}}',
  )
})
