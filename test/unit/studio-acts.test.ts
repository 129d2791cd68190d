import { expect, test } from 'vitest'
import { Desk } from '../../runtime/control/studio/acts/desk.ts'
import { showActs } from '../../runtime/control/studio/acts/show.ts'

const BEGUN = Date.UTC(2026, 4, 1, 12)
const entry = (segment: string, addedAt: number) => ({ segment, addedAt: new Date(addedAt).toISOString() })

/** Carries out `segment.play` on a queue that looks like this; answers how often the segment was played by it. */
async function played(queue: { playing: object | null; entries: object[] }, begunAt?: number): Promise<number> {
  let plays = 0
  const operations = () => ({
    getQueue: async () => queue,
    playSegment: async () => void plays++,
  })
  const desk = new Desk({ operations, clock: { now: () => BEGUN, here: studio => studio } })
  const acts = showActs({ desk, preset: () => undefined, announce: async () => {} })
  const how = { progress: async () => {}, ...(begunAt !== undefined && { begunAt }) }
  await acts['vistter.command.segment.play']({ segment: 'morning' }, how)
  return plays
}

test('a segment that was played before control died is not begun anew; an older one of the same name is no reason', async () => {
  expect(await played({ playing: null, entries: [] })).toBe(1)
  expect(await played({ playing: entry('morning', BEGUN + 40), entries: [] }, BEGUN)).toBe(0)
  const waits = [entry('morning', BEGUN - 60_000), entry('morning', BEGUN + 40)]
  expect(await played({ playing: null, entries: waits }, BEGUN)).toBe(0)
  expect(await played({ playing: entry('morning', BEGUN - 60_000), entries: [entry('noon', BEGUN)] }, BEGUN)).toBe(1)
})

test('a timeline that was published before control died is not changed once more; by whom else it was changed is no matter', async () => {
  let puts = 0
  const published = async (changed: object) => {
    const operations = () => ({
      listTimelines: async () => [{ id: 't', name: 'Day', revision: 7, duration: 1_000, problems: [], ...changed }],
      putTimeline: async () => ({ revision: 8 + puts++, duration: 1_000, problems: [] }),
    })
    const desk = new Desk({ operations, clock: { now: () => BEGUN, here: studio => studio } })
    const acts = showActs({ desk, preset: () => undefined, announce: async () => {} })
    const timeline = { id: 't', name: 'Day', cues: [{ id: 'a', start: 0, duration: 1_000, camera: 'slate' }] }
    const publish = acts['vistter.command.timeline.publish']
    return (await publish({ timeline }, { progress: async () => {}, begunAt: BEGUN }))?.result?.revision
  }
  const at = (ms: number) => new Date(BEGUN + ms).toISOString()
  expect(await published({ changedAt: at(5), changedBy: 'Studio' })).toBe(7)
  expect(await published({ changedAt: at(-5), changedBy: 'Studio' })).toBe(8)
  expect(await published({ changedAt: at(5), changedBy: 'anna' })).toBe(9)
})
