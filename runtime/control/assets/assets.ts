import type { Fault } from '../../contract/errors.ts'
import type { Asset, OclDocument } from '../../contract/generated/ocl.v1.ts'
import type { AssetReadiness } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../lib/clock.ts'
import type { Operations, Recorder, Shelf } from '../ports.ts'
import { Cache, type CachedBody } from './cache.ts'
import { fetchFile } from './fetch/file.ts'
import { Fetcher, type Surroundings } from './fetcher.ts'
import { give } from './give.ts'
import { Manifest, type ManifestBody } from './manifest.ts'
import { assetOperations } from './operations.ts'
import { rightsOf } from './rights.ts'
import { RightsWatch } from './rights-watch.ts'
import { Room } from './room.ts'
import type { AssetSettings } from './settings.ts'
import { type Announced, type Needed, type OverlayUse, type Use, usesOf, type Wanted } from './uses.ts'

interface Deps {
  folder: string
  files: Shelf<CachedBody>
  manifest: Shelf<ManifestBody>
  clock: Clock
  settings(): AssetSettings
  overlays(): OverlayUse[]
  /** Files that stay although nobody announced them. */
  needed?(): Needed[]
  /** Packages that files came with: one that is lost comes from there again, also without a network. */
  packages?: { holds(sha256: string): boolean; restore(sha256: string): Promise<void> }
  /** What is here, or what may be shown, has changed. */
  changed(): Promise<void>
  record: Recorder
  surroundings?: Surroundings
}

/** Whoever asks for all files of a document waits at most this long; slow ones come after (ms). */
const WAIT_MS = 5_000
/** How often a file is compared with its checksum, and the quota is looked at (ms). */
const CARE_MS = 60_000
/** With less than this share of the quota in use, nothing had to make room. */
const SPARE = 0.8

/** Files that overlays show: fetched, kept by the checksum of their content, looked after, and let go when there is no room. */
export class Assets {
  private readonly cache: Cache
  readonly room: Room
  private readonly fetcher: Fetcher
  private readonly manifest: Manifest
  private readonly rights: RightsWatch
  private care: NodeJS.Timeout | undefined
  private settings = ''
  private readonly deps: Deps

  constructor(deps: Deps) {
    const { folder, files, clock, overlays, settings, changed, record, surroundings = {} } = deps
    this.deps = deps
    this.manifest = new Manifest(deps.manifest)
    this.cache = new Cache({ folder, shelf: files, clock })
    this.room = new Room({
      cache: this.cache,
      uses: () => this.uses(),
      quotaBytes: () => settings().quotaBytes,
      evicted: sha256 => this.evicted(sha256),
    })
    this.fetcher = new Fetcher({
      ...{ cache: this.cache, room: this.room, clock, record, changed, surroundings },
      rules: () => this.rules,
      needed: sha256 => this.uses().has(sha256),
    })
    this.rights = new RightsWatch({ clock, overlays, settings, changed, record })
  }

  async start(): Promise<void> {
    const interrupted = await this.cache.start(new Set(this.uses().keys()))
    // With room to spare nothing was evicted: what is missing had failed.
    const spare = this.room.usedBytes < this.deps.settings().quotaBytes * SPARE
    for (const asset of this.manifest.list()) if (this.isMissing(asset)) void this.obtain(asset)
    for (const { document } of this.deps.overlays())
      for (const asset of document.assets ?? [])
        if ((spare || interrupted.has(keyOf(asset))) && this.mayCome(asset)) void this.obtain(asset)
    this.look()
    this.care = setInterval(() => void this.lookAfter().catch(() => {}), CARE_MS) // what failed is tried in the next round
  }

  stop(): void {
    clearInterval(this.care)
    this.rights.stop()
    this.fetcher.stop()
  }

  /** Local file of each asset that is here and may be shown. */
  here({ assets = [] }: OclDocument): Record<string, string> {
    const usable = assets.filter(asset => this.cache.has(keyOf(asset)) && !this.rights.against(asset))
    return Object.fromEntries(usable.map(asset => [asset.id, this.cache.file(keyOf(asset))]))
  }

  /** Whether a file of it is still to come: who speaks of it now would speak too early. */
  coming({ assets = [] }: OclDocument): boolean {
    const isSettled = (asset: Asset) =>
      this.cache.has(keyOf(asset)) || this.fetcher.gaveUpOn(keyOf(asset)) || this.rights.against(asset) !== undefined
    return !assets.every(isSettled)
  }

  /** Fetches what is missing or spoilt. Resolves when all has come or failed once, at the latest after 5 s. Never throws. */
  async fetch({ assets = [] }: OclDocument): Promise<void> {
    const given = new AbortController()
    const all = assets.filter(asset => !this.rights.against(asset)).map(asset => this.provide(asset))
    await Promise.race([Promise.all(all), sleep(WAIT_MS, given.signal)])
    given.abort()
  }

  /** Keeps a file that came by another way than its address. Throws ASSET_…. */
  async give(
    asset: Pick<Wanted, 'sha256' | 'mediaType'>,
    bytes: number,
    content: AsyncIterable<Buffer>,
  ): Promise<void> {
    await give({ cache: this.cache, room: this.room }, asset, bytes, content)
    await this.deps.changed()
  }

  /** How far each asset of it is, and what its rights are. */
  readiness({ assets = [] }: OclDocument): AssetReadiness[] {
    const { timezone } = this.deps.settings()
    return assets.map(asset => ({ id: asset.id, ...this.stateOf(asset), ...rightsOf(asset, timezone) }))
  }

