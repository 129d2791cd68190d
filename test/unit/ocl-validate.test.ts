import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { anyContext, anyDocument, asset, documentOf } from './ocl-arbitrary.ts'

const CUE = '/scenes/0/tracks/0/cues/0'
const box = (more: object = {}) => ({
  id: 'c',
  start: 0,
  duration: 1_000,
  layer: 0,
  shape: { type: 'rectangle', color: '#ff0000' },
  properties: { size: { width: 100, height: 50 }, position: { anchor: 'top-left', x: 0, y: 0 } },
  ...more,
})

const errorsOf = (input: unknown) => {
  const checked = validateOcl(input)
  return checked.ok ? [] : checked.errors.map(({ code, path }) => `${code} ${path}`)
}

const accepted = (input: unknown) => {
  const checked = validateOcl(input)
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
  return checked
}

test('a plain document is accepted without a warning, and is not changed', () => {
  const document = documentOf([box()])
  expect(accepted(document)).toEqual({ ok: true, document, warnings: [] })
})

test('what the language does not know is left out, each with a warning where it stood', () => {
  const checked = accepted(
    documentOf([
      box({
        glitter: true,
        transition: { in: { type: 'explode', force: 3 }, out: { type: 'fade', duration: 100, easing: 'bouncy' } },
        automation: [
          { property: 'glow', keyframes: [{ at: 0, value: 45 }] },
          { property: 'opacity', keyframes: [{ at: 0, value: 0.5, easing: 'elastic' }] },
        ],
        sync: { awaitMoon: 'full' },
      }),
    ]),
  )
  expect(checked.warnings.every(({ code }) => code === 'OCL_UNSUPPORTED_DIRECTIVE')).toBe(true)
  expect(checked.warnings.map(({ path }) => path).sort()).toEqual(
    [
      `${CUE}/glitter`,
      `${CUE}/transition/in/type`,
      `${CUE}/transition/in/force`,
      `${CUE}/transition/out/easing`,
      `${CUE}/automation/0/property`,
      `${CUE}/automation/1/keyframes/0/easing`,
      `${CUE}/sync/awaitMoon`,
    ].sort(),
  )
  const [cue] = checked.document.scenes[0].tracks[0].cues
  expect(cue.transition).toEqual({ out: { type: 'fade', duration: 100 } })
  expect(cue.automation).toEqual([{ property: 'opacity', keyframes: [{ at: 0, value: 0.5 }] }])
  expect(resolve(checked.document, 0).layers[0].opacity).toBe(0.5)
})

test('all mistakes are told at once, each with code, JSON pointer and hint', () => {
  const checked = validateOcl({
    ...documentOf([
      box({ start: 't-5', assetRef: 'nothing' }),
      box({ duration: undefined, layer: -1 }),
      { id: 'd', start: 0, duration: '5 minutes', layer: 0, assetRef: 'ghost' },
    ]),
    sync: [{ cue: 'nobody', awaitPreset: 'x' }],
    fallbacks: { scene: 'none' },
  })
  if (checked.ok) throw new Error('accepted')
  const found = checked.errors.map(({ code, path }) => `${code} ${path}`)
  expect(found).toEqual(
    expect.arrayContaining([
      `OCL_TIME ${CUE}/start`,
      `OCL_STRUCTURE ${CUE}`,
      `OCL_REFERENCE ${CUE}/assetRef`,
      'OCL_STRUCTURE /scenes/0/tracks/0/cues/1/layer',
      'OCL_DUPLICATE_ID /scenes/0/tracks/0/cues/1/id',
      'OCL_TIME /scenes/0/tracks/0/cues/2/duration',
      'OCL_REFERENCE /scenes/0/tracks/0/cues/2/assetRef',
      'OCL_REFERENCE /sync/0/cue',
      'OCL_REFERENCE /fallbacks/scene',
    ]),
  )
  for (const { message, hint } of checked.errors) expect(message.length * (hint?.length ?? 0)).toBeGreaterThan(0)
})

