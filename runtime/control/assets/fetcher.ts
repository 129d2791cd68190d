import type { VistterError } from '../../contract/errors.ts'
import type { BackoffOptions } from '../../lib/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Recorder } from '../ports.ts'
import type { Cache } from './cache.ts'
import { Fetching, type FetchState, RETRY } from './fetch/fetching.ts'
import { Lane } from './fetch/lane.ts'
import { type Rules, shownUrl } from './fetch/way.ts'
import type { Room } from './room.ts'
import type { Wanted } from './uses.ts'

/** What tests have instead of the internet. */
export interface Surroundings extends Pick<Rules, 'ca' | 'resolve'> {
  retry?: BackoffOptions
}

interface Deps {
  cache: Cache
  room: Room
  clock: Clock
  rules(): Omit<Rules, keyof Surroundings>
  needed(sha256: string): boolean
  record: Recorder
  /** A file has come, or is known not to come for now. */
  changed(): Promise<void>
  surroundings: Surroundings
}

/** So many files at once from one server; one that hangs holds up only what is its own. */
const AT_ONCE = 4

/** Brings files that are missing; each is under way once, whatever names it. */
export class Fetcher {
  private readonly underWay = new Map<string, Fetching>()
  private readonly told = new Set<string>()
  private stopped = false
  private readonly lanes = new Map<string, Lane>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  stop(): void {
    this.stopped = true
    for (const fetching of this.underWay.values()) fetching.stop()
  }

  stateOf(sha256: string): FetchState | undefined {
    return this.underWay.get(sha256)?.state
  }

  /** Whether it is told already that it cannot be had for now. */
  gaveUpOn(sha256: string): boolean {
    return this.told.has(sha256)
  }

  /** Tries it now. Resolves when it has come or failed once; if it failed, it goes on by itself. Never rejects. */
  bring(asset: Wanted): Promise<void> {
    const sha256 = asset.sha256.toLowerCase()
    const known = this.underWay.get(sha256)
    if (known) return known.again(asset)
    if (this.stopped) return Promise.resolve()
    const { cache, room, clock, rules, needed, surroundings } = this.deps
    const { retry = RETRY, ...rest } = surroundings
    const fetching: Fetching = new Fetching(asset, {
      ...{ cache, room, clock, retry },
      rules: () => ({ ...rest, ...rules() }),
      inTurn: work => this.laneOf(fetching.asset).run(work),
      needed: () => needed(sha256),
      failed: error => this.failed(fetching.asset, sha256, error),
    })
    this.underWay.set(sha256, fetching)
    const { attempt } = fetching
    const run = fetching.run().catch(() => false) // the disk refused even to clear up
    void run.then(here => this.ended(fetching.asset, sha256, here))
    return attempt
  }

  /** What was in the way may be gone: everything that waits is tried now. */
  retry(): void {
    for (const fetching of this.underWay.values()) void fetching.again(fetching.asset)
  }

  private laneOf({ url }: Wanted): Lane {
    const host = URL.canParse(url) ? new URL(url).host : ''
    const lane = this.lanes.get(host) ?? new Lane(AT_ONCE)
    this.lanes.set(host, lane)
    return lane
  }

  private ended(asset: Wanted, sha256: string, here: boolean): void {
    this.underWay.delete(sha256)
    if (this.underWay.size === 0) this.lanes.clear()
    if (here && this.told.has(sha256)) {
      const message = `Asset ${asset.id} has come after all.`
      this.deps.record({ type: 'asset.arrived', severity: 'info', message, data: { asset: asset.id, sha256 } })
    }
    this.told.delete(sha256)
    if (here) void this.deps.changed()
  }

  /** A file that stays away is asked for again and again; it is told once. */
  private failed({ id, url }: Wanted, sha256: string, { code, message: reason }: VistterError): void {
    if (this.told.has(sha256)) return
    this.told.add(sha256)
    const full = code === 'ASSET_CACHE_FULL'
    const message = full
      ? `Asset ${id} was not kept. ${reason}`
      : `Asset ${id} could not be had from ${shownUrl(url)}: ${reason}`
    const type = full ? 'asset.cache-full' : 'asset.missing'
    this.deps.record({ type, severity: 'warning', message, data: { asset: id, sha256, code } })
    void this.deps.changed()
  }
}
