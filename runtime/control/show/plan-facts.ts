import type { LiveData } from './data.ts'
import type { Live } from './live.ts'
import type { Overlays } from './overlays.ts'
import type { PlanFacts } from './plan.ts'
import type { ShowDeps } from './show-deps.ts'

type Kept = Pick<ShowDeps, 'settings' | 'cameras' | 'destinations' | 'recordings' | 'sounds' | 'clock' | 'house'>

interface Present {
  live: Live
  overlays: Pick<Overlays, 'planned'>
  data: Pick<LiveData, 'tokens' | 'values'>
}

/** What the plan is made from, as it is now. */
export function factsOf(kept: Kept, { live, overlays, data }: Present): PlanFacts {
  const { settings, cameras, destinations, recordings, sounds, clock, house } = kept
  const { locale, timezone } = settings.current
  return {
    proxy: settings.proxy,
    settings: { ...settings.current, tokens: { ...settings.current.tokens, ...data.tokens() } },
    cameras: cameras.planned(),
    destinations: destinations.planned(),
    overlays: overlays.planned(),
    live: { data: data.values(), now: clock.now(), off: house.time.off, locale, timezone },
    recordings: recordings.planned(),
    wiring: live.wiring,
    takes: live.takes,
    sounds: sounds.kept(),
    sound: live.sounds,
    overrides: live.overrides,
  }
}
