import { stat } from 'node:fs/promises'
import { asVistterError, type Fault, type VistterError } from '../../../contract/errors.ts'
import { Backoff, type BackoffOptions } from '../../../lib/backoff.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import type { Cache } from '../cache.ts'
import type { Room } from '../room.ts'
import type { Wanted } from '../uses.ts'
import { Download } from './download.ts'
import type { Rules } from './way.ts'

export const RETRY: BackoffOptions = { first: 1_000, max: 60_000, jitter: 0.2, healthyAfter: Number.POSITIVE_INFINITY }
/** However a server dawdles, an attempt ends (ms); the next one goes on where it was. */
const ATTEMPT_MS = 600_000
/** With these, what has come is not worth keeping. */
const WORTHLESS = new Set(['ASSET_CHECKSUM', 'ASSET_TYPE', 'ASSET_TOO_LARGE', 'ASSET_CACHE_FULL'])

export type FetchState = { status: 'fetching'; percent: number } | { status: 'failed'; error: Fault; nextAt: number }

interface Deps {
  cache: Cache
  room: Room
  clock: Clock
  rules(): Rules
  retry: BackoffOptions
  /** Waits for a turn of one's own among others that fetch. */
  inTurn(work: () => Promise<void>): Promise<void>
  /** Whether anybody still needs it. */
  needed(): boolean
  failed(error: VistterError): void
}

/** One file that is to come: tried until it is here or nobody needs it any more. */
export class Fetching {
  /** One that failed is failed until it gets on again. */
  state: FetchState = { status: 'fetching', percent: 0 }
  asset: Wanted
  private gotOn = false
  private next = Promise.withResolvers<void>()
  private pause = new AbortController()
  private trying = new AbortController()
  private elsewhere = false
  private readonly gone = new AbortController()
  private readonly backoff: Backoff
  private readonly sha256: string
  private readonly download: Download
  private readonly deps: Deps

  constructor(asset: Wanted, deps: Deps) {
    this.asset = asset
    this.deps = deps
    this.sha256 = asset.sha256.toLowerCase()
    this.backoff = new Backoff(deps.retry)
    this.download = new Download(deps.cache.part(this.sha256))
  }

  /** Resolves when the attempt that is under way, or else the next one, is over. */
  get attempt(): Promise<void> {
    return this.next.promise
  }

  /** Asked for anew: is tried at once. By another address, because the one that is being tried may be wrong. */
  again(asset: Wanted): Promise<void> {
    this.elsewhere = asset.url !== this.asset.url
    this.asset = asset
    if (this.elsewhere) this.trying.abort()
    this.pause.abort()
    return this.attempt
  }

  stop(): void {
    this.gone.abort()
    this.pause.abort()
  }

  /** Resolves to whether it is here. Never rejects. */
  async run(): Promise<boolean> {
    const { room, clock, inTurn, needed } = this.deps
    let here = false
    do {
      this.elsewhere = false
      this.pause = new AbortController()
      this.trying = new AbortController()
      const error = await inTurn(() => this.try()).then(() => undefined, asVistterError)
      here = error === undefined
      if (error && this.elsewhere) continue
      // Whoever gets on is not made to wait longer and longer; whoever sends the wrong thing is.
      if (error && this.gotOn && !WORTHLESS.has(error.code)) this.backoff.reset()
      const wait = this.backoff.next(0)
      if (error) await this.fail(error, clock.now() + wait)
      this.next.resolve()
      this.next = Promise.withResolvers()
      if (error) await sleep(wait, this.pause.signal)
    } while (!here && !this.gone.signal.aborted && (this.elsewhere || needed()))
    room.release(this.sha256)
    // Control that stops goes on with the part when it is back.
    if (!here && !this.gone.signal.aborted) await this.download.discard()
    this.next.resolve()
    return here
  }

  private async try(): Promise<void> {
    const { cache, room, rules } = this.deps
    const { url, mediaType } = this.asset
    this.gotOn = false
    const signal = AbortSignal.any([this.gone.signal, this.trying.signal, AbortSignal.timeout(ATTEMPT_MS)])
    const reserve = (bytes: number) => room.take(this.sha256, bytes)
    const progress = (bytes: number, of: number | undefined) => {
      this.gotOn = true
      this.state = { status: 'fetching', percent: of === undefined ? 0 : Math.floor((100 * bytes) / of) }
    }
    await this.download.run({ url, mediaType, rules: rules(), signal, reserve, progress })
    await cache.adopt(this.sha256, mediaType)
  }

  private async fail(error: VistterError, nextAt: number): Promise<void> {
    if (this.gone.signal.aborted) return
    const { cache, room, failed } = this.deps
    if (WORTHLESS.has(error.code)) await this.download.discard(error)
    const kept = await stat(cache.part(this.sha256)).then(
      ({ size }) => size,
      () => 0,
    )
    room.hold(this.sha256, kept)
    this.state = { status: 'failed', error: error.fault, nextAt }
    failed(error)
  }
}
