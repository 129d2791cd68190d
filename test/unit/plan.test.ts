import { describe, expect, test } from 'vitest'
import type { WiredProfile, Wiring } from '../../runtime/contract/generated/wiring.v1.ts'
import { toFraction } from '../../runtime/control/show/frame-rate.ts'
import { type PlanFacts, plan } from '../../runtime/control/show/plan.ts'
import type { SoundChoice } from '../../runtime/control/show/sound.ts'
import { sourceName } from '../../runtime/control/show/wired-sources.ts'
import { destinationWire, overlayReached, sourceReached } from '../../runtime/control/show/wires.ts'

const profile = { width: 1280, height: 720, fps: 30, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }
const shipped: Wiring = {
  programs: [
    {
      id: 'main',
      sources: [{ kind: 'camera', camera: '*' }],
      fallback: [{ kind: 'slate', title: 'Back soon', subtitle: 'at {{locationName}}' }],
    },
  ],
  outputs: [{ destination: '*', program: 'main', overlays: ['*'], profile: 'destination' }],
}
const camera = (id: string, name = id) => ({ id, name, url: `rtsp://${id}`, audio: 'off', onFrozen: 'flag' }) as const
const destination = (id: string, more = {}) => ({ id, name: id, url: 'rtmp://p/live', profile, started: true, ...more })
const facts = (more: Partial<PlanFacts> = {}): PlanFacts => ({
  settings: {
    program: { width: 1920, height: 1080, fps: 30 },
    slateAfterMs: 2000,
    locationName: 'Harbour',
    tokens: {},
  },
  cameras: [camera('a', 'Pier'), camera('b', 'Door')],
  destinations: [destination('x')],
  overlays: [],
  recordings: [],
  wiring: shipped,
  takes: {},
  overrides: {},
  ...more,
})

