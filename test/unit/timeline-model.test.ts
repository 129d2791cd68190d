import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  collisionsOf,
  type Draft,
  type DraftCue,
  endOf,
  LATEST,
  SHORTEST,
} from '../../nodes/ui-vistter-timelines/model/cue.ts'
import { added, changed, moved, removed, resized, swapped } from '../../nodes/ui-vistter-timelines/model/edits.ts'
import { begun, did, redone, undone } from '../../nodes/ui-vistter-timelines/model/history.ts'
import { snap, snapMove } from '../../nodes/ui-vistter-timelines/model/snap.ts'
import { blocksOf } from '../../nodes/ui-vistter-timelines/model/tracks.ts'
import { checkScore } from '../../runtime/control/show/timeline/score.ts'

let serial = 0
const draftOf = (cues: DraftCue[]): Draft => ({
  ...{ name: 'Day', loop: true, gap: 'hold', timing: 'clock', offAir: false, cues },
})
const picture = (id: string, start: number, duration: number): DraftCue => ({ id, start, duration, camera: 'quay' })

/** What a cue does: pictures, overlays and breaks compete, sound does not. */
const doing = fc.constantFrom<Partial<DraftCue>>(
  { camera: 'quay' },
  { camera: 'quay', preset: 'wide', overlay: 'name' },
  { overlay: 'name' },
  { overlay: { id: 'logo', scene: 'big' } },
  { ads: {}, overlay: 'frame' },
  { ads: {} },
  { audio: { mute: true } },
)
const time = fc.integer({ min: -5_000, max: 60_000 })
const given = (prefix: string) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: SHORTEST, max: 12_000 }), doing), {
      maxLength: 9,
    })
    .map(all => all.map(([start, duration, what], n): DraftCue => ({ id: `${prefix}${n}`, start, duration, ...what })))
/** Only what stands beside the others. */
const drafts = given('c').map(cues => {
  const kept: DraftCue[] = []
  for (const cue of cues) if (collisionsOf(kept, cue).length === 0) kept.push(cue)
  return draftOf(kept)
})
const ids = fc
  .array(
    fc.integer({ min: 0, max: 8 }).map(n => `c${n}`),
    { maxLength: 4 },
  )
  .map(all => new Set(all))
const id = fc.integer({ min: 0, max: 8 }).map(n => `c${n}`)
const edge = fc.constantFrom('start' as const, 'end' as const)
const edits: fc.Arbitrary<(draft: Draft) => Draft> = fc.oneof(
  fc.tuple(ids, time).map(
    ([some, by]) =>
      (draft: Draft) =>
        moved(draft, some, by),
  ),
  fc.tuple(id, edge, time, fc.boolean()).map(
    ([one, side, to, push]) =>
      (draft: Draft) =>
        resized(draft, one, side, to, push),
  ),
  fc.tuple(ids, fc.boolean()).map(
    ([some, close]) =>
      (draft: Draft) =>
        removed(draft, some, close),
  ),
  fc.tuple(id, fc.constantFrom(-1 as const, 1 as const)).map(
    ([one, way]) =>
      (draft: Draft) =>
        swapped(draft, one, way),
  ),
  fc.tuple(id, doing).map(([one, what]) => (draft: Draft) => {
    const cue = draft.cues.find(each => each.id === one)
    return cue ? changed(draft, { id: one, start: cue.start, duration: cue.duration, ...what }) : draft
  }),
  fc.tuple(drafts, time).map(
    ([{ cues }, by]) =>
      (draft: Draft) =>
        added(
          draft,
          cues.map(cue => ({ ...cue, id: `new-${++serial}-${cue.id}` })),
          by,
        ),
  ),
)

