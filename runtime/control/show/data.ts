import { VistterError } from '../../contract/errors.ts'
import type { DataRequest, DataValue } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { type Operations, operation, type Shelf } from '../ports.ts'

export interface DataBody {
  value: string
  /** UTC ms. */
  expires?: number
}

/** Node's longest timer. */
const LONGEST_TIMER = 2 ** 31 - 1
/** Enough for any show; a runaway flow must not fill the database. */
const MOST_KEYS = 1_000

interface Deps {
  shelf: Shelf<DataBody>
  clock: Clock
  changed(): Promise<void>
}

/** Live data for the {{tokens}} of overlay texts. */
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

  operations(): Operations {
    return {
      listData: operation(() => this.valid().map(({ id, body }) => shown(id, body))),
      putData: operation<DataRequest>(({ params, body }) => this.put(params.key ?? '', body)),
      removeData: operation(({ params }) => this.remove(params.key ?? '')),
    }
  }

  private async put(key: string, { value, ttl }: DataRequest): Promise<DataValue> {
    const { shelf, clock, changed } = this.deps
    if (!shelf.find(key) && shelf.list().length >= MOST_KEYS)
      throw new VistterError('CONFLICT', `There are ${MOST_KEYS} keys already; delete some.`)
    const body = { value: String(value), ...(ttl !== undefined && { expires: clock.now() + ttl }) }
    await shelf.write(key, () => ({ body }))
    this.awaitExpiry()
    await changed()
    return shown(key, body)
  }

  private async remove(key: string): Promise<void> {
    if (!(await this.deps.shelf.remove(key))) throw new VistterError('NOT_FOUND', `There is no data ${key}.`)
    await this.deps.changed()
  }

  private valid() {
    const now = this.deps.clock.now()
    return this.deps.shelf.list().filter(({ body }) => body.expires === undefined || body.expires > now)
  }

  private awaitExpiry(): void {
    clearTimeout(this.expiry)
    const next = Math.min(...this.deps.shelf.list().map(({ body }) => body.expires ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) return
    const wait = Math.min(LONGEST_TIMER, Math.max(0, next - this.deps.clock.now()))
    // What cannot be deleted is never shown all the same, and is tried again with the next change.
    this.expiry = setTimeout(() => void this.dropExpired().catch(() => {}), wait)
  }

  private async dropExpired(): Promise<void> {
    const valid = new Set(this.valid().map(({ id }) => id))
    for (const { id } of this.deps.shelf.list()) if (!valid.has(id)) await this.deps.shelf.remove(id)
    this.awaitExpiry()
    await this.deps.changed()
  }
}

const shown = (key: string, { value, expires }: DataBody): DataValue => ({
  key,
  value,
  expires: expires === undefined ? null : rfc3339(expires),
})
