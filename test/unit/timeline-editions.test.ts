import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { editionOf } from '../../runtime/control/show/timeline/edition.ts'
import { useVirtualTime } from './show-stage.ts'
import { cue, stage } from './timeline-stage.ts'

beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

test('a change that was made from an older state is refused, and changes nothing', async () => {
  const show = await stage()
  const { id, revision } = await show.timeline('add', { name: 'Day', cues: [cue('a', 0, 1_000, { camera: 'quay' })] })
  expect(revision).toBe(1)
  expect(await show.timeline('change', { loop: true, revision }, id)).toMatchObject({ revision: 2, changedBy: 'anna' })
  await expect(show.timeline('change', { name: 'Night', revision }, id)).rejects.toMatchObject({
    code: 'TIMELINE_CHANGED',
    message: 'Day was changed by anna since it was read.',
  })
  expect(await show.timeline('get', {}, id)).toMatchObject({ name: 'Day', loop: true, revision: 2 })
  // Who does not say what it was made from changes whatever is there.
  expect(await show.timeline('change', { name: 'Night' }, id)).toMatchObject({ name: 'Night', revision: 3 })
  expect(show.timelines.glimpses()).toMatchObject([{ id, revision: 3 }])
})

test('a timeline from before has the first revision', () => {
  expect(editionOf({})).toEqual({ revision: 1 })
})
