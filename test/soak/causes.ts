import type { ApiClient } from '../peers/client.ts'

interface News {
  id: string
  time: string
  type: 'child.started' | 'child.ended'
  data: { cause: string; child: string; generation: number; happened: string; wanted: { command: string; why: string } }
}

/** More than happens between two looks. */
const LOOK = 300
/** Nothing restarts twice within a second; the log's times are whole ms. */
const APART_MS = 995

/** Every start and end of a child, as the activity log has it. */
export class Causes {
  private readonly news = new Map<string, News>()

  async look(api: Pick<ApiClient, 'get'>): Promise<void> {
    for (const one of await api.get<News[]>(`/events?type=child.*&limit=${LOOK}`)) this.news.set(one.id, one)
  }

  get starts(): number {
    return this.inOrder().filter(({ type }) => type === 'child.started').length
  }

  /** What has no reason, and what was restarted twice in a second. */
  faults(): string[] {
    const all = this.inOrder()
    const unexplained = all.filter(
      ({ data }) => !data.cause || !data.wanted.command || !data.wanted.why || !data.happened,
    )
    const last = new Map<string, number>()
    const hasty = all.filter(({ type, time, data }) => {
      // The first generation is a start, also after the death of its parent.
      if (type !== 'child.started' || data.generation === 1) return false
      const before = last.get(data.child) ?? Number.NEGATIVE_INFINITY
      last.set(data.child, Date.parse(time))
      return Date.parse(time) - before < APART_MS
    })
    return [
      ...unexplained.map(({ id, data }) => `event ${id}: ${data.child} has no cause`),
      ...hasty.map(({ time, data }) => `${data.child} was restarted twice in a second, at ${time}`),
    ]
  }

  private inOrder(): News[] {
    return [...this.news.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
  }
}
