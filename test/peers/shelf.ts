import type { Shelf, Stored } from '../../runtime/control/ports.ts'
import type { CampaignBody } from '../../runtime/control/show/ads/campaigns.ts'
import type { DataBody } from '../../runtime/control/show/data.ts'
import type { OverlayBody } from '../../runtime/control/show/overlay-play.ts'
import type { ScheduleBody } from '../../runtime/control/show/schedule/schedules.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'

/** A shelf in memory: one change after another, and each takes its time, as on a disk. */
export function memoryShelf<Body>(): Shelf<Body> {
  const kept = new Map<string, Stored<Body>>()
  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => T): Promise<T> => {
    const result = tail.then(() => new Promise(resolve => setImmediate(resolve))).then(work)
    tail = result.catch(() => {})
    return result
  }
  return {
    list: () => [...kept.values()],
    find: id => kept.get(id),
    write: (id, change) =>
      inTurn(() => {
        const present = kept.get(id)
        kept.set(id, { id, secrets: present?.secrets ?? {}, ...change(present) })
      }),
    remove: id => inTurn(() => kept.delete(id)),
  }
}

/** All that a show keeps. */
export const showShelves = () => ({
  live: memoryShelf<object>(),
  overlays: memoryShelf<OverlayBody>(),
  data: memoryShelf<DataBody>(),
  timelines: memoryShelf<TimelineBody>(),
  schedules: memoryShelf<ScheduleBody>(),
  campaigns: memoryShelf<CampaignBody>(),
})
