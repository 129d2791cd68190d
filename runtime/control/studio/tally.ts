import { rfc3339 } from '../../lib/clock.ts'

interface Look {
  program?: { fallback: boolean; frames: { produced: number; dropped: number; repeated: number } }
  outputs: { id: string; status: string }[]
  cameras: { id: string; status: string }[]
  health: { load: number[] }
}

/** Adds looks at the box up to what Studio keeps of a span of time. Shares are of the looks, from 0 to 1. */
export class Tally {
  last: Record<string, unknown> = {}
  private looks: Look[] = []
  /** The last look of the span before: counters go on from there. */
  private before: Look | undefined
  private from: number

  constructor(from: number) {
    this.from = from
  }

  see(look: Look): void {
    this.looks.push(look)
  }

  /** The span up to `to` (UTC ms); the next one begins there. */
  take(to: number): { from: string; to: string } {
    const { looks, from } = this
    this.last = {
      looks: looks.length,
      frames: this.frames(),
      fallback: share(looks, ({ program }) => program?.fallback === true),
      live: sharesOf(looks.map(({ outputs }) => outputs)),
      online: sharesOf(looks.map(({ cameras }) => cameras)),
      peakLoad: Math.max(0, ...looks.map(({ health }) => health.load[0] ?? 0)),
    }
    this.before = looks.at(-1) ?? this.before
    this.looks = []
    this.from = to
    return { from: rfc3339(from), to: rfc3339(to) }
  }

  /** Of an engine that began anew meanwhile, what it has counted itself. */
  private frames() {
    const last = this.looks.at(-1)?.program?.frames ?? { produced: 0, dropped: 0, repeated: 0 }
    const first = (this.before ?? this.looks[0])?.program?.frames
    const since = first && first.produced <= last.produced ? first : { produced: 0, dropped: 0, repeated: 0 }
    return {
      produced: last.produced - since.produced,
      dropped: last.dropped - since.dropped,
      repeated: last.repeated - since.repeated,
    }
  }
}

const share = <T>(looks: readonly T[], is: (look: T) => boolean): number =>
  looks.length === 0 ? 0 : looks.filter(is).length / looks.length

const GOOD = new Set(['live', 'online'])

function sharesOf(looks: readonly { id: string; status: string }[][]): Record<string, number> {
  const ids = new Set(looks.flat().map(({ id }) => id))
  const good = (id: string) => looks.filter(look => look.some(each => each.id === id && GOOD.has(each.status))).length
  return Object.fromEntries([...ids].map(id => [id, good(id) / looks.length]))
}
