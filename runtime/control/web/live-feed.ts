import { Coalesced } from '../../lib/coalesced.ts'

/**
 * What browsers follow: the name of the event, and everything of that kind now. Things are told apart by their `id`; their
 * `time` is when they were told, and is no change by itself.
 */
export type Followed = Record<string, () => object[]>

interface Item {
  event: string
  id: string
  data: object
}

export type Listener = (event: string, data: object) => void

/** At most ten pushes a second of one thing: more than people see. */
const PACE_MS = 100

/** The state of everything, then every change of it, to whoever listens. */
export class LiveFeed {
  private readonly listeners = new Set<Listener>()
  private told = new Map<string, { item: Item; text: string }>()
  private readonly pace = new Coalesced(PACE_MS, () => this.compare())
  private readonly followed: Followed

  constructor(followed: Followed) {
    this.followed = followed
  }

  /** Something may have changed. */
  touch(): void {
    this.pace.touch()
  }

  stop(): void {
    this.pace.stop()
  }

  /** Tells something that is no state, such as a line of the activity log. */
  tell(event: string, data: object): void {
    for (const listener of this.listeners) listener(event, data)
  }

  /** The listener hears the whole state at once, then changes. Answers how to stop listening. */
  listen(listener: Listener): () => void {
    this.compare()
    for (const { item } of this.told.values()) listener(item.event, item.data)
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private compare(): void {
    const now = new Map(this.items().map(item => [`${item.event} ${item.id}`, { item, text: textOf(item) }]))
    const before = this.told
    this.told = now
    for (const [key, { item, text }] of now) if (before.get(key)?.text !== text) this.tell(item.event, item.data)
    for (const [key, { item }] of before) if (!now.has(key)) this.tell(`${item.event}-removed`, { id: item.id })
  }

  private items(): Item[] {
    return Object.entries(this.followed).flatMap(([event, list]) =>
      list().map(data => ({ event, id: 'id' in data ? String(data.id) : '', data })),
    )
  }
}

const textOf = ({ data }: Item): string => JSON.stringify({ ...data, time: undefined })