describe('plan', () => {
  test('the same facts give the same plan, so nothing happens when nothing changed', () => {
    expect(plan(facts())).toEqual(plan(structuredClone(facts())))
  })

  test('a take rules while its source exists; otherwise the first wired camera is shown', () => {
    const take = { id: 't1', source: 'b', why: 'operator' }
    expect(plan(facts({ takes: { main: take } })).programs[0].onAir).toEqual(take)
    expect(plan(facts({ takes: { main: { ...take, source: 'gone' } } })).programs[0].onAir?.source).toBe('a')
    expect(plan(facts({ cameras: [] })).programs[0].onAir?.source).toBe('slate')
  })

  test('a camera that the wire names goes on air without a take, and one that no wire reaches cannot be taken', () => {
    const wiring: Wiring = {
      ...shipped,
      programs: [{ ...shipped.programs[0], sources: [{ kind: 'camera', camera: 'Door' }] }],
    }
    const planned = plan(facts({ wiring, takes: { main: { id: 't', source: 'a', why: 'operator' } } }))
    expect(planned.programs[0].onAir?.source).toBe('b')
    expect(sourceReached(wiring.programs[0], 'a', facts().cameras)).toBe(false)
    expect(sourceReached(wiring.programs[0], 'slate', facts().cameras)).toBe(true)
  })

  test('the fallback chain is the wired one, in its order, and fills the texts', () => {
    const wiring: Wiring = {
      ...shipped,
      programs: [
        {
          ...shipped.programs[0],
          fallback: [
            { kind: 'camera', camera: 'Door' },
            { kind: 'clip', file: '/media/loop.mp4', loop: true },
            ...shipped.programs[0].fallback,
          ],
        },
      ],
    }
    const planned = plan(facts({ wiring }))
    const [backup, clip, slate] = planned.programs[0].fallback
    expect([backup, slate]).toEqual(['b', 'slate'])
    expect(planned.sources.find(({ id }) => id === clip)).toMatchObject({ kind: 'clip', file: '/media/loop.mp4' })
    expect(planned.sources.find(({ id }) => id === 'slate')).toMatchObject({ subtitle: 'at Harbour' })
  })

  test('clips and bars that a wire makes sources are there to be taken; as a fallback a clip loops', () => {
    const once = { kind: 'clip', file: '/media/intro.mp4', loop: false } as const
    const bars = { kind: 'bars', tone: true } as const
    const main = { ...shipped.programs[0], sources: [...shipped.programs[0].sources, once, bars], fallback: [once] }
    const take = { id: 't1', source: 'bars', why: 'operator' }
    const planned = plan(facts({ wiring: { ...shipped, programs: [main] }, takes: { main: take } }))
    expect(planned.programs[0].onAir).toEqual(take)
    expect(planned.sources.find(({ id }) => id === 'bars')).toMatchObject({ kind: 'bars', tone: true })
    expect(planned.sources.flatMap(source => (source.kind === 'clip' ? [source.loop] : [])).sort()).toEqual([
      false,
      true,
    ])
    expect(plan(facts({ takes: { main: take } })).programs[0].onAir?.source).toBe('a')
  })

  test("a program's sound: the operator's word goes before the flow's, null gives it back, what is not here is left out", () => {
    const bed = { asset: 'jazz', gain: -12, mute: false, ducking: 9 }
    const wiring = { ...shipped, programs: [{ ...shipped.programs[0], sound: { bed, loudness: -16 } }] }
    const sounds = [
      { id: '01A', name: 'jazz', file: '/data/jazz' },
      { id: '01B', name: 'waves', file: '/data/waves' },
    ]
    const soundOf = (main?: SoundChoice, w: Wiring = wiring) =>
      plan(facts({ wiring: w, sounds, sound: main ? { main } : {} })).programs[0].sound
    expect(soundOf()).toEqual({ bed: { file: '/data/jazz', gain: -12, mute: false, duck: 9 }, loudness: -16 })
    expect(soundOf({ mute: true, bed: { asset: '01B', mute: true }, loudness: 0 })).toEqual({
      mute: true,
      bed: { file: '/data/waves', gain: -12, mute: true, duck: 9 },
    })
    expect(soundOf({ bed: { asset: 'gone' }, loudness: 0 })).toBeUndefined()
    expect(soundOf({ bed: { mute: true } })?.bed).toEqual({ file: '/data/jazz', gain: -12, mute: true, duck: 9 })
    expect(soundOf(undefined, shipped)).toBeUndefined()
    expect(soundOf({ loudness: -1 })?.loudness).toBe(-5)
    const path = { ...shipped, programs: [{ ...shipped.programs[0], sound: { bed: { ...bed, asset: '/srv/a.mp3' } } }] }
    expect(soundOf(undefined, path)?.bed?.file).toBe('/srv/a.mp3')
  })

  test('gain and mute of a clip are its settings: they make no other source of it', () => {
    const clip = (more: object) => {
      const once = { kind: 'clip' as const, file: '/media/intro.mp4', loop: false, ...more }
      const main = { ...shipped.programs[0], sources: [once] }
      return plan(facts({ wiring: { ...shipped, programs: [main] } })).sources.find(({ kind }) => kind === 'clip')
    }
    const louder = clip({ gain: 6, mute: true })
    expect(louder).toMatchObject({ kind: 'clip', gain: 6, mute: true })
    expect(louder?.id).toBe(clip({})?.id)
  })

  test("an encoder node's numbers go before the destination's, its bitrate floor too", () => {
    const through = (wired: WiredProfile, more = {}) => {
      const wiring = { ...shipped, outputs: [{ ...shipped.outputs[0], profile: wired }] }
      const planned = plan(facts({ wiring, destinations: [destination('x', more)] }))
      return { encoder: planned.encoders[0]?.profile, auto: planned.outputs[0]?.autoBitrate }
    }
    const wired = { ...profile, videoBitrate: 6000, preset: 'fast', h264Profile: 'main', level: '4.1' } as const
    expect(through(wired)).toEqual({ encoder: wired, auto: undefined })
    expect(through(wired, { autoBitrateFloor: 700 }).auto).toEqual({ most: 6000, least: 700 })
    expect(through({ ...wired, autoBitrateFloor: 900 })).toEqual({ encoder: wired, auto: { most: 6000, least: 900 } })
    expect(through({ ...wired, autoBitrateFloor: 0 }, { autoBitrateFloor: 700 }).auto).toBeUndefined()
  })

  test('equal profiles share one encoder; a stopped destination has neither encoder nor output', () => {
    const small = { ...profile, width: 640, height: 360 }
    const planned = plan(
      facts({
        destinations: [
          destination('x'),
          destination('y'),
          destination('z', { profile: small }),
          destination('off', { started: false }),
        ],
      }),
    )
    expect(planned.encoders).toHaveLength(2)
    expect(planned.outputs.map(({ id }) => id)).toEqual(['x', 'y', 'z'])
    expect(planned.outputs[0].encoder).toBe(planned.outputs[1].encoder)
  })

  test('without a wire there is no output, and buses never depend on what is started', () => {
    const cut = { ...shipped, outputs: [] }
    expect(plan(facts({ wiring: cut })).outputs).toEqual([])
    expect(destinationWire(cut, { id: 'x', name: 'x' })).toBeUndefined()
    const stopped = plan(facts({ destinations: [destination('x', { started: false })] }))
    expect(stopped.programs).toEqual(plan(facts()).programs)
  })

  test('a program has its own picture and overlays; what its node leaves open is as in the settings; main comes first', () => {
    const wiring: Wiring = {
      programs: [
        { ...shipped.programs[0], id: 'a-tall', picture: { width: 1080, height: 1920, fit: 'crop', focusX: 25 } },
        ...shipped.programs,
      ],
      outputs: [...shipped.outputs, { destination: 'tall', program: 'a-tall', overlays: ['clock'], profile }],
    }
    const overlay = (id: string) => ({ id, document: {}, assets: {} })
    const planned = plan(
      facts({ wiring, overlays: [overlay('clock'), overlay('lower')], destinations: [destination('tall')] }),
    )
    expect(planned.programs.map(({ id }) => id)).toEqual(['main', 'a-tall'])
    expect(planned.programs[0].view).toBeUndefined()
    expect(planned.programs[1]).toMatchObject({
      picture: { width: 1080, height: 1920, frameRate: { num: 30, den: 1 } },
      view: { fit: 'crop', focusX: 0.25 },
    })
    expect(planned.overlays.map(({ id, program }) => `${program}/${id}`)).toEqual([
      'main/clock',
      'a-tall/clock',
      'main/lower',
    ])
    expect(planned.encoders).toMatchObject([{ program: 'a-tall' }])
    const words = { scenes: [{ tracks: [{ cues: [{ text: { value: '{{ clock }} at {{locationName}}' } }] }] }] }
    const settings = { ...facts().settings, tokens: { clock: '12:00', temperature: '20' } }
    const filled = plan(facts({ settings, overlays: [{ ...overlay('lower'), document: words }] }))
    expect(filled.overlays[0].tokens).toEqual({ clock: '12:00', locationName: 'Harbour' })
    const unwired = plan(facts({ wiring: { ...shipped, outputs: [] }, overlays: [overlay('lower')] }))
    expect(unwired.overlays).toMatchObject([{ id: 'lower', program: 'main' }])
  })

  test("a camera's own feed is a hidden program: its picture, the wire's fallbacks, no overlays, an encoder of its own", () => {
    const own = { source: { camera: 'b' } }
    const overlays = [{ id: 'lower', document: {}, assets: {} }]
    const planned = plan(
      facts({ overlays, destinations: [destination('x'), destination('y', own), destination('z', own)] }),
    )
    expect(planned.programs.map(({ id }) => id)).toEqual(['main', 'feed-b'])
    expect(planned.programs[1]).toMatchObject({ onAir: { source: 'b' }, fallback: ['slate'] })
    expect(planned.encoders.map(({ program }) => program)).toEqual(['main', 'feed-b'])
    expect(planned.overlays.map(({ program }) => program)).toEqual(['main'])
    expect(plan(facts({ destinations: [destination('y', { ...own, started: false })] })).programs).toHaveLength(1)
    const onAir = (more: object) => plan(facts({ destinations: [destination('y', more)] })).programs[1]?.onAir
    const atPreset = { source: { camera: 'b', preset: 'p' } }
    expect(onAir(atPreset)).toMatchObject({ id: 'feed:b@p', source: 'b' })
    expect(onAir({ ...atPreset, turns: true })).toMatchObject({ id: 'feed:b@p:still', source: 'b', still: true })
    expect(onAir({ ...atPreset, waiting: true })).toBeUndefined()
    const gone = plan(facts({ destinations: [destination('y', { source: { camera: 'gone' } })] }))
    expect(gone.programs[1].onAir?.source).toBe('slate')
  })

  test('an override is part of the program and leaves its take alone; a stop has no outputs, feeds included', () => {
    const take = { id: 't1', source: 'b', why: 'operator' }
    const under = (kind: 'hold' | 'stop') => plan(facts({ takes: { main: take }, overrides: { main: { kind } } }))
    expect(under('hold').programs[0]).toMatchObject({ override: 'hold', onAir: take })
    expect(under('hold').outputs).toHaveLength(1)
    expect(under('stop')).toMatchObject({ outputs: [], encoders: [] })
    expect(under('stop').programs[0].override).toBeUndefined()
  })

  test('a destination wired past the overlays gets a clean bus', () => {
    const wiring: Wiring = {
      ...shipped,
      outputs: [{ destination: 'x', program: 'main', overlays: [], profile }, shipped.outputs[0]],
    }
    const planned = plan(facts({ wiring, destinations: [destination('x'), destination('y')] }))
    expect(planned.encoders.map(({ bus }) => bus)).toEqual(['clean', 'all'])
    expect(planned.programs[0].buses.map(({ id }) => id)).toEqual(['all', 'clean'])
    expect(overlayReached(wiring, 'lower')).toBe(true)
  })
})

