import { expect, test } from 'vitest'
import { fileNames, fileUse, roomWords } from '../../nodes/ui-vistter-overlays/files.ts'
import {
  assetWords,
  endingSoon,
  failuresOf,
  idFor,
  overlayFacts,
  overlayStatus,
  picturePath,
} from '../../nodes/ui-vistter-overlays/status.ts'
import { readings } from '../../nodes/ui-vistter-overlays/values.ts'
import type { OverlaySummary } from '../../runtime/contract/generated/openapi.v1.ts'
import { overlayFacts as factsOf } from '../../runtime/control/show/overlay-facts.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { asset, documentOf } from './ocl-arbitrary.ts'

const NOW = Date.UTC(2026, 5, 6, 12)
const time = (ms: number) => new Date(NOW + ms).toISOString()
const overlay = (more: Partial<OverlaySummary> = {}): OverlaySummary => ({
  ...{ id: 'board', playing: null, updatedAt: time(0), duration: 90_000, scenes: ['a', 'b'], warnings: [], assets: [] },
  ...more,
})
const playing = { startedAt: time(-61_000), scene: 'a' }
const fault = { code: 'ASSET_EXPIRED', detail: 'It may not be shown any more.', hint: 'Renew the right.' } as const

test.each([
  ['Ready', overlay(), 0],
  ['Cannot be read', (({ duration: _, ...rest }) => rest)(overlay()), 0],
  ['On air', overlay({ playing }), 2],
  ['Nothing to see now', overlay({ playing }), 0],
  ['Coming', overlay({ playing: { startedAt: time(5_000), scene: null } }), 0],
  ['File expired', overlay({ assets: [{ id: 'x', status: 'failed', error: fault }] }), 0],
  ['File missing', overlay({ assets: [{ id: 'x', status: 'failed', error: { ...fault, code: 'ASSET_TLS' } }] }), 0],
  [
    'Fetching 45 %',
    overlay({
      assets: [
        { id: 'x', status: 'fetching', percent: 90 },
        { id: 'y', status: 'fetching' },
      ],
    }),
    0,
  ],
])('an overlay is: %s', (text, one, layers) => {
  const programs = [{ overlays: [{ id: 'board', scene: null, layers }] }]
  expect(overlayStatus(one, programs, NOW).text).toBe(text)
})

test('what else there is to say of it', () => {
  expect(overlayFacts(overlay(), NOW)).toBe('1 min · 2 scenes')
  expect(overlayFacts(overlay({ playing }), NOW)).toBe('a · for 1 min')
  const assets = [
    { id: 'x', status: 'ready' as const },
    { id: 'y', status: 'missing' as const },
  ]
  expect(overlayFacts(overlay({ assets }), NOW)).toMatch(/1 of 2 files here, the others come when it plays$/)
})

test('a reason that keeps several files away is told once', () => {
  const assets = ['x', 'y'].map(id => ({ id, status: 'failed' as const, error: fault }))
  expect(failuresOf({ assets })).toEqual([{ id: 'x', error: fault, nextAt: undefined }])
})

test('of a file people see how it is, its rights, and that they end soon', () => {
  const until = time(3 * 86_400_000)
  const asset = { id: 'sponsor', status: 'ready' as const, tags: ['territory:IT'], until }
  expect(assetWords(asset, 'UTC')).toMatch(/^here · until .*9.*2026.* · territory:IT$/)
  expect(assetWords({ id: 'x', status: 'fetching', percent: 40 })).toBe('on its way · 40 %')
  expect(assetWords({ id: 'x', status: 'failed', error: fault })).toBe('file expired')
  expect(endingSoon({ assets: [asset, { ...asset, until: time(8 * 86_400_000) }] }, NOW, 'UTC')).toEqual([
    expect.stringMatching(/^sponsor may be shown only until .*9.*2026/),
  ])
  expect(endingSoon({ assets: [{ ...asset, until: time(-1) }] }, NOW, 'UTC')).toEqual([])
})

test('the picture is asked for anew when the document changes, a file comes, or it says something else', () => {
  const one = picturePath(overlay(), { at: 500, width: 384, scene: 'good night' })
  expect(one).toMatch(/^\/overlays\/board\/picture\?at=500&width=384&scene=good%20night#/)
  for (const more of [{ updatedAt: time(1) }, { assets: [{ id: 'x', status: 'ready' as const }] }])
    expect(picturePath(overlay(more), { at: 500, width: 384, scene: 'good night' })).not.toBe(one)
  expect(picturePath(overlay(), { at: 500, width: 384, scene: 'good night', words: '21' })).not.toBe(one)
})

test.each([
  ['Harbour board.json', 'Harbour-board'],
  ['Übersicht (2).ocl.json', '-bersicht-2-.ocl'],
  [`${'x'.repeat(99)}.json`, 'x'.repeat(64)],
])('the document in %s becomes the overlay %s', (file, id) => {
  expect(idFor(file)).toBe(id)
})

test('values are told with their age, those of the site and of the document itself not', () => {
  const values = {
    wind: { id: 'wind', value: '7.2', pushedAt: time(-120_000), expires: null },
    tide: { id: 'tide', value: '2.1', pushedAt: time(-900_000), expires: time(-1) },
  }
  const tokens = [...['wind', 'tide', 'gusts', 'locationName'].map(key => ({ key })), { key: 'water', default: '–' }]
  expect(readings([...tokens, { key: 'scorer', default: '' }], values, { locationName: '' }, NOW)).toEqual([
    { key: 'wind', value: '7.2', age: '2 min ago', stale: false },
    { key: 'tide', value: '2.1', age: '15 min old, too old', stale: true },
    { key: 'gusts', age: 'no value yet', stale: true },
    { key: 'water', value: '–', age: 'until there is a value', stale: false },
  ])
})

test('a file is told by the names that overlays give it, and by who needs it', () => {
  const use = (more: object) => ({ asset: 'logo', version: 1, playing: false, ...more })
  expect(fileNames({ sha256: 'ab'.repeat(32), uses: [use({ overlay: 'a' }), use({ overlay: 'b' })] })).toBe('logo')
  expect(fileNames({ sha256: 'ab'.repeat(32), uses: [] })).toBe('abababababab…')
  expect(fileUse({ uses: [use({ overlay: 'a' }), use({ overlay: 'b', playing: true })] })).toBe('on air in b')
  expect(fileUse({ uses: [use({}), use({ overlay: 'a' })] })).toBe('announced, and in a')
  expect(fileUse({ uses: [] })).toBe('no overlay names it any more')
  expect(roomWords({ quotaBytes: 2e9, usedBytes: 5e6, files: 1 })).toBe('1 file, 5 MB of 2.00 GB')
})

test('of a document people are told its scenes to play, and what its words need from outside', () => {
  const cue = (id: string, value: string, more: object = {}) => ({
    ...{ id, start: 0, duration: 1_000, layer: 1, text: { value }, ...more },
  })
  const counting = [{ property: 'number', keyframes: [{ at: 0, value: 1 }] }]
  const document = documentOf(
    [cue('a', '{{wind}} {{time}} {{tide}}'), cue('b', '{{number}}', { automation: counting })],
    {
      assets: [asset('logo')],
      data: [
        { key: 'time', clock: { pattern: 'HH:mm' } },
        { key: 'tide', default: '–' },
      ],
    },
  )
  const checked = validateOcl(document)
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
  const [{ id }] = checked.document.scenes
  expect(factsOf(checked.document)).toEqual({
    duration: 1_000,
    scenes: [id],
    tokens: [{ key: 'wind' }, { key: 'tide', default: '–' }],
  })
})
