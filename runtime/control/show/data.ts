import { VistterError } from '../../contract/errors.ts'
import type { FlowState } from '../../contract/flow.ts'
import type { DataRequest, DataValue } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import type { TokenValue } from '../../ocl/data/types.ts'
import { type Operations, operation, type Shelf, type Stored } from '../ports.ts'

export interface DataBody {
  value: string
  /** When it was pushed, UTC ms. A restart does not make it younger. */
  at: number
  /** UTC ms. */
  expires?: number
}

/** Node's longest timer. */
const LONGEST_TIMER = 2 ** 31 - 1
/** Enough for any show; a runaway flow must not fill the database. */
const MOST_KEYS = 1_000
/** Of a value, where people only look whether it is right. */
const GLIMPSE = 40

interface Deps {
  shelf: Shelf<DataBody>
  clock: Clock
  changed(): Promise<void>
}

/**
 * Live data for the {{tokens}} of overlay texts. What has expired is gone for everybody but the documents that say what is
 * shown of a stale value: for them it stays, until there is a new one or its place is needed.
 */
export class LiveData {
  private expiry: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.awaitExpiry()
  }

  stop(): void {
    clearTimeout(this.expiry)
  }

  tokens(): Record<string, string> {
    return Object.fromEntries(this.valid().map(({ id, body }) => [id, body.value]))
  }

  /** Stale ones, too. */
  values(): Record<string, TokenValue> {
    const entries = this.deps.shelf.list().map(({ id, body: { value, at, expires } }): [string, TokenValue] => {
      return [id, { value, at, ...(expires !== undefined && { ttl: expires - at }) }]
    })
    return Object.fromEntries(entries)
  }

  /** Likewise, as nodes show them. */
  glimpses(): FlowState['data'] {
    return this.deps.shelf.list().map(({ id, body: { value, at, expires } }) => ({
      ...{ key: id, value: value.slice(0, GLIMPSE), at },
      ...(expires !== undefined && { expires }),
    }))
  }

  /** Likewise, for whoever follows them. What is pushed again is as young as that. */
  followed(): { id: string; value: string; pushedAt: string; expires: string | null }[] {
    return this.deps.shelf.list().map(({ id, body }) => {
      const { value, time, expires } = shown(id, body)
      return { id, value: value.slice(0, GLIMPSE), pushedAt: time, expires }
    })
  }

  operations(): Operations {
    return {
      listData: operation(() => this.valid().map(({ id, body }) => shown(id, body))),
      putData: operation<DataRequest>(({ params, body }) => this.put(params.key ?? '', body)),
      removeData: operation(({ params }) => this.remove(params.key ?? '')),
    }
  }

  private async put(key: string, { value, ttl }: DataRequest): Promise<DataValue> {
    const { shelf, clock, changed } = this.deps
    await this.makeRoom(key)
    const at = clock.now()
    const body = { value: String(value), at, ...(ttl !== undefined && { expires: at + ttl }) }
    await shelf.write(key, () => ({ body }))
    this.awaitExpiry()
    await changed()
    return shown(key, body)
  }

  /** The stale one that nobody has pushed for the longest time gives its place. */
  private async makeRoom(key: string): Promise<void> {
    const { shelf } = this.deps
    const all = shelf.list()
    if (shelf.find(key) || all.length < MOST_KEYS) return
    const [oldest] = all.filter(data => !this.isValid(data)).sort((a, b) => a.body.at - b.body.at)
    if (!oldest) throw new VistterError('CONFLICT', `There are ${MOST_KEYS} keys already; delete some.`)
    await shelf.remove(oldest.id)
  }

  private async remove(key: string): Promise<void> {
    if (!(await this.deps.shelf.remove(key))) throw new VistterError('NOT_FOUND', `There is no data ${key}.`)
    this.awaitExpiry()
    await this.deps.changed()
  }

  private valid(): Stored<DataBody>[] {
    return this.deps.shelf.list().filter(data => this.isValid(data))
  }

  private isValid({ body: { expires } }: Stored<DataBody>): boolean {
    return expires === undefined || expires > this.deps.clock.now()
  }

  private awaitExpiry(): void {
    clearTimeout(this.expiry)
    const next = Math.min(...this.valid().map(({ body }) => body.expires ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) return
    const wait = Math.min(LONGEST_TIMER, Math.max(0, next - this.deps.clock.now()))
    this.expiry = setTimeout(() => {
      this.awaitExpiry()
      void this.deps.changed()
    }, wait)
  }
}

const shown = (key: string, { value, at, expires }: DataBody): DataValue => ({
  key,
  value,
  time: rfc3339(at),
  expires: expires === undefined ? null : rfc3339(expires),
})