test.each([
  ['another major version', { ...documentOf([]), ocl: '2.0', scenes: 'elsewhere' }, ['OCL_VERSION /ocl']],
  ['no version', { ...documentOf([]), ocl: undefined }, ['OCL_STRUCTURE ']],
  ['not an object', 'hello', ['OCL_STRUCTURE ']],
  ['null', null, ['OCL_STRUCTURE ']],
  [
    'a number as transition type',
    documentOf([box({ transition: { in: { type: 5 } } })]),
    [`OCL_STRUCTURE ${CUE}/transition/in/type`],
  ],
  [
    'opacity beyond 1',
    documentOf([box({ properties: { opacity: 1.5 } })]),
    [`OCL_STRUCTURE ${CUE}/properties/opacity`],
  ],
  [
    'a text where a number is automated',
    documentOf([box({ automation: [{ property: 'opacity', keyframes: [{ at: 0, value: 'half' }] }] })]),
    [`OCL_STRUCTURE ${CUE}/automation/0/keyframes/0/value`],
  ],
  [
    'a colour by name',
    documentOf([box({ shape: { type: 'rectangle', color: 'red' } })]),
    [`OCL_STRUCTURE ${CUE}/shape/color`],
  ],
  [
    'fallbacks in a circle',
    documentOf([], { assets: [asset('x', 'y'), asset('y', 'x')] }),
    ['OCL_REFERENCE /assets/0/fallback', 'OCL_REFERENCE /assets/1/fallback'],
  ],
])('refused: %s', (_, input, expected) => {
  expect([...new Set(errorsOf(input))]).toEqual(expected)
})

test('a newer minor version is read as far as it is understood', () => {
  const { warnings } = accepted({ ...documentOf([box()]), ocl: '1.7', particles: [] })
  expect(warnings.map(({ path }) => path)).toEqual(['/particles'])
})

test('outside the safe grid is a warning, unless the cue says so', () => {
  const outside = { properties: { size: { width: 100, height: 50 }, position: { anchor: 'top-left', x: -97, y: 0 } } }
  expect(accepted(documentOf([box(outside)])).warnings).toMatchObject([{ code: 'OCL_OUTSIDE_SAFE_AREA' }])
  expect(accepted(documentOf([box({ ...outside, unsafe: true })])).warnings).toEqual([])
  const leaving = box({
    automation: [
      {
        property: 'position.x',
        keyframes: [
          { at: 0, value: 0 },
          { at: 500, value: 1_700 },
        ],
      },
    ],
  })
  expect(accepted(documentOf([leaving])).warnings).toMatchObject([{ code: 'OCL_OUTSIDE_SAFE_AREA' }])
})

test('every generated document is valid, and stays the same when validated', () => {
  fc.assert(
    fc.property(anyDocument, document => {
      expect(accepted(document).document).toEqual(document)
    }),
  )
})

/** Replaces or deletes one value somewhere in a tree. */
function mutate(tree: unknown, choices: number[], value: unknown): unknown {
  if (typeof tree !== 'object' || tree === null || choices.length === 0) return value
  const copy: Record<string, unknown> | unknown[] = Array.isArray(tree) ? [...tree] : { ...tree }
  const keys = Object.keys(copy)
  if (keys.length === 0) return value
  const key = keys[choices[0] % keys.length]
  Reflect.set(copy, key, mutate(Reflect.get(copy, key), choices.slice(1), value))
  return copy
}

test('no mutation makes it throw; what it accepts can be resolved and validated again', () => {
  const junk = fc.oneof(fc.constantFrom(null, '', 't+', -1, 1e308, [], {}, '__proto__', '00:00:01'), fc.anything())
  fc.assert(
    fc.property(
      anyDocument,
      fc.array(fc.nat(), { minLength: 1, maxLength: 9 }),
      junk,
      anyContext,
      (document, where, value, context) => {
        const checked = validateOcl(mutate(document, where, value))
        if (!checked.ok) {
          expect(checked.errors.length).toBeGreaterThan(0)
          return
        }
        expect(accepted(checked.document).document).toEqual(checked.document)
        for (const t of [-1, 0, 700, 5_000]) resolve(checked.document, t, context)
      },
    ),
    { numRuns: 500 },
  )
})

test('a document nested without end is refused, not followed', () => {
  let deep: unknown = 1
  for (let i = 0; i < 50_000; i++) deep = [deep]
  expect(errorsOf({ ...documentOf([]), extra: deep })).toEqual(['OCL_STRUCTURE '])
})

test('1,000 cues are validated within 100 ms', () => {
  const document = documentOf(Array.from({ length: 1_000 }, (_, i) => box({ id: `c${i}`, start: `t+${i}ms` })))
  validateOcl(document)
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    accepted(document)
    return performance.now() - began
  })
  expect(Math.min(...times)).toBeLessThanOrEqual(100)
})
