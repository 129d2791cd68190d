import type { DataBinding, OclDocument } from '../contract/generated/ocl.v1.ts'
import { timelineOf } from './compile.ts'
import { bindingsOf, sayToken } from './data/tokens.ts'
import { type DataWorld, HAIR } from './data/types.ts'
import type { Item } from './plan.ts'
import type { Scope } from './scope.ts'
import { tokensIn } from './text.ts'
import { parseTime } from './time.ts'
import type { LiveContext } from './types.ts'

/** What the live tokens of an item say. */
interface Live {
  tokens: Record<string, string>
  /** A value is stale, and the document wants the cue out of sight. */
  hidden: boolean
  /** Position on the timeline at which they say something else, */
  turns: number
  /** and a hair before that: a frame that is due then may lie so much before it by rounding. */
  until: number
}

const bindings = new WeakMap<OclDocument, ReadonlyMap<string, DataBinding>>()

/** Undefined: nothing of the item is live. */
export function liveAt(item: Item, at: number, scope: Scope): Live | undefined {
  const { live } = scope.context
  const own = live ? namesOf(item, live, scope) : []
  if (!live || own.length === 0) return undefined
  const world = worldAt(at, live, scope)
  const scopes = { bindings: boundIn(scope.document), pushed: live.data, site: scope.context.tokens }
  const tokens: Record<string, string> = {}
  let hidden = false
  let until = Number.POSITIVE_INFINITY
  for (const name of own) {
    const said = sayToken(name, scopes, world)
    if (said.text !== undefined) tokens[name] = said.text
    hidden ||= said.hidden
    until = Math.min(until, said.until)
  }
  const turns = at + (until - world.now)
  // Times of the world are so large that a moment is known to a quarter of a hair only.
  return { tokens, hidden, turns, until: turns - 2 * HAIR }
}

/** Positions on the timeline at which the words of an item turn, at most so many; all of them, or those of a span. */
export function turnsOf(
  item: Item,
  scope: Scope,
  most: number,
  { from, to }: Pick<Item, 'from' | 'to'> = item,
): number[] {
  const turns: number[] = []
  let next = liveAt(item, from, scope)?.turns ?? to
  while (next < to && turns.length < most) {
    turns.push(next)
    next = liveAt(item, next, scope)?.turns ?? to
  }
  return turns
}

function worldAt(at: number, { startedAt, timezone }: LiveContext, { document, context, shift }: Scope): DataWorld {
  const { rate } = timelineOf(document)
  return {
    now: startedAt + at - shift,
    locale: document.locale ?? context.locale ?? 'en',
    timezone,
    rate,
    timeline: { at, timeOf: time => parseTime(time, rate)?.ms },
  }
}

/** Those of its tokens of which more is known than a text. What stands in for its own content may use some, too. */
function namesOf(item: Item, { data = {} }: LiveContext, { document }: Scope): string[] {
  let known = item.memo.names
  if (!known) {
    const bound = boundIn(document)
    const used = new Set([...tokensIn(item.cue.cue), ...tokensIn(document.fallbacks?.text)])
    if (item.cue.number) used.delete('number')
    known = [...used].filter(name => bound.has(name) || Object.hasOwn(data, name))
    item.memo.names = known
  }
  return known
}

function boundIn(document: OclDocument): ReadonlyMap<string, DataBinding> {
  let bound = bindings.get(document)
  if (!bound) {
    bound = bindingsOf(document.data)
    bindings.set(document, bound)
  }
  return bound
}