  /** What overlays show, what is announced or what rules has changed. */
  look(): void {
    this.rights.look()
    const settings = JSON.stringify(this.deps.settings())
    if (settings !== this.settings) this.fetcher.retry()
    this.settings = settings
    for (const { document, playing } of this.deps.overlays())
      for (const asset of (playing && document.assets) ?? []) if (this.mayCome(asset)) void this.obtain(asset)
  }

  /** From now on this is what will be needed. Answers how far it is, at the latest after 5 s; the rest comes by itself. */
  async sync(manifest: readonly Announced[]): Promise<(AssetReadiness & { version: number })[]> {
    await this.manifest.replace(manifest)
    const announced = this.manifest.list()
    const given = new AbortController()
    await Promise.race([Promise.all(announced.map(asset => this.provide(asset))), sleep(WAIT_MS, given.signal)])
    given.abort()
    return announced.map(asset => ({ id: asset.id, version: asset.version, ...this.stateOf(asset) }))
  }

  /** These will be needed, too; what is announced already stays so. */
  async announce(more: readonly Announced[]): Promise<void> {
    const ids = new Set(more.map(({ id }) => id))
    await this.sync([...this.manifest.list().filter(({ id }) => !ids.has(id)), ...more])
  }

  /** Fetches a file that is no asset, by the rules of assets. */
  fetchFile(wanted: Parameters<typeof fetchFile>[0]): Promise<void> {
    return fetchFile(wanted, this.rules)
  }

  operations(): Operations {
    return assetOperations({
      cache: this.cache,
      room: this.room,
      uses: () => this.uses(),
      quotaBytes: () => this.deps.settings().quotaBytes,
      sync: manifest => this.sync(manifest),
      changed: () => {
        this.fetcher.retry()
        return this.deps.changed()
      },
      record: this.deps.record,
    })
  }

  /** One round of care: a disk that lost a bit is noticed before a viewer notices. */
  async lookAfter(): Promise<void> {
    await this.room.tidy()
    const stalest = this.cache.stalest()
    if (stalest !== undefined && !(await this.cache.isWhole(stalest))) await this.mend(stalest)
  }

  private get rules() {
    const { privateHosts, proxy } = this.deps.settings()
    return { privateHosts, proxy }
  }

  private provide(asset: Wanted): Promise<void> {
    return this.bring(asset).catch(() => {}) // the disk refuses; its overlay shows the fallback
  }

  private async bring(asset: Wanted): Promise<void> {
    const sha256 = keyOf(asset)
    if (this.cache.has(sha256)) {
      if (await this.cache.isWhole(sha256)) return this.cache.use(sha256)
      await this.mend(sha256, asset)
    }
    if (this.isMissing(asset) || this.fetcher.stateOf(sha256)) await this.obtain(asset)
  }

  private obtain(asset: Wanted): Promise<void> {
    const { packages } = this.deps
    const sha256 = keyOf(asset)
    if (!packages?.holds(sha256)) return this.fetcher.bring(asset)
    return packages.restore(sha256).catch(() => this.fetcher.bring(asset))
  }

  /** What is on air stays as it was drawn until the file is replaced; anything else is not used any more. */
  private async mend(sha256: string, asset = this.named().find(named => keyOf(named) === sha256)): Promise<void> {
    if (this.fetcher.stateOf(sha256)) return
    const onAir = this.uses()
      .get(sha256)
      ?.some(({ playing }) => playing)
    if (!onAir) await this.cache.remove(sha256)
    const name = asset ? `Asset ${asset.id}` : `A file that no overlay names (${sha256})`
    const message = `${name} was damaged on the disk${asset ? ' and is fetched again' : ' and was deleted'}.`
    this.deps.record({ type: 'asset.damaged', severity: 'warning', message, data: { asset: asset?.id, sha256 } })
    if (asset) void this.obtain(asset)
    await this.deps.changed()
  }

  private evicted(sha256: string): void {
    const asset = this.named().find(named => keyOf(named) === sha256)
    const message = `${asset ? `Asset ${asset.id}` : `The file ${sha256}`} made room for others.`
    this.deps.record({ type: 'asset.evicted', severity: 'info', message, data: { asset: asset?.id, sha256 } })
    void this.deps.changed()
  }

  private stateOf(asset: Asset): Omit<AssetReadiness, 'id'> {
    const against = this.rights.against(asset)
    if (against) return failed(against)
    if (this.cache.has(keyOf(asset))) return { status: 'ready' }
    const state = this.fetcher.stateOf(keyOf(asset))
    if (!state) return { status: 'missing' }
    if (state.status === 'fetching') return state
    return { ...failed(state.error), nextAt: rfc3339(state.nextAt) }
  }

  private mayCome(asset: Asset): boolean {
    return this.isMissing(asset) && !this.rights.against(asset)
  }

  private isMissing(asset: Wanted): boolean {
    return !this.cache.has(keyOf(asset)) && !this.fetcher.stateOf(keyOf(asset))
  }

  private named(): Wanted[] {
    return [...this.deps.overlays().flatMap(({ document }) => document.assets ?? []), ...this.announced()]
  }

  private announced(): Needed[] {
    return [...this.manifest.list(), ...(this.deps.needed?.() ?? [])]
  }

  private uses(): Map<string, Use[]> {
    return usesOf(this.deps.overlays(), this.announced())
  }
}

const keyOf = ({ sha256 }: { sha256: string }): string => sha256.toLowerCase()

const failed = (error: Fault) => ({ status: 'failed' as const, error })
