import { expect, test } from 'vitest'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import type { Preview, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { PREVIEW } from '../../runtime/control/show/preview/preview-plan.ts'
import { type ClockStage, clockStageForEach } from './clock-stage.ts'
import { documentOf } from './ocl-arbitrary.ts'
import { cue } from './timeline-stage.ts'

let stage: ClockStage
clockStageForEach(made => {
  stage = made
})

const text = { layer: 0, text: { value: 'x' } }
const words = {
  ...documentOf([{ id: 'c', start: 0, duration: 60_000, ...text }], {}),
  scenes: ['a', 'b'].map(id => ({
    ...{ id, start: 0 },
    tracks: [{ id: 't', kind: 'any', cues: [{ id: `${id}c`, start: 0, duration: 60_000, ...text }] }],
  })),
}
/** Touching cues go on; another scene, one that is over, and a cue after a pause begin anew; the round goes on into the next. */
const cues = [
  cue('view', 0, 12_000, { camera: 'quay' }),
  cue('1', 0, 1_500, { overlay: { id: 'words', scene: 'a' } }),
  cue('2', 1_500, 1_000, { overlay: { id: 'words', scene: 'a' } }),
  cue('3', 2_500, 1_500, { overlay: { id: 'words', scene: 'b' } }),
  cue('4', 5_000, 2_000, { overlay: { id: 'words', scene: 'b' } }),
  cue('5', 7_000, 1_000, { overlay: { id: 'words', scene: 'b' } }),
  cue('6', 10_000, 2_000, { overlay: { id: 'words', scene: 'a' } }),
  cue('7', 0, 2_000, { overlay: 'short' }),
  cue('8', 2_000, 1_000, { overlay: 'short' }),
  cue('9', 3_000, 2_000, { overlay: 'short' }),
]

type Seen = Record<string, string>

/** What viewers have of the overlays of a program at a moment: since which position, and which scene. */
function seenOf(program: string, zero: number, now: number): Seen {
  const all = (stage.desired?.overlays ?? []).filter(each => each.program === program)
  return Object.fromEntries(all.flatMap(overlay => shown(overlay, zero, now)))
}

function shown({ id, playing, next }: Overlay, zero: number, now: number): [string, string][] {
  const turned = next && next.at <= now
  // It is stopped then.
  if (turned && next.document && JSON.stringify(next.document).includes('"scenes":[]')) return []
  const play = (turned ? next.playing : undefined) ?? playing
  if (!play || now < (play.firstAt ?? play.startedAt) || now >= (play.endsAt ?? Number.POSITIVE_INFINITY)) return []
  const t = now - play.startedAt
  if (id === 'short' && t >= 2_500) return []
  return [[id, `${play.scene ?? ''} since ${play.startedAt - zero}`]]
}

test.each([0, 6_000])('overlays are on the preview bus, begun at %i ms, as they are on air', async position => {
  await stage.ask('putOverlay', { id: 'words' }, { ...words })
  await stage.ask('putOverlay', { id: 'short' }, documentOf([{ id: 'c', start: 0, duration: 2_500, ...text }], {}))
  const { id } = await stage.ask<Timeline>('addTimeline', {}, { name: 'Day', loop: true, cues })
  const at = new Date(stage.wall + 1_000).toISOString()
  await stage.ask('startTimeline', { id }, { at, position })
  const preview = await stage.ask<Preview>('previewTimeline', { id }, { position })
  const { state } = await stage.timeline(id)
  const [onAir = 0, previewed = 0] = [state.zeroAt, preview.zeroAt].map(told => Date.parse(told ?? ''))
  const seen: Seen[] = []
  const wanted: Seen[] = []
  for (let now = onAir + position + 250; now < onAir + position + 14_500; now += 250) {
    await stage.pass(Math.max(0, now - stage.wall))
    wanted.push(seenOf('main', onAir, now))
    seen.push(seenOf(PREVIEW, previewed, now - onAir + previewed))
  }
  expect(seen).toEqual(wanted)
  const since = new Set(wanted.flatMap(each => Object.values(each)))
  expect(since).toEqual(
    new Set(
      position === 0
        ? ['a since 0', 'b since 2500', 'b since 5000', 'a since 10000', ' since 0', ' since 3000', ' since 12000']
        : ['b since 5000', 'a since 10000', ' since 12000', ' since 15000', 'b since 14500', 'b since 17000'],
    ),
  )
})
