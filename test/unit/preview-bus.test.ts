import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { type PlanFacts, plan } from '../../runtime/control/show/plan.ts'
import { PreviewBus } from '../../runtime/control/show/preview/preview-bus.ts'
import { PREVIEW, type Previewed, withPreview } from '../../runtime/control/show/preview/preview-plan.ts'
import { clock, useVirtualTime } from './show-stage.ts'
import { cue } from './timeline-stage.ts'

const document = {
  ocl: '1.0',
  timeline: { id: 'title', version: 1, frameRate: 30, resolution: { width: 640, height: 360 } },
  scenes: [
    {
      ...{ id: 's', start: 0 },
      tracks: [
        {
          id: 't',
          kind: 'any',
          cues: [{ id: 'c', start: 0, duration: 9_000, layer: 0, text: { value: '{{locationName}}' } }],
        },
      ],
    },
  ],
}
const facts: PlanFacts = {
  settings: { program: { width: 640, height: 360, fps: 30 }, slateAfterMs: 2_000, locationName: 'Harbour', tokens: {} },
  cameras: [{ id: 'quay', name: 'Quay', url: 'rtsp://quay/1', audio: 'off', onFrozen: 'slate' }],
  overlays: [{ id: 'title', document, assets: {}, playing: { startedAt: 5_000 } }],
  wiring: {
    programs: [
      {
        id: 'main',
        sources: [{ kind: 'camera', camera: '*' }],
        fallback: [{ kind: 'slate', title: 'Back soon', subtitle: '' }],
      },
    ],
    outputs: [{ program: 'main', destination: '*', overlays: ['*'], profile: 'destination' }],
  },
  takes: { main: { id: 'T', source: 'quay', why: 'test' } },
  ...{ destinations: [], recordings: [], overrides: { main: { kind: 'slate' } } },
} as PlanFacts

describe('the preview bus in the plan', () => {
  const previewed: Previewed = {
    ...{ like: 'main', onAir: { id: 'T', source: 'quay', why: 'test' } },
    overlays: [{ id: 'title', playing: { startedAt: 5_000 } }],
  }

  it('is a program that shows what the main one would, without its override, and changes nothing of it', () => {
    const desired = plan(facts)
    const both = withPreview(desired, previewed, facts)
    expect({ ...both, programs: both.programs.slice(0, 1), overlays: both.overlays.slice(0, 1) }).toEqual(desired)
    const { override: _, sound: __, ...main } = desired.programs[0] ?? { override: 'slate' }
    expect(both.programs[1]).toEqual({ ...main, id: PREVIEW, buses: [{ id: 'all', overlays: 'all' }] })
    expect(both.overlays[1]).toEqual({ ...desired.overlays[0], program: PREVIEW })
    expect(withPreview(desired, undefined, facts)).toBe(desired)
  })

  it('plays overlays in its own time, whether or not they are on air', () => {
    const playing = { startedAt: 9_000, endsAt: 12_000 }
    const { overlays } = withPreview(plan(facts), { ...previewed, overlays: [{ id: 'title', playing }] }, facts)
    expect(overlays.map(each => [each.program, each.playing?.startedAt])).toEqual([
      ['main', 5_000],
      [PREVIEW, 9_000],
    ])
  })
})

