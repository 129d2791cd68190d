import { AsyncLocalStorage } from 'node:async_hooks'
import { newId } from './ids.ts'

/** What somebody wanted of a child: one cause id for the wish and all that followed from it. */
export interface Wish {
  cause: string
  command: string
  why: string
}

/** One start or end of a child process: what was wanted, what happened, what was decided. */
export interface ChildNews {
  cause: string
  child: string
  kind: string
  generation: number
  pid?: number
  wanted: { command: string; why: string }
  happened: string
  decided: { action: 'run' | 'retry' | 'restart' | 'stop'; inMs?: number }
}

/** A child as it is now, with what was last heard of it. */
export interface ChildState extends ChildNews {
  /** Ends that nobody had asked for. */
  failures: number
}

type Listener = (what: 'started' | 'ended', news: ChildNews) => void

const wishes = new AsyncLocalStorage<Wish>()

/** Whatever is started, stopped or restarted by `act`, now or later on its account, carries this reason. */
export function because<T>(wanted: { command: string; why: string }, act: () => T): T {
  return wishes.run({ cause: newId(), ...wanted }, act)
}

export const wish = (): Wish | undefined => wishes.getStore()

/** For what goes on for long, and then acts for whoever asked last: until then it carries the reason of its beginning. */
export function onBehalf<T>(wanted: Wish | undefined, act: () => T): T {
  return wanted ? wishes.run(wanted, act) : act()
}

/** One process of a child, from its start to its end. */
export interface Life {
  readonly news: ChildNews
  started(pid: number | undefined): void
  /** `by`: whoever asked for this end. */
  ended(happened: string, decided: ChildNews['decided'], by: Wish | undefined): void
}

/** The book of a process's children: who runs, why, how often each failed. Whoever wants to tell it listens. */
export class Children {
  private readonly known = new Map<string, ChildState>()
  private readonly listeners = new Set<Listener>()

  /** Answers how to stop listening. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  list(): ChildState[] {
    return [...this.known.values()]
  }

  /** A process is about to be started. After a failure it carries on the cause of that failure. */
  next(child: string, kind: string, wanted = wish() ?? UNASKED()): Life {
    const before = this.known.get(child)
    const again = before && before.decided.action !== 'run' ? before : undefined
    const news: ChildNews = {
      cause: again?.cause ?? wanted.cause,
      child,
      kind,
      generation: (before?.generation ?? 0) + 1,
      wanted: { command: wanted.command, why: wanted.why },
      happened: again?.happened ?? 'nothing ran',
      decided: { action: 'run' },
    }
    return {
      news,
      started: pid =>
        this.note('started', { ...news, ...(pid !== undefined && { pid }), failures: before?.failures ?? 0 }),
      ended: (happened, decided, by) => this.ended(news, happened, decided, by),
    }
  }

  /** Whoever was to be started again will not be. */
  drop(child: string): void {
    const last = this.known.get(child)
    if (!last || last.decided.action === 'run') return
    const { failures: _count, ...news } = last
    this.ended(news, 'it was not running', { action: 'stop' }, wish())
  }

  /** This process itself, as the one that started it gave it word of in `VISTTER_CAUSE`. */
  self(kind: string, environment: NodeJS.ProcessEnv): void {
    const given = environment.VISTTER_CAUSE
    // What this process starts has causes of its own.
    delete environment.VISTTER_CAUSE
    if (given) this.note('started', { ...(JSON.parse(given) as ChildNews), pid: process.pid, failures: 0 })
    else this.next(kind, kind, { ...UNASKED(), why: 'the service manager keeps it running' }).started(process.pid)
  }

  private ended(news: ChildNews, happened: string, decided: ChildNews['decided'], by: Wish | undefined): void {
    const failed = decided.action === 'retry'
    const cause = failed || !by ? newId() : by.cause
    const wanted = by && !failed ? { command: by.command, why: by.why } : news.wanted
    const last = { ...news, cause, wanted, happened, decided }
    const now = this.known.get(news.child)
    // Its successor may be running already, under the same name.
    if (now && now.generation > news.generation) {
      this.tell('ended', last)
      return
    }
    this.note('ended', { ...last, failures: (now?.failures ?? 0) + (failed ? 1 : 0) })
    if (decided.action === 'stop') this.known.delete(news.child)
  }

  private note(what: 'started' | 'ended', state: ChildState): void {
    this.known.set(state.child, state)
    const { failures: _count, ...news } = state
    this.tell(what, news)
  }

  private tell(what: 'started' | 'ended', news: ChildNews): void {
    for (const listener of this.listeners) listener(what, news)
  }
}

/** The children of this process: there is one such set, as there is one process. */
export const children = new Children()

const UNASKED = (): Wish => ({ cause: newId(), command: 'start', why: 'this process needs it' })

/** The same for the activity log: one sentence for a person, and the news as data. */
export function childEvent(what: 'started' | 'ended', news: ChildNews) {
  const severity: 'info' | 'warning' = news.decided.action === 'retry' ? 'warning' : 'info'
  return { type: `child.${what}`, severity, message: sentence(what, news), data: { ...news } }
}

function sentence(what: 'started' | 'ended', { kind, child, wanted, happened, decided }: ChildNews): string {
  const name = kind === child ? child : `${kind} ${child}`
  if (what === 'started') return `Child ${name} runs (${wanted.command}: ${wanted.why}; before: ${happened}).`
  if (decided.action === 'stop') return `Child ${name} was stopped (${wanted.command}: ${wanted.why}).`
  const when = decided.inMs === undefined ? 'again' : `again in ${decided.inMs} ms`
  return `Child ${name} ended (${happened}) and is started ${when}.`
}
