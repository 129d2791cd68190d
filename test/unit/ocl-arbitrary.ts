import fc from 'fast-check'
import type {
  Asset,
  Automation,
  Cue,
  OclDocument,
  OclTransition,
  Scene,
} from '../../runtime/contract/generated/ocl.v1.ts'
import type { ResolveContext } from '../../runtime/ocl/types.ts'

/** Any valid document of moderate size: every feature of the language occurs. */
const ms = fc.integer({ min: 0, max: 5_000 })
const easing = fc.constantFrom(
  'linear',
  'ease-in',
  'ease-out',
  'ease-in-out',
  'ease-in-cubic',
  'ease-out-cubic',
  'ease-in-out-cubic',
)
const time = fc.oneof(
  ms,
  ms.map(value => `t+${value}ms`),
  ms.map(value => `t+${value / 1_000}s`),
  ms.map(
    value => `00:00:${String(Math.floor(value / 1_000)).padStart(2, '0')}.${String(value % 1_000).padStart(3, '0')}`,
  ),
)
const duration = fc.oneof(
  ms,
  ms.map(value => `${value}ms`),
  ms.map(value => `${value / 1_000}s`),
)

const transition: fc.Arbitrary<OclTransition> = fc.record(
  {
    type: fc.constantFrom('cut', 'fade', 'wipe', 'slide', 'scale'),
    duration: fc.integer({ min: 0, max: 2_000 }),
    direction: fc.constantFrom('left', 'right', 'up', 'down'),
    easing,
  },
  { requiredKeys: ['type'] },
)

const keyframes = (value: fc.Arbitrary<number | string>) =>
  fc.array(fc.record({ at: time, value, easing }, { requiredKeys: ['at', 'value'] }), { minLength: 1, maxLength: 4 })

const automation: fc.Arbitrary<Automation> = fc
  .constantFrom('opacity', 'position.x', 'position.y', 'scale', 'text')
  .chain(property => {
    const value: Record<string, fc.Arbitrary<number | string>> = {
      opacity: fc.double({ min: 0, max: 1, noNaN: true }),
      'position.x': fc.integer({ min: -200, max: 800 }),
      'position.y': fc.integer({ min: -200, max: 800 }),
      scale: fc.double({ min: 0, max: 3, noNaN: true }),
      text: fc.string(),
    }
    return keyframes(value[property]).map(keys => ({ property, keyframes: keys as Automation['keyframes'] }))
  })

const content: fc.Arbitrary<Partial<Cue>> = fc.oneof(
  fc.record({ assetRef: fc.constantFrom('a', 'b') }),
  fc.record({ text: fc.record({ value: fc.constantFrom('Hello', '{{place}} now', 'two\nlines {{missing}}') }) }),
  fc.record({ shape: fc.record({ type: fc.constant('rectangle' as const), color: fc.constant('#20406080') }) }),
)

const cue: fc.Arbitrary<Cue> = fc
  .tuple(
    fc.record(
      {
        id: fc.constant(''),
        start: time,
        duration,
        layer: fc.integer({ min: 0, max: 3 }),
        unsafe: fc.boolean(),
        transition: fc.record({ in: transition, out: transition }, { requiredKeys: [] }),
        properties: fc.record(
          {
            opacity: fc.double({ min: 0, max: 1, noNaN: true }),
            position: fc.record({
              anchor: fc.constantFrom('top-left', 'top', 'center', 'bottom-right', 'center-left'),
              x: fc.integer({ min: 0, max: 200 }),
              y: fc.integer({ min: 0, max: 200 }),
            }),
            scale: fc.constantFrom(0.5, 1, 2),
            size: fc.record({ width: fc.integer({ min: 1, max: 600 }), height: fc.integer({ min: 1, max: 600 }) }),
          },
          { requiredKeys: [] },
        ),
        automation: fc.array(automation, { maxLength: 2 }),
        sync: fc.record(
          {
            awaitPreset: fc.constantFrom('Front', 'Back'),
            timeout: fc.integer({ min: 0, max: 3_000 }),
            otherwise: fc.constantFrom('play', 'skip', 'fallback'),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['id', 'start', 'duration', 'layer'] },
    ),
    content,
  )
  .map(([rest, what]) => ({ ...rest, ...what }) as Cue)

const scene: fc.Arbitrary<Scene> = fc
  .record(
    { id: fc.constant(''), start: time, duration, tracks: fc.array(fc.array(cue, { maxLength: 3 }), { maxLength: 2 }) },
    { requiredKeys: ['id', 'start', 'tracks'] },
  )
  .map(({ tracks, ...rest }) => ({ ...rest, tracks: tracks.map((cues, i) => ({ id: `k${i}`, kind: 'any', cues })) }))

export const asset = (id: string, fallback?: string): Asset => ({
  id,
  url: `https://example.com/${id}.png`,
  sha256: '0'.repeat(64),
  mediaType: 'image/png',
  rights: { tags: [] },
  ...(fallback && { fallback }),
})

export const anyDocument: fc.Arbitrary<OclDocument> = fc
  .record({
    scenes: fc.array(scene, { minLength: 1, maxLength: 3 }),
    loop: fc.boolean(),
    duration: fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined }),
    fallback: fc.constantFrom({}, { asset: 'b' }, { text: 'Back soon' }, { scene: 's0' }),
  })
  .map(({ scenes, loop, duration: length, fallback }) => ({
    ocl: '1.0',
    timeline: {
      id: 't',
      version: 1,
      frameRate: 30,
      resolution: { width: 1920, height: 1080 },
      loop,
      ...(length && { duration: length }),
    },
    assets: [asset('a', 'b'), asset('b')],
    scenes: scenes.map((one, s) => ({
      ...one,
      id: `s${s}`,
      tracks: one.tracks.map((track, t) => ({
        ...track,
        cues: track.cues.map((each, c) => ({ ...each, id: `c${s}-${t}-${c}` })),
      })),
    })),
    fallbacks: fallback,
  }))

export const anyContext: fc.Arbitrary<ResolveContext> = fc.record(
  {
    tokens: fc.constant({ place: 'Harbour' }),
    scene: fc.constantFrom('s0', 's1'),
    assets: fc.record(
      {
        a: fc.record({ available: fc.boolean(), width: fc.constant(300), height: fc.constant(200) }),
        b: fc.record({ available: fc.boolean(), width: fc.constant(64), height: fc.constant(64) }),
      },
      { requiredKeys: [] },
    ),
    reached: fc.record({ presets: fc.constantFrom({}, { Front: 700 }, { Front: 100, Back: 2_500 }) }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ResolveContext>

/** The smallest document around some cues. */
export function documentOf(cues: unknown[], rest: Record<string, unknown> = {}): OclDocument {
  return {
    ocl: '1.0',
    timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 } },
    assets: [asset('logo', 'spare'), asset('spare')],
    scenes: [{ id: 's', start: 0, tracks: [{ id: 'k', kind: 'any', cues: cues as Cue[] }] }],
    ...rest,
  }
}
