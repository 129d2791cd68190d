import { mixed } from './color.ts'
import { contentFor, type Look } from './content.ts'
import { heldAt, valueAt, wayAt } from './envelope.ts'
import { anchored, around, cropped, fraction, growth, overlap, shown, shrunk, slid, wiped } from './geometry.ts'
import type { Motion } from './motion.ts'
import { layerOf, type Placed } from './placed.ts'
import type { Item } from './plan.ts'
import type { Scope } from './scope.ts'
import { type SlideMoment, slideAt } from './slides.ts'
import { rateOf, roughSize, type Stretch, snapped, stretchesOf } from './stretches.ts'
import { tickerLayers } from './ticker.ts'
import type { Box, Content, Cut, Finding, Layer, Posture } from './types.ts'

/** How a slide comes over the one before it. */
interface Coming {
  motion: Motion
  since: number
}

/** Which slide it is, if any, and when (ms ago) what is to be seen was begun. */
type Began = Pick<Look, 'slide'> & { since: number }

type Warn = (finding: Finding) => void

/** The layers of an item at a moment of the timeline, the rearmost first; `whole`: all that a ticker ever shows, too. */
export function layersOf(item: Item, at: number, scope: Scope, warn: Warn, whole = false): Layer[] {
  const { cue } = item
  const local = at - item.zero
  if (!cue.slides || item.instead) return layersWith(item, at, { since: local }, undefined, scope, warn, whole)
  const moment = slideAt(cue.slides, local)
  return moment ? slideLayers(item, at, moment, scope, warn) : []
}

function slideLayers(item: Item, at: number, moment: SlideMoment, scope: Scope, warn: Warn): Layer[] {
  const { index, since, coming } = moment
  const above = coming && { motion: coming.motion, since }
  const below = coming && { slide: coming.below, since: coming.belowSince }
  return [
    ...(below ? layersWith(item, at, below, undefined, scope, warn) : []),
    ...layersWith(item, at, { slide: index, since }, above, scope, warn),
  ]
}

function layersWith(
  item: Item,
  at: number,
  base: Began,
  coming: Coming | undefined,
  scope: Scope,
  warn: Warn,
  whole = false,
): Layer[] {
  const { cue } = item
  const local = at - item.zero
  const drawnAt = snapped(stretchesFor(item, base, scope), local)
  // Colours and numbers are part of the bitmap, so they go by its steps.
  const look = {
    since: base.since,
    slide: base.slide,
    words: cue.text && heldAt(cue.text, local),
    color: cue.color && colorAt(cue.color, drawnAt),
    number: cue.number && valueAt(cue.number.envelope, drawnAt),
  }
  const content = contentFor(item, look, scope, warn)
  if (!content) return []
  const placed = place(item, content, at, drawnAt, coming, scope)
  if (content.kind === 'text' && cue.cue.text?.ticker && cue.cue.properties?.size)
    return tickerLayers(item, placed, content.text, local, scope.context, whole)
  return [layerOf(item, placed)]
}

function place(
  item: Item,
  content: Content,
  at: number,
  drawnAt: number,
  coming: Coming | undefined,
  scope: Scope,
): Placed {
  const { cue, zero, to } = item
  const local = at - zero
  const scale = valueAt(cue.scale, local)
  const rotation = cue.turns ? valueAt(cue.rotation, local) : 0
  const { width, height } = content.natural
  const region = cue.cue.unsafe ? scope.frame : scope.grid
  const anchor = cue.cue.properties?.position ? cue.cue.properties.position.anchor : 'center'
  const size = { width: width * scale, height: height * scale }
  const placed: Placed = {
    content: cue.turns ? { ...content, ...postureAt(item, drawnAt) } : content,
    box: anchored(region, anchor, valueAt(cue.x, local), valueAt(cue.y, local), size),
    opacity: valueAt(cue.opacity, local),
    rotation,
    clip: undefined,
    bitmapScale: valueAt(cue.scale, drawnAt),
  }
  if (cue.in) move(placed, cue.in, local, drawnAt, false, scope.frame)
  if (cue.out) {
    const begin = to - zero - cue.out.duration
    if (local >= begin) move(placed, cue.out, local - begin, drawnAt - begin, true, scope.frame)
  }
  if (coming) move(placed, coming.motion, coming.since, stepOf(coming, scope), false, undefined)
  placed.opacity = fraction(placed.opacity)
  if (cue.cuts && !cue.turns) narrow(placed, cropped(placed.box, cutAt(item, local)))
  return placed
}

/** Changes what is placed as a transition wants it; `frame` left out: a slide among slides, from the edge of their own place. */
function move(
  placed: Placed,
  motion: Motion,
  since: number,
  drawnSince: number,
  going: boolean,
  frame: Box | undefined,
): void {
  const visible = shown(motion, since, going)
  if (motion.type === 'scale') placed.bitmapScale *= growth(motion, shown(motion, drawnSince, going))
  if (visible === 1) return
  const { box } = placed
  const outer = around(box, placed.rotation)
  switch (motion.type) {
    case 'fade':
      placed.opacity *= fraction(visible)
      break
    case 'slide': {
      const moved = slid(outer, motion, visible, going, frame ?? outer)
      placed.box = { ...box, x: box.x + moved.x - outer.x, y: box.y + moved.y - outer.y }
      if (!frame) narrow(placed, outer)
      break
    }
    case 'scale':
      placed.box = shrunk(box, growth(motion, visible))
      if (!frame) narrow(placed, outer)
      break
    case 'wipe':
      narrow(placed, wiped(outer, motion, visible, going))
  }
}

function narrow(placed: Placed, part: Box): void {
  placed.clip = placed.clip ? overlap(placed.clip, part) : part
}

/** Turned and then cropped, an element is another bitmap. */
function postureAt(item: Item, drawnAt: number): Posture {
  const { cue } = item
  if (!cue.turns) return {}
  const rotation = wholeTurn(valueAt(cue.rotation, drawnAt))
  return { ...(rotation !== 0 && { rotation }), ...(cue.cuts && { crop: cutAt(item, drawnAt) }) }
}

/** A slide's own steps of size: its bitmaps are the same in each round. */
function stepOf({ since, motion }: Coming, scope: Scope): number {
  const steps = slideSteps(motion, scope)
  return (Math.round((since / motion.duration) * steps) / steps) * motion.duration
}

/** In how many steps of size a slide comes. */
export const slideSteps = ({ duration }: Motion, scope: Scope): number =>
  Math.max(1, Math.min(32, Math.round((duration * rateOf(scope.document)) / 1_000)))

function cutAt({ cue: { crop } }: Item, local: number): Cut {
  const side = (name: keyof Cut) => fraction(valueAt(crop[name], local))
  return { left: side('left'), top: side('top'), right: side('right'), bottom: side('bottom') }
}

function colorAt(envelope: NonNullable<Item['cue']['color']>, local: number): string {
  const { from, to, p } = wayAt(envelope, local)
  return mixed(from, to, p)
}

const wholeTurn = (degrees: number): number => ((degrees % 360) + 360) % 360

export function stretchesFor(item: Item, base: Began, scope: Scope): Stretch[] {
  let known = item.memo.stretches
  if (!known) {
    const { cue } = item
    const content = contentFor(item, { ...base, words: cue.text?.[0].value }, scope, () => {})
    known = content ? stretchesOf(item, roughSize(item, content.natural), rateOf(scope.document)) : []
    item.memo.stretches = known
  }
  return known
}
