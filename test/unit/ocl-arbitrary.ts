import fc from 'fast-check'
import type {
  Asset,
  Automation,
  Cue,
  OclDocument,
  OclTransition,
  Scene,
  Slide,
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
  'hold',
  'cubic-bezier(0.34, 1.56, 0.64, 1)',
)
const time = fc.oneof(
  ms,
  ms.map(value => `t+${value}ms`),
  ms.map(value => `t+${value / 1_000}s`),
  ms.map(value => `t+${Math.floor(value / 30)}f`),
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
    from: fc.constantFrom(0, 0.5, 1.5),
  },
  { requiredKeys: ['type'] },
)

const keyframes = (value: fc.Arbitrary<number | string>) =>
  fc.array(fc.record({ at: time, value, easing }, { requiredKeys: ['at', 'value'] }), { minLength: 1, maxLength: 4 })

const automation: fc.Arbitrary<Automation> = fc
  .constantFrom(
    ...['opacity', 'position.x', 'position.y', 'scale', 'text', 'rotation', 'crop.left', 'crop.bottom'],
    ...['color', 'number', 'scroll'],
  )
  .chain(property => {
    const value: Record<string, fc.Arbitrary<number | string>> = {
      opacity: fc.double({ min: 0, max: 1, noNaN: true }),
      'position.x': fc.integer({ min: -200, max: 800 }),
      'position.y': fc.integer({ min: -200, max: 800 }),
      scale: fc.double({ min: 0, max: 3, noNaN: true }),
      text: fc.string(),
      rotation: fc.integer({ min: -400, max: 400 }),
      'crop.left': fc.double({ min: 0, max: 1, noNaN: true }),
      'crop.bottom': fc.double({ min: 0, max: 1, noNaN: true }),
      color: fc.constantFrom('#000000', '#FFffFF80', '#c0392b'),
      number: fc.integer({ min: -5, max: 5_000 }),
      scroll: fc.double({ min: 0, max: 1, noNaN: true }),
    }
    return keyframes(value[property]).map(
      keys => ({ property, keyframes: keys as Automation['keyframes'] }) as Automation,
    )
  })

const slide: fc.Arbitrary<Slide> = fc.record(
  { assetRef: fc.constantFrom('a', 'b'), duration: fc.constantFrom(300, '15f') },
  { requiredKeys: ['assetRef'] },
)

const content: fc.Arbitrary<Partial<Cue>> = fc.oneof(
  fc.record({ assetRef: fc.constantFrom('a', 'b') }),
  fc.record({ text: fc.record({ value: fc.constantFrom('Hello', '{{place}} now', 'two\nlines {{missing}}') }) }),
  fc.record({ shape: fc.record({ type: fc.constant('rectangle' as const), color: fc.constant('#20406080') }) }),
  fc.record({ text: fc.record({ value: fc.constantFrom('{{number}} of them', 'a {{number}} b {{place}}') }) }),
  fc.record({ qr: fc.record({ value: fc.constantFrom('https://example.com', '{{place}}') }) }),
  fc.record({
    slides: fc.record(
      {
        items: fc.array(slide, { minLength: 1, maxLength: 4 }).map(items => items as [Slide, ...Slide[]]),
        every: fc.constantFrom('500ms', 700),
        transition,
        loop: fc.boolean(),
      },
      { requiredKeys: ['items', 'every'] },
    ),
  }),
  fc.record({
    text: fc.record({
      value: fc.constantFrom('A line that runs', 'שלום {{place}}'),
      background: fc.constant('#00000080'),
      ticker: fc.record(
        { speed: fc.constantFrom(0, 90, 400), gap: fc.constantFrom(0, 40) },
        { requiredKeys: ['speed'] },
      ),
    }),
  }),
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
            rotation: fc.constantFrom(0, 30, -90),
            crop: fc.record({ left: fc.constantFrom(0, 0.3), top: fc.constantFrom(0, 0.6) }, { requiredKeys: [] }),
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
  .map(([rest, what]) => sized({ ...rest, ...what } as Cue))

/** A ticker needs a box. */
const sized = (one: Cue): Cue =>
  one.text?.ticker && !one.properties?.size
    ? { ...one, properties: { ...one.properties, size: { width: 300, height: 60 } } }
    : one

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
        a: fc.record(
          {
            available: fc.boolean(),
            width: fc.constant(300),
            height: fc.constant(200),
            pictures: fc.constantFrom([100, 250, 300], [40, 80]),
          },
          { requiredKeys: ['available', 'width', 'height'] },
        ),
        b: fc.record({ available: fc.boolean(), width: fc.constant(64), height: fc.constant(64) }),
      },
      { requiredKeys: [] },
    ),
    reached: fc.record({ presets: fc.constantFrom({}, { Front: 700 }, { Front: 100, Back: 2_500 }) }),
    standIn: fc.constant(true),
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
