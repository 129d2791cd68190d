import type { Asset } from '../../contract/generated/ocl.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Recorder } from '../ports.ts'
import { expiryOf, hindrance, type Showing } from './rights.ts'
import type { OverlayUse } from './uses.ts'

interface Deps {
  clock: Clock
  overlays(): OverlayUse[]
  settings(): Omit<Showing, 'at'>
  /** What may be shown is another thing now. */
  changed(): Promise<void>
  record: Recorder
}

/** What the news takes to the picture (ms): what ends at noon is gone at noon. */
const AHEAD = 500
/** The wall clock may be set, so it is looked at again within this time (ms). */
const LONGEST_WAIT = 60_000

/** Sees to it that what may not be shown any more goes when its time is over, and tells it. */
export class RightsWatch {
  private timer: NodeJS.Timeout | undefined
  private readonly told = new Set<string>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Why it may not be shown; undefined when it may. */
  against(asset: Asset) {
    return hindrance(asset, { ...this.deps.settings(), at: this.deps.clock.now() + AHEAD })
  }

  /** Something has changed: tells what overlays on air may not show, and waits for the next end. */
  look(): void {
    clearTimeout(this.timer)
    const { clock, overlays, settings } = this.deps
    const playing = overlays().filter(overlay => overlay.playing)
    this.tell(playing)
    const { timezone } = settings()
    const now = clock.now() + AHEAD
    const ends = playing.flatMap(({ document }) => (document.assets ?? []).map(({ rights }) => rights?.expires))
    const next = Math.min(...ends.map(end => expiryOf(end, timezone)).filter(at => at > now))
    const wait = Math.min(next - now, LONGEST_WAIT)
    if (next === Number.POSITIVE_INFINITY) return
    this.timer = setTimeout(() => {
      if (clock.now() + AHEAD >= next) void this.deps.changed()
      else this.look()
    }, wait)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private tell(playing: OverlayUse[]): void {
    const present = new Set<string>()
    for (const { id: overlay, document, playing: play } of playing) {
      for (const asset of document.assets ?? []) {
        const against = this.against(asset)
        if (!against) continue
        const key = JSON.stringify([overlay, asset.id, play?.startedAt, against.code])
        present.add(key)
        if (this.told.has(key)) continue
        const type = against.code === 'ASSET_EXPIRED' ? 'asset.expired' : 'asset.blocked'
        const message = `${against.detail} Overlay ${overlay} shows its fallback instead.`
        const data = { overlay, asset: asset.id, sha256: asset.sha256, code: against.code }
        this.deps.record({ type, severity: 'warning', message, data })
      }
    }
    this.told.clear()
    for (const key of present) this.told.add(key)
  }
}