describe('a timeline on the preview bus', () => {
  beforeEach(() => void useVirtualTime())
  afterEach(() => {
    bus?.stop()
    vi.useRealTimers()
  })
  let bus: PreviewBus | undefined
  const seen: string[] = []
  /** How long the overlays have something to show (ms). */
  let lasting = Number.POSITIVE_INFINITY

  async function previewing(body: Partial<Timeline>, start = {}) {
    seen.length = 0
    lasting = Number.POSITIVE_INFINITY
    const begun = clock.now()
    const made: PreviewBus = new PreviewBus({
      ...{ clock, programOf: () => 'main', lasts: (_, ms) => ms < lasting },
      timelines: () => [{ id: 'day', name: 'Day', loop: false, gap: 'hold', offAir: false, ...body } as Timeline],
      program: {
        aim: (program, source) => {
          if (source === 'sold') throw new Error('no such camera')
          return { program, source, name: source, isCamera: true }
        },
        nameIn: (_, source) => source.toUpperCase(),
      },
      turning: {
        preset: (camera = 'quay', wanted) =>
          wanted === 'lost' ? undefined : { id: `${camera}/${wanted}`, camera, name: wanted },
        standsAt: camera => ({ id: `${camera}/wide`, camera, name: 'wide' }),
      },
      changed: async () => {
        const { onAir, overlays } = made.previewed ?? { onAir: { source: 'nothing' }, overlays: [] }
        const at = 'at' in onAir && onAir.at !== undefined ? ` at ${onAir.at - begun}` : ''
        const shown = overlays.map(({ id, playing, following }) => {
          const then = following ? `, then ${(following.play?.startedAt ?? 0) - begun}` : ''
          const until = playing?.endsAt === undefined ? 'on' : `to ${playing.endsAt - begun}`
          return ` ${id} ${(playing?.startedAt ?? 0) - begun} ${until}${then}`
        })
        seen.push(`${clock.now() - begun} ${onAir.source}${at}${shown.join('')}`)
      },
    })
    bus = made
    const answer = await made.operations().previewTimeline?.({
      ...{ params: { id: 'day' }, query: {}, body: start, actor: { kind: 'user', name: 'anna', role: 'operator' } },
    })
    return { made, answer }
  }

  it('shows each cue at its time, told ahead; an overlay of two that touch goes on; and it ends by itself', async () => {
    const cues = [
      cue('a', 0, 2_000, { camera: 'quay', overlay: 'title' }),
      cue('b', 2_000, 1_000, { camera: 'sold', overlay: 'title' }),
      cue('c', 4_000, 1_000, { camera: 'nave' }),
    ]
    const { made, answer } = await previewing({ gap: 'slate', cues })
    expect(answer).toMatchObject({ timeline: 'day', name: 'Day', url: '/preview/preview-bus.flv' })
    await vi.advanceTimersByTimeAsync(7_000)
    expect(seen).toEqual([
      '0 quay title 1000 on',
      '2400 slate at 3000 title 1000 to 4000',
      '3400 slate at 4000 title 1000 to 4000',
      '4400 nave at 5000',
      '6000 nothing',
    ])
    expect(made.previewed).toBeUndefined()
  })

  it('joins in the middle, goes round in a loop, and gives way to the next one', async () => {
    const cues = [cue('a', 0, 2_000, { camera: 'quay', overlay: 'title' }), cue('b', 2_000, 1_000, { camera: 'nave' })]
    const { made } = await previewing({ loop: true, cues }, { position: 1_500 })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(seen).toEqual([
      '0 quay title -500 to 1500',
      '900 nave at 1500 title -500 to 1500',
      '1900 quay at 2500 title 2500 to 4500',
    ])
    made.stop()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(seen).toHaveLength(3)
  })

  it('fills gaps as the timeline does on air', async () => {
    const cues = [cue('a', 0, 2_000, { camera: 'quay' }), cue('b', 5_000, 1_000, { camera: 'quay' })]
    const filler = [
      { duration: 2_000, camera: 'nave' },
      { duration: 4_000, camera: 'slate' },
    ]
    await previewing({ gap: 'filler', filler, cues })
    await vi.advanceTimersByTimeAsync(6_500)
    expect(seen).toEqual(['0 quay', '2400 nave at 3000', '4400 slate at 5000', '5400 quay at 6000'])
  })

  it('turns no camera, and tells which views there are on air', async () => {
    const cues = [
      cue('a', 0, 2_000, { camera: 'nave', preset: 'wide' }),
      cue('b', 2_000, 1_000, { preset: 'close' }),
      cue('c', 3_000, 1_000, { camera: 'quay', preset: 'lost' }),
    ]
    const { answer } = await previewing({ cues })
    expect(answer).toMatchObject({
      shots: [
        { cue: 'a', camera: 'NAVE', preset: 'wide', stands: true },
        { cue: 'b', camera: 'QUAY', preset: 'close', stands: false },
      ],
    })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(seen.map(line => line.split(' ')[1])).toEqual(['nave', 'quay'])
  })

  it('is refused where there is nothing to be seen', async () => {
    await expect(previewing({ cues: [] })).rejects.toMatchObject({ code: 'CONFLICT' })
    const cues = [cue('a', 0, 2_000, { camera: 'quay' })]
    await expect(previewing({ cues }, { position: 2_000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(previewing({ id: 'other', cues })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
