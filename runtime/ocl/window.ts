import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { layersOf } from './layer.ts'
import { momentsOf } from './moments.ts'
import { plan, positionAt } from './plan.ts'
import { scopeOf } from './scope.ts'
import { type SpriteSpec, specOf, spriteKeyOf } from './sprites.ts'
import type { ResolveContext } from './types.ts'

interface Need {
  at: number
  spec: SpriteSpec
}

/** A stretch of the timeline that is played, and when (t) it begins. */
interface Round {
  from: number
  to: number
  t: number
  shift: number
}

/** More bitmaps than this are not asked for in one window: an author's mistake must not stop everything else. */
const MOST = 2_000
/** Of a loop that is shorter than the window: the rest of a round, a whole one, and one for what rounding leaves over. */
const MOST_ROUNDS = 3
/** Rounding at the edges: what begins or ends there counts as inside. */
const HAIR = 1e-2

/**
 * Every bitmap that layers which can be seen ask for while t is in [from, to), each once, in the order in which they are
 * needed. Pure. `capped`: there are more, and the later ones are left out.
 */
export function spritesWithin(
  document: OclDocument,
  context: ResolveContext,
  from: number,
  to: number,
  most = MOST,
): { specs: SpriteSpec[]; capped: boolean } {
  const needs = new Map<string, Need>()
  for (const round of roundsIn(document, context, from, to)) {
    const scope = scopeOf(document, context, round.shift)
    for (const item of plan(document, context)) {
      const begin = Math.max(item.from, round.from - HAIR)
      const end = Math.min(item.to, round.to + HAIR)
      if (begin >= end) continue
      for (const local of momentsOf(item, scope, { from: begin - item.zero, to: end - item.zero }))
        for (const layer of layersOf(item, item.zero + local, scope, () => {}, true)) {
          if (!(layer.bitmapScale > 0)) continue
          const key = spriteKeyOf(layer)
          const at = round.t + item.zero + local - round.from
          const known = needs.get(key)
          if (!known) needs.set(key, { at, spec: specOf(layer, key) })
          else if (at < known.at) known.at = at
        }
    }
  }
  const specs = [...needs.values()].toSorted((a, b) => a.at - b.at).map(({ spec }) => spec)
  return { specs: specs.slice(0, most), capped: specs.length > most }
}

/** What of the timeline is played while t is in [from, to): of one that loops, not what only repeats. */
function* roundsIn(document: OclDocument, context: ResolveContext, from: number, to: number): Generator<Round> {
  for (let t = Math.max(0, from), n = 0; t < to && n < MOST_ROUNDS; n++) {
    const position = positionAt(document, t, context)
    if (!position) return
    const { at, end, shift, loop } = position
    yield { from: at, to: Math.min(end, at + to - t), t, shift }
    if (!loop) return
    t = Math.max(t + HAIR, end - shift)
  }
}
