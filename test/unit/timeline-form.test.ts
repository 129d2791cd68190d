import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipsIn } from '../../nodes/lib-ui/clips.ts'
import { clipName, pictureOf, sourceOf, withSource } from '../../nodes/ui-vistter-timelines/form.ts'
import { progressOf } from '../../nodes/ui-vistter-timelines/list-words.ts'
import type { Draft, DraftCue } from '../../nodes/ui-vistter-timelines/model/cue.ts'
import { faultsOf, type Stock } from '../../nodes/ui-vistter-timelines/model/faults.ts'
import { fillerCue, fillingAt, firstOf, withItem } from '../../nodes/ui-vistter-timelines/model/filler.ts'
import { labelOf } from '../../nodes/ui-vistter-timelines/model/labels.ts'
import { momentOf } from '../../nodes/ui-vistter-timelines/model/moment.ts'
import type { Program, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { withFiller } from '../../runtime/control/show/timeline/filler.ts'
import { endOf, hasPicture, lengthOf } from '../../runtime/control/show/timeline/score.ts'
import { clipsOf } from '../../runtime/control/show/wired-sources.ts'

const stock: Stock = {
  cameras: [{ id: 'C1', name: 'Pier' }],
  clips: [
    { id: 'clip-1', name: 'harbour.mp4' },
    { id: 'clip-2', name: 'harbour.mp4' },
    { id: 'bars', name: 'Colour bars' },
  ],
  ...{ presets: { C1: [] }, overlays: {}, sounds: [] },
}
const cue = (what: Partial<DraftCue>): DraftCue => ({ id: 'a', start: 0, duration: 10_000, ...what })
const draft = (cues: DraftCue[], filler: Draft['filler'] & object, rest: Partial<Draft> = {}): Draft => ({
  ...{ name: 'Day', loop: false, gap: 'filler', timing: 'clock', offAir: false, cues, filler, ...rest },
})

describe('clips', () => {
  test('what the wires lead from besides cameras can be chosen, each once', () => {
    const clip = { kind: 'clip', file: '/media/harbour.mp4', loop: true } as const
    const slate = { kind: 'slate', title: 'Closed', subtitle: '', image: '/media/closed.png' } as const
    const names = clipsOf([{ kind: 'camera', camera: '*' }, slate, clip, clip]).map(({ name }) => name)
    expect(names).toEqual(['closed.png', 'harbour.mp4'])
    const program = { clips: [{ id: 'bars', name: 'Colour bars' }] } as Program
    expect(clipsIn({ programs: {} })).toBeUndefined()
    expect(clipsIn({ programs: { main: program, twin: program } })).toEqual(program.clips)
  })

  test('a cue names a clip by its name, or by its id where two have one name; a camera goes for a clip', () => {
    const [first, second] = stock.clips ?? []
    expect(first && second && [clipName(stock, first), clipName(stock, second)]).toEqual(['harbour.mp4', 'clip-2'])
    const shot = cue({ camera: 'C1', preset: 'wide', swing: 'slate', transition: { type: 'fade' } })
    const clip = withSource(shot, 'clip:harbour.mp4')
    expect(clip).toEqual(cue({ clip: 'harbour.mp4', transition: { type: 'fade' } }))
    expect(sourceOf(clip)).toBe('clip:harbour.mp4')
    expect(withSource(clip, 'camera:slate')).toMatchObject({ camera: 'slate' })
    expect(withSource(clip, '')).toEqual(cue({}))
    expect(pictureOf('clip:a:b.mp4')).toEqual({ clip: 'a:b.mp4' })
  })

  test('one that is gone is said at its cue, with where clips come from', () => {
    expect(labelOf(cue({ clip: 'clip-2' }), stock)).toBe('harbour.mp4')
    expect(faultsOf(cue({ clip: 'clip-2' }), stock)).toEqual([])
    const [fault] = faultsOf(cue({ clip: 'old.mp4' }), stock)
    expect(fault?.detail).toBe('The flow has no clip old.mp4.')
    expect(fault?.hint).toContain('flow editor')
    expect(faultsOf(cue({ clip: 'old.mp4' }), { ...stock, clips: undefined })).toEqual([])
  })
})

test('a break is a cue of its own, and says when no spot fits into it', () => {
  expect(labelOf(cue({ ads: {} }), stock)).toBe('Ad break')
  expect(faultsOf(cue({ ads: {}, duration: 30_000 }), stock)).toEqual([])
  for (const short of [cue({ ads: {} }), cue({ ads: { spot: 11_000 } })])
    expect(faultsOf(short, stock).map(({ detail }) => detail)).toEqual(['No spot fits into this break.'])
  expect(faultsOf(cue({}), stock).map(({ detail }) => detail)).toEqual(['This cue does nothing.'])
})

describe('filler', () => {
  const items = fc.array(fc.integer({ min: 1_000, max: 9_000 }), { minLength: 1, maxLength: 4 })
  /** Pictures one after the other, with and without gaps, and something that lasts longer than they. */
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 100, max: 8_000 })), {
    maxLength: 5,
  })

  test('the editor shows at each moment what the appliance would', () => {
    const place = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(items, spans, place, place, (durations, gaps, tail, position) => {
        let at = 0
        const cues = gaps.map(([before, duration], n): DraftCue => {
          at += before + duration
          return { id: `p${n}`, start: at - duration, duration, camera: 'C1' }
        })
        if (tail >= 100) cues.push({ id: 'tail', start: 0, duration: tail, overlay: 'name' })
        const filler = durations.map((duration, n) => ({ clip: `c${n}`, duration }))
        const written = draft(cues, filler)
        const played = withFiller({ gap: 'filler', filler, cues }).filter(hasPicture)
        const wanted = played.find(each => each.start <= position && position < endOf(each))
        if (position >= lengthOf(cues) || wanted?.camera) return
        expect(fillingAt(written, position)?.clip).toBe(wanted?.clip)
        if (wanted) expect(fillerCue(written, wanted.id)?.clip).toBe(wanted.clip)
      }),
      { numRuns: 3_000 },
    )
  })

  test('it begins with a clip where there is one, and is shown and told by its name', () => {
    expect(withItem([], firstOf(stock))).toEqual([{ clip: 'harbour.mp4', duration: 30_000 }])
    expect(firstOf({ clips: undefined, cameras: stock.cameras })).toEqual({ camera: 'C1' })
    expect(firstOf({ clips: [], cameras: [] })).toEqual({ camera: 'slate' })
    const written = draft([cue({ start: 60_000, camera: 'C1' })], [{ clip: 'harbour.mp4', duration: 30_000 }])
    expect(momentOf(written, 5_000).picture).toMatchObject({ cue: { clip: 'harbour.mp4' }, held: false })
    const timeline = { ...written, id: 'T', duration: 70_000, problems: [], revision: 1, state: { status: 'idle' } }
    const state = { status: 'running', zeroAt: new Date(0).toISOString(), cue: { id: 'filler 0.0', moving: false } }
    expect(progressOf(timeline as unknown as Timeline, state as Timeline['state'], stock, 5_000)?.now).toBe(
      'harbour.mp4',
    )
  })
})
