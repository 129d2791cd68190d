import { join } from 'node:path'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { Assets } from '../../runtime/control/assets/assets.ts'
import type { CachedBody } from '../../runtime/control/assets/cache.ts'
import type { ManifestBody } from '../../runtime/control/assets/manifest.ts'
import type { Needed, OverlayUse } from '../../runtime/control/assets/uses.ts'
import type { NewEvent, Operation } from '../../runtime/control/ports.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { AssetServer } from './asset-server.ts'
import { scratch } from './run.ts'
import { memoryShelf } from './shelf.ts'

type Named = NonNullable<OclDocument['assets']>

/** An overlay that needs these assets. */
export const documentOf = (...assets: Named): OclDocument => ({
  ocl: '1.0',
  timeline: { id: 'tl', version: 1, frameRate: 30, resolution: { width: 1_920, height: 1_080 } },
  assets,
  scenes: [],
})

/** The assets of an appliance with a server of their own for the internet, and tries that follow each other quickly. */
export class AssetStage {
  readonly server: AssetServer
  readonly events: NewEvent[] = []
  readonly overlays: OverlayUse[] = []
  readonly settings = {
    quotaBytes: 10_000_000,
    privateHosts: [AssetServer.host],
    timezone: 'UTC',
    territory: undefined as string | undefined,
    proxy: undefined as { url: string; username: string; password: string } | undefined,
  }
  /** What a wall clock is ahead (ms). */
  ahead = 0
  changes = 0
  /** Where names lead; those that are not here, to the server. */
  readonly names: Record<string, string[]> = {}
  readonly resolved: string[] = []
  readonly retry = { first: 10, max: 40, jitter: 0, healthyAfter: Number.POSITIVE_INFINITY }
  /** Where overlays are kept, if not here. */
  documents = (): OverlayUse[] => this.overlays
  /** Files that stay although nobody announced them. */
  needed = (): Needed[] => []
  packages: { holds(sha256: string): boolean; restore(sha256: string): Promise<void> } | undefined
  assets: Assets
  private readonly files = memoryShelf<CachedBody>()
  private readonly manifest = memoryShelf<ManifestBody>()
  private readonly folder = scratch('assets')

  constructor(server = new AssetServer()) {
    this.server = server
    this.assets = this.make()
  }

  get path(): string {
    return join(this.folder.path, 'files')
  }

  async begin(): Promise<void> {
    await this.server.start()
    await this.assets.start()
  }

  /** Control stops and comes back. */
  async again(): Promise<void> {
    this.assets.stop()
    this.assets = this.make()
    await this.assets.start()
  }

  async end(): Promise<void> {
    this.assets.stop()
    await this.server.stop()
    this.folder.remove()
  }

  /** An overlay is stored; `play` puts it on air. */
  async store(id: string, document: OclDocument, play = false): Promise<void> {
    this.overlays.push({ id, document, ...(play && { playing: { startedAt: this.ahead + Date.now() } }) })
    await this.assets.fetch(document)
    this.assets.look()
  }

  stateOf(document: OclDocument) {
    return this.assets.readiness(document)[0]
  }

  told(type: string): NewEvent[] {
    return this.events.filter(event => event.type === type)
  }

  /** Asks an operation of the API as an operator. */
  ask(operationId: string, body?: unknown, params: Record<string, string> = {}): Promise<unknown> {
    const operations: Record<string, Operation> = this.assets.operations()
    const actor = { kind: 'user', name: 'ann', role: 'operator' } as const
    const operation = operations[operationId]
    if (!operation) throw new Error(`there is no operation ${operationId}`)
    return operation({ params, query: {}, body, actor })
  }

  private make(): Assets {
    const { server } = this
    return new Assets({
      folder: this.path,
      files: this.files,
      manifest: this.manifest,
      clock: { now: () => Date.now() + this.ahead, mono: () => systemClock.mono() + this.ahead },
      settings: () => this.settings,
      overlays: () => this.documents(),
      needed: () => this.needed(),
      packages: {
        holds: sha256 => this.packages?.holds(sha256) ?? false,
        restore: async sha256 => this.packages?.restore(sha256),
      },
      changed: async () => {
        this.changes++
        this.assets.look()
      },
      record: event => this.events.push(event),
      surroundings: {
        retry: this.retry,
        resolve: async name => {
          this.resolved.push(name)
          return (this.names[name] ?? ['127.0.0.1']).map(address => ({ address, family: 4 }))
        },
        get ca() {
          return server.ca
        },
      },
    })
  }
}
