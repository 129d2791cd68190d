import { expect, test } from 'vitest'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { asset, documentOf } from './ocl-arbitrary.ts'
import { timeline } from './ocl-cue.ts'

const CUE = '/scenes/0/tracks/0/cues/0'
const SIZE = { width: 400, height: 80 }
const cue = (more: Record<string, unknown>) => ({ id: 'c', start: 0, duration: '5s', layer: 0, ...more })
const text = (more: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) =>
  cue({ text: { value: 'Hello {{number}}', ...more }, ...rest })
const shape = (more: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  cue({ shape: { type: 'rectangle', ...more }, ...rest })
const moves = (property: string, value: unknown, more: Record<string, unknown> = {}) => ({
  automation: [{ property, keyframes: [{ at: 0, value }], ...more }],
})
const data = (...bindings: unknown[]) => documentOf([], { data: bindings })

function found(input: unknown, strict = false): string[] {
  const checked = validateOcl(input, { strict })
  const findings = checked.ok ? checked.warnings : checked.errors
  for (const { message, hint = '' } of findings) expect(message.length * hint.length).toBeGreaterThan(0)
  return findings
    .filter(({ code }) => code !== 'OCL_OUTSIDE_SAFE_AREA')
    .map(({ code, path }) => `${checked.ok ? 'warning' : 'error'} ${code} ${path}`)
}

test.each<[string, unknown, string]>([
  ['two contents', cue({ text: { value: '' }, qr: { value: 'x' } }), 'OCL_STRUCTURE '],
  ['a shape that cannot be seen', shape({ radius: 4 }), 'OCL_STRUCTURE /shape'],
  [
    'stops that go back',
    shape({ gradient: { stops: [0, 0.6, 0.5].map(at => ({ at, color: '#ffffff' })) } }),
    'OCL_STRUCTURE /shape/gradient/stops/2/at',
  ],
  ['a ticker without a box', text({ ticker: { speed: 100 } }), 'OCL_STRUCTURE /text/ticker'],
  [
    'slides of nothing',
    cue({ slides: { items: [{ assetRef: 'ghost' }], every: '5s' } }),
    'OCL_REFERENCE /slides/items/0/assetRef',
  ],
  ['slides in no time', cue({ slides: { items: [{ assetRef: 'logo' }], every: 0 } }), 'OCL_TIME /slides/every'],
  [
    'a slide shorter than a frame',
    cue({ slides: { items: [{ assetRef: 'logo', duration: '1f' }], every: '5s' } }),
    'OCL_TIME /slides/items/0/duration',
  ],
  ['a rotation out of range', text({}, moves('rotation', 40_000)), 'OCL_STRUCTURE /automation/0/keyframes/0/value'],
  ['a crop beyond the edge', text({}, moves('crop.left', 1.5)), 'OCL_STRUCTURE /automation/0/keyframes/0/value'],
  ['a colour by name', text({}, moves('color', 'red')), 'OCL_STRUCTURE /automation/0/keyframes/0/value'],
  ['a number in words', text({}, moves('number', 'five')), 'OCL_STRUCTURE /automation/0/keyframes/0/value'],
  [
    'a curve that runs back',
    text({}, { transition: { in: { type: 'fade', duration: 100, easing: 'cubic-bezier(2, 0, 0, 1)' } } }),
    'OCL_STRUCTURE /transition/in/easing',
  ],
  ['more frames than there is time', text({}, { duration: '999999999f' }), 'OCL_TIME /duration'],
  ['more seconds than there are', text({}, { start: 't+99999999999s' }), 'OCL_TIME /start'],
])('refused: %s', (_, one, expected) => {
  const [code, path] = expected.split(' ')
  const [first, ...more] = found({ ...documentOf([one]), ...timeline({ frameRate: 1 }) }).filter(line =>
    line.startsWith('error'),
  )
  if (path === '/slides/items/0/duration') expect(found(documentOf([one]))).toEqual([`error ${code} ${CUE}${path}`])
  else expect([first, more]).toEqual([`error ${code} ${CUE}${path}`, []])
})

test.each<[string, unknown, string]>([
  [
    'two sources of time',
    data({ key: 'k', clock: { pattern: 'HH' }, countdown: { to: 't+5s', pattern: 's' } }),
    'OCL_STRUCTURE /data/0',
  ],
  ['one key twice', data({ key: 'k' }, { key: 'k' }), 'OCL_DUPLICATE_ID /data/1/key'],
  [
    'degrees into metres',
    data({ key: 'k', format: { type: 'unit', from: 'celsius', to: 'm' } }),
    'OCL_STRUCTURE /data/0/format/to',
  ],
  [
    'no such day',
    data({ key: 'k', countdown: { to: '2026-13-45T00:00:00Z', pattern: 's' } }),
    'OCL_TIME /data/0/countdown/to',
  ],
  [
    'rights until no date',
    documentOf([], { assets: [{ ...asset('a'), rights: { tags: [], expires: '2026-99-99' } }] }),
    'OCL_TIME /assets/0/rights/expires',
  ],
])('refused: %s', (_, document, expected) => {
  expect(found(document)).toEqual([`error ${expected}`])
})

test.each<[string, unknown, string]>([
  [
    'a transition that does not grow',
    text({}, { transition: { in: { type: 'fade', from: 2, duration: 1 } } }),
    '/transition/in/from',
  ],
  ['text fitted into no box', text({ fit: 'shrink' }), '/text/fit'],
  ['corners of no background', text({ radius: 4 }), '/text/radius'],
  ['a fit of no asset', text({}, { properties: { fit: 'cover', size: SIZE } }), '/properties/fit'],
  ['words of a shape', shape({ color: '#ffffff' }, { properties: { text: 'x', size: SIZE } }), '/properties/text'],
  ['a loop of words', text({}, { loop: true }), '/loop'],
  ['scroll without a ticker', text({}, moves('scroll', 1)), '/automation/0'],
  ['colour of an asset', cue({ assetRef: 'logo', ...moves('color', '#ffffff') }), '/automation/0'],
  ['a number that nobody shows', text({ value: 'Hello' }, moves('number', 5)), '/automation/0'],
  ['a format of no number', text({}, moves('opacity', 1, { format: { type: 'number' } })), '/automation/0/format'],
  [
    'the first of two of a kind',
    text({}, { automation: [1, 0].map(value => ({ property: 'opacity', keyframes: [{ at: 0, value }] })) }),
    '/automation/0',
  ],
])('without effect: %s', (_, one, path) => {
  expect(found(documentOf([one]))).toEqual([`warning OCL_NO_EFFECT ${CUE}${path}`])
  expect(found(documentOf([one]), true)).toEqual([`warning OCL_NO_EFFECT ${CUE}${path}`])
})

test.each<[string, unknown, string]>([
  ['a time zone', data({ key: 'k', clock: { pattern: 'HH', timezone: 'Mars/Olympus' } }), '/data/0/clock/timezone'],
  ['a language', documentOf([], { locale: 'en-a' }), '/locale'],
  ['a format', data({ key: 'k', format: { type: 'roman' } }), '/data/0/format'],
  ['a stale rule', data({ key: 'k', onStale: 'sing' }), '/data/0/onStale'],
  ['a key', { ...documentOf([]), particles: [] }, '/particles'],
])('not known here, so left out, and refused by strict: %s', (_, document, path) => {
  expect(found(document)).toEqual([`warning OCL_UNSUPPORTED_DIRECTIVE ${path}`])
  expect(found(document, true)).toEqual([`error OCL_UNSUPPORTED_DIRECTIVE ${path}`])
})

test('what was probably meant is proposed', () => {
  const document = documentOf([
    text(
      {},
      { transiton: {}, transition: { in: { type: 'fdae', duration: 1 }, out: { type: 'fade', easing: 'easein' } } },
    ),
  ])
  const checked = validateOcl(document)
  const hints = checked.ok ? checked.warnings.map(({ hint }) => /"(.*)"/.exec(hint ?? '')?.[1]) : []
  expect(hints.toSorted()).toEqual(['ease-in', 'fade', 'transition'])
})

test('what is far too much is refused as such, at once', () => {
  const huge = documentOf([], { assets: Array.from({ length: 200_000 }, () => 1) })
  expect(found(huge)).toEqual(['error OCL_TOO_LARGE '])
  const errors = found(documentOf(Array.from({ length: 20_000 }, () => ({}))))
  expect(errors).toHaveLength(1_001)
  expect(errors.at(-1)).toBe('error OCL_TOO_LARGE ')
})

const hinted = (input: unknown) => {
  const checked = validateOcl(input)
  return (checked.ok ? checked.warnings : checked.errors).map(({ message, hint }) => `${message} | ${hint}`)
}

test.each<[unknown, RegExp[]]>([
  [documentOf([text({}, { start: '1.5s' })]), [/^is not a time: "1.5s" \| Use "t\+1500ms"/]],
  [documentOf([text({ color: 'red' })]), [/^is not a colour: "red" \| Write colours as/]],
  [documentOf([text({ align: 'end' })]), [/^must be one of left, center, right, not "end" \| Did you mean "right"/]],
  [documentOf([text({}, { properties: { opacity: 50 } })]), [/^must be <= 1, not 50 \|/]],
  [documentOf([shape({ type: 'circle', color: '#ffffff' })]), [/not "circle" \| Did you mean "ellipse"/]],
  [
    documentOf([text({}, { transition: { in: { type: 'dissolve', duration: 100, easing: 'easeInOut' } } })]),
    [
      /^"dissolve" is not known .* \| Did you mean "fade"/,
      /^"easeInOut" is not known .* \| Did you mean "ease-in-out"/,
    ],
  ],
  [
    documentOf([text({ font: 'Helvetica Neue Bold' })]),
    [/^"Helvetica Neue" is on no appliance.* \| Use one of Inter,/],
  ],
  [documentOf([text({ font: 'inter Bold' })]), [/\| Did you mean "Inter"/]],
  [
    data({ key: 'a', countdown: { to: 'tomorrow', pattern: 'mm:ss' } }),
    [/^is not a time: "tomorrow" \| Use a time of the world/],
  ],
  [data({ key: 'a', format: { type: 'unit', from: 'C', to: 'kelvin' } }), [/not "C" \| Did you mean "celsius"/]],
  [data({ key: 'a', clock: { pattern: 'hh:MM' } }), [/^"M" is no part of a time.* \| Months are L, minutes m/]],
  [data({ key: 'a', clock: { pattern: "HH:mm 'Uhr'" } }), []],
])('what was meant is said: %#', (input, wanted) => {
  const said = hinted(input)
  expect(said).toHaveLength(wanted.length)
  for (const [n, one] of wanted.entries()) expect(said[n]).toMatch(one)
})
