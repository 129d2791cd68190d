import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { HouseClock } from '../../lib/house-clock.ts'

/**
 * An event of the engine with the times that people read. Of an unbroken time on air the first one is told by the clock of
 * then, and the last one as much later as it was: so it is as long as it was, whatever happened to the clock meanwhile.
 */
export function toldOf(event: EngineEvent, time: Pick<HouseClock, 'told'>): EngineEvent {
  const { firstAt, lastAt } = event.data as { firstAt?: unknown; lastAt?: unknown }
  if (typeof firstAt !== 'number' || typeof lastAt !== 'number') return event
  const first = time.told(firstAt)
  return { ...event, data: { ...event.data, firstAt: first, lastAt: first + lastAt - firstAt } }
}
