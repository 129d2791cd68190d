import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { type CompiledCue, type CompiledScene, timelineOf } from './compile.ts'
import { assetFor } from './content.ts'
import type { Memo } from './memo.ts'
import type { ResolveContext } from './types.ts'

/** One appearance of a cue: [from, to) on the timeline, with `zero` where its own time is 0 (all ms). */
export interface Item {
  cue: CompiledCue
  zero: number
  from: number
  to: number
  /** Shows the fallback in place of its own content: what it waited for did not come. */
  instead: boolean
  /** Its own: whatever is worked out of an item once. */
  memo: Memo
}

/** Where t stands on the timeline: `at` = position, `shift` = at - t, `end` = where this round or the whole play ends. */
export interface Position {
  at: number
  shift: number
  end: number
  loop: boolean
}

const plans = new WeakMap<OclDocument, WeakMap<ResolveContext, Item[]>>()

/** Undefined before the start, after the end, and for a scene that the document does not have. */
export function positionAt(document: OclDocument, t: number, context: ResolveContext): Position | undefined {
  const { scenes, end: last, loop } = timelineOf(document)
  const scene = context.scene === undefined ? { start: 0, end: last } : scenes.find(({ id }) => id === context.scene)
  if (!scene || !(t >= 0)) return undefined
  const length = scene.end - scene.start
  const round = loop && length > 0 ? Math.floor(t / length) * length : 0
  const at = scene.start + (t - round)
  if (at >= scene.end) return undefined
  return { at, shift: scene.start - round, end: scene.end, loop: loop && length > 0 }
}

/** Every appearance of every cue, in paint order. Worked out once for a document and a context: neither is ever changed. */
export function plan(document: OclDocument, context: ResolveContext): Item[] {
  let known = plans.get(document)
  if (!known) {
    known = new WeakMap()
    plans.set(document, known)
  }
  let items = known.get(context)
  if (!items) {
    items = planned(document, context)
    known.set(context, items)
  }
  return items
}

function planned(document: OclDocument, context: ResolveContext): Item[] {
  const { scenes, end } = timelineOf(document)
  const played = context.scene === undefined ? scenes : scenes.filter(({ id }) => id === context.scene)
  const limit = context.scene === undefined ? end : Number.POSITIVE_INFINITY
  const items = played.flatMap(scene =>
    scene.cues.flatMap(cue => {
      const item = appearance(cue, scene, limit, context)
      return item ? withFallbackScene(item, document, context, limit) : []
    }),
  )
  // Sorting keeps the document's order within a layer.
  return items.sort((a, b) => a.cue.cue.layer - b.cue.cue.layer)
}

/** A cue whose asset is missing gives its time to the fallback scene, unless a single asset stands in for it. */
function withFallbackScene(item: Item, document: OclDocument, context: ResolveContext, limit: number): Item[] {
  const id = document.fallbacks?.scene
  const scene = id === undefined ? undefined : timelineOf(document).scenes.find(candidate => candidate.id === id)
  if (!scene || !needsFallback(item, document, context)) return [item]
  const delay = item.from - scene.start
  return scene.cues.flatMap(cue => {
    const own = appearance(cue, scene, limit, context)
    if (!own) return []
    const from = own.from + delay
    const to = Math.min(own.to + delay, item.to)
    return from < to ? [{ ...own, zero: own.zero + delay, from, to }] : []
  })
}

function needsFallback(item: Item, document: OclDocument, context: ResolveContext): boolean {
  const { assetRef, slides } = item.cue.cue
  const isThere = (id: string | undefined) => assetFor(document, id, context) !== undefined
  if (item.instead) return !isThere(document.fallbacks?.asset)
  if (slides) return !slides.items.some(slide => isThere(slide.assetRef))
  return assetRef !== undefined && !isThere(assetRef)
}

function appearance(cue: CompiledCue, scene: CompiledScene, limit: number, context: ResolveContext): Item | undefined {
  const { wait } = cue
  const reached = wait ? reachedAt(wait, context) : cue.start
  const late = wait !== undefined && reached > cue.start + wait.timeout
  if (late && wait.otherwise === 'skip') return undefined
  const zero = late ? cue.start + wait.timeout : Math.max(cue.start, reached)
  const from = Math.max(zero, scene.start)
  const to = Math.min(zero + cue.duration, scene.end, limit)
  const instead = late && wait.otherwise === 'fallback'
  return from < to ? { cue, zero, from, to, instead, memo: {} } : undefined
}

function reachedAt(wait: { presets: string[]; milestones: string[] }, { reached = {} }: ResolveContext): number {
  const times = [
    ...wait.presets.map(name => own(reached.presets, name)),
    ...wait.milestones.map(name => own(reached.milestones, name)),
  ]
  return Math.max(...times.map(time => time ?? Number.POSITIVE_INFINITY))
}

const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined
