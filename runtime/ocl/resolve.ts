import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { nextOf } from './changes.ts'
import { layersOf } from './layer.ts'
import { type Item, plan, positionAt } from './plan.ts'
import { type Scope, scopeOf } from './scope.ts'
import type { Finding, Layer, ResolveContext, Resolved } from './types.ts'

/** What an item shows until something of it changes. */
export interface Still {
  from: number
  until: number
  /** Of which round. */
  shift: number
  layers: Layer[]
  findings: Finding[]
}

const NOTHING: ResolveContext = {}

/**
 * What is on the screen at `t` (ms since the document, or its scene `context.scene`, was started), in paint order.
 * Pure: the same arguments always give the same answer, in whatever order moments are asked for.
 * A cue is there from its start up to, not including, its end; one whose opacity is 0 at that moment is still listed.
 * The document must have passed validateOcl. Warnings tell of missing assets and tokens of what is on the screen.
 */
export function resolve(document: OclDocument, t: number, context: ResolveContext = NOTHING): Resolved {
  const layers: Layer[] = []
  const warnings: Finding[] = []
  const position = positionAt(document, t, context)
  if (!position) return { layers, warnings }
  const { at, shift } = position
  let scope: Scope | undefined
  for (const item of plan(document, context)) {
    if (at < item.from || at >= item.to) continue
    scope ??= scopeOf(document, context, shift)
    const still = stillAt(item, at, scope)
    for (const layer of still.layers) layers.push(layer)
    for (const finding of still.findings) warnings.push(finding)
  }
  return { layers, warnings }
}

/**
 * The smallest moment after `t` (ms) at which resolve may answer differently; `t` itself while something moves;
 * Infinity when nothing changes any more.
 */
export function nextChange(document: OclDocument, t: number, context: ResolveContext = NOTHING): number {
  if (t < 0) return 0
  const position = positionAt(document, t, context)
  if (!position) return Number.POSITIVE_INFINITY
  const { at, shift, end } = position
  let next = end
  let scope: Scope | undefined
  for (const item of plan(document, context)) {
    if (at >= item.to) continue
    if (at < item.from) {
      next = Math.min(next, item.from)
      continue
    }
    const { still } = item.memo
    if (still && still.shift === shift && at >= still.from && at < still.until) {
      next = Math.min(next, still.until)
      continue
    }
    scope ??= scopeOf(document, context, shift)
    const own = nextOf(item, at, scope)
    if (own <= at) return t
    next = Math.min(next, own)
  }
  return next - shift
}

/** Worked out anew while it moves; else what it was, until it changes. */
function stillAt(item: Item, at: number, scope: Scope): Still {
  const known = item.memo.still
  if (known && known.shift === scope.shift && at >= known.from && at < known.until) return known
  const findings: Finding[] = []
  const layers = layersOf(item, at, scope, finding => findings.push(finding))
  const until = nextOf(item, at, scope)
  const still = { from: at, until, shift: scope.shift, layers, findings }
  if (until > at) item.memo.still = still
  return still
}
