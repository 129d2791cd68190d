import { hasBegun, isCounted } from './counted.ts'
import type { Live } from './live.ts'
import type { ShowDeps } from './show-deps.ts'
import type { Timelines } from './timeline/timelines.ts'

interface Parts extends Pick<ShowDeps, 'house' | 'shelves' | 'queue'> {
  live: Live
  timelines: Pick<Timelines, 'glimpses'>
  preview: { bus: { readonly previewed: object | undefined } }
  /** Whose moments are the wall clock's: started again they wait for them anew. */
  byWall: readonly { start(): void }[]
  changed(): Promise<void>
}

/** Has the clock of the show looked after; what it answers is to be called when the wall clock is known to be right. */
export function startClock({ house, shelves, queue, live, timelines, preview, byWall, changed }: Parts): () => void {
  const { time } = house
  const born = time.now()
  const overlays = () => shelves.overlays.list()
  const present = () => ({ live, overlays: overlays(), queue: queue(), previewed: preview.bus.previewed !== undefined })
  house.watch({
    free: () => !isCounted(present(), time.now()),
    stepped: () => {
      for (const part of byWall) part.start()
      void changed()
    },
  })
  return () => {
    const runs = timelines.glimpses().some(({ state }) => state.status !== 'idle')
    house.settle(!runs && !hasBegun(overlays(), born, time.now()))
  }
}