test('frame rates people write become exact', () => {
  expect(toFraction(29.97)).toEqual({ num: 30000, den: 1001 })
  expect(toFraction(23.976)).toEqual({ num: 24000, den: 1001 })
  expect(toFraction(25)).toEqual({ num: 25, den: 1 })
  expect(toFraction(12.5)).toEqual({ num: 12500, den: 1000 })
})

describe('recordings', () => {
  const recorders = [{ program: 'main', overlays: ['*'], profile: 'destination' as const }]
  const wiring: Wiring = { ...shipped, recorders }
  const recordings = [{ id: 'r', name: 'R', program: 'main', folder: '/r', reserveBytes: 1 }]

  test('share the best encoder that runs anyway, and have their own while none does', () => {
    const better = destination('y', { profile: { ...profile, videoBitrate: 9_000 } })
    const shared = plan(facts({ wiring, recordings, destinations: [destination('x'), better] }))
    expect(shared.recordings?.[0]?.encoder).toBe(shared.outputs.find(({ id }) => id === 'y')?.encoder)
    expect(shared.encoders).toHaveLength(2)
    const alone = plan(facts({ wiring, recordings, destinations: [] }))
    expect(alone.encoders).toMatchObject([
      { id: alone.recordings?.[0]?.encoder, profile: { width: 1920, height: 1080, fps: 30, keyframeInterval: 2 } },
    ])
  })

  test('have the profile that their wire names', () => {
    const own = [{ program: 'main', overlays: [], profile: { ...profile, videoBitrate: 8_000 } }]
    const planned = plan(facts({ wiring: { ...shipped, recorders: own }, recordings }))
    expect(planned.encoders).toHaveLength(2)
    expect(planned.recordings?.[0]?.encoder).toContain('main/clean/1280x720@30-8000')
    expect(planned.programs[0]?.buses.map(({ id }) => id)).toEqual(['all', 'clean'])
  })

  test('without a wire do not run', () => {
    expect(plan(facts({ recordings })).recordings).toEqual([])
  })
})

test('a source is called by the name that people gave it', () => {
  const pier = camera('a', 'Pier')
  const jingle = { kind: 'clip', file: '/media/jingle.mp4', loop: false } as const
  const program = {
    sources: [jingle],
    fallback: [
      { ...jingle, file: '/media/break.mp4' },
      { kind: 'bars', tone: false },
    ],
  } as const
  const names = plan(
    facts({ wiring: { ...shipped, programs: [{ id: 'main', ...structuredClone(program) } as never] } }),
  )
    .sources.filter(({ kind }) => kind !== 'camera')
    .map(({ id }) => sourceName(id, program, [pier]))
  expect(names).toEqual(['Slate', 'jingle.mp4', 'break.mp4', 'Colour bars'])
  expect(sourceName('a', program, [pier])).toBe('Pier')
  expect(sourceName('slate', { sources: [], fallback: [] }, [])).toBe('Slate')
})