test('no edit makes what the appliance refuses, however many follow one another', () => {
  fc.assert(
    fc.property(drafts, fc.array(edits, { maxLength: 8 }), (draft, all) => {
      const { cues } = all.reduce((now, edit) => edit(now), draft)
      checkScore(cues, false)
      for (const cue of cues) {
        expect(cue.duration).toBeGreaterThanOrEqual(SHORTEST)
        expect(cue.start).toBeGreaterThanOrEqual(0)
        expect(cue.start).toBeLessThanOrEqual(LATEST)
        expect(Number.isInteger(cue.start) && Number.isInteger(cue.duration)).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('undo takes back what was done, and redo does it again', () => {
  fc.assert(
    fc.property(drafts, fc.array(edits, { minLength: 1, maxLength: 12 }), (draft, all) => {
      const states = [draft]
      let history = begun(draft)
      for (const edit of all) {
        const next = edit(history.present)
        if (next !== history.present) states.push(next)
        history = did(history, next)
      }
      for (const state of states.toReversed()) {
        expect(history.present).toBe(state)
        history = undone(history)
      }
      for (const state of states) {
        expect(history.present).toBe(state)
        history = redone(history)
      }
    }),
  )
})

test('letters of one name are one step', () => {
  const typed = ['N', 'Ni', 'Night'].reduce((now, name) => did(now, name, 'name'), begun(''))
  expect(undone(typed).present).toBe('')
  const both = did(did(begun(''), 'Night', 'name'), 'Night!', 'gap')
  expect(undone(both).present).toBe('Night')
  expect(did(undone(both), 'x', 'name').past).toEqual(['', 'Night'])
})

describe('snap', () => {
  const magnets = fc.record({
    marks: fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 6 }),
    seconds: fc.boolean(),
    reach: fc.integer({ min: 0, max: 900 }),
  })

  test('snapping twice is snapping once, and never goes farther than it may', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), magnets, (at, all) => {
        const once = snap(at, all)
        expect(snap(once, all)).toBe(once)
        expect(Math.abs(once - at)).toBeLessThanOrEqual(all.reach)
      }),
    )
    fc.assert(
      fc.property(time, fc.integer({ min: 100, max: 9_999 }), time, magnets, (start, duration, by, all) => {
        const span = { start, end: start + duration }
        const once = snapMove(span, by, all)
        expect(snapMove(span, once, all) - once).toBe(0)
        expect(Math.abs(once - by)).toBeLessThanOrEqual(all.reach)
      }),
    )
  })

  test('the nearer magnet draws; of a cue, its nearer end', () => {
    const all = { marks: [4_900], seconds: true, reach: 200 }
    expect([snap(4_910, all), snap(4_970, all), snap(5_300, all)]).toEqual([4_900, 5_000, 5_300])
    expect(snapMove({ start: 0, end: 2_450 }, 2_430, all)).toBe(2_450)
  })
})

describe('edits', () => {
  const three = draftOf([picture('a', 0, 4_000), picture('b', 4_000, 2_000), picture('c', 8_000, 1_000)])
  const spans = ({ cues }: Draft) => cues.map(cue => `${cue.id} ${cue.start}-${endOf(cue)}`)

  test('a cue is moved to where there is room', () => {
    expect(spans(moved(three, new Set(['c']), -1_500))).toEqual(['a 0-4000', 'b 4000-6000', 'c 6500-7500'])
    expect(spans(moved(three, new Set(['c']), -3_000))).toEqual(['a 0-4000', 'b 4000-6000', 'c 6000-7000'])
    expect(spans(moved(three, new Set(['b']), 9_000))).toEqual(['a 0-4000', 'c 8000-9000', 'b 13000-15000'])
    expect(moved(three, new Set(['a']), -500)).toBe(three)
  })

  test('an edge stops at the next picture, or pushes it', () => {
    expect(spans(resized(three, 'b', 'end', 9_500))).toEqual(['a 0-4000', 'b 4000-8000', 'c 8000-9000'])
    expect(spans(resized(three, 'b', 'end', 9_500, true))).toEqual(['a 0-4000', 'b 4000-9500', 'c 11500-12500'])
    expect(spans(resized(three, 'a', 'end', 3_000, true))).toEqual(['a 0-3000', 'b 3000-5000', 'c 7000-8000'])
    expect(spans(resized(three, 'b', 'start', 0))).toEqual(['a 0-4000', 'b 4000-6000', 'c 8000-9000'])
  })

  test('pictures change places; one that is taken out may leave no gap', () => {
    expect(spans(swapped(three, 'a', 1))).toEqual(['b 0-2000', 'a 2000-6000', 'c 8000-9000'])
    expect(spans(swapped(three, 'b', 1))).toEqual(['a 0-4000', 'c 4000-5000', 'b 7000-9000'])
    expect(swapped(three, 'a', -1)).toBe(three)
    expect(spans(removed(three, new Set(['b']), true))).toEqual(['a 0-4000', 'c 6000-7000'])
    expect(spans(added(three, [picture('d', 0, 2_000)], 3_000))).toEqual([
      ...spans(three).slice(0, 2),
      'd 6000-8000',
      'c 8000-9000',
    ])
  })

  test('what cannot stand beside another picture is not said of a cue', () => {
    const draft = draftOf([picture('a', 0, 4_000), { id: 'o', start: 1_000, duration: 500, overlay: 'name' }])
    expect(changed(draft, { id: 'o', start: 1_000, duration: 500, camera: 'quay' })).toBe(draft)
    expect(changed(draft, { id: 'o', start: 1_000, duration: 500, overlay: 'logo' }).cues[1]).toMatchObject({
      overlay: 'logo',
    })
  })
})

test('on a track each cue is in a lane that is free', () => {
  fc.assert(
    fc.property(drafts, ({ cues }) => {
      for (const track of ['picture', 'overlay', 'sound'] as const) {
        const { lanes, blocks } = blocksOf(cues, track)
        for (const { cue, lane } of blocks) {
          expect(lane).toBeLessThan(lanes)
          const beside = blocks.filter(other => other.lane === lane && other.cue.id !== cue.id)
          expect(
            beside.every(({ cue: { start, duration } }) => start + duration <= cue.start || start >= endOf(cue)),
          ).toBe(true)
        }
      }
    }),
  )
})
