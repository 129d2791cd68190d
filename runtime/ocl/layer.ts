import { mixed } from './color.ts'
import { contentFor, type Look } from './content.ts'
import { heldAt, valueAt, wayAt } from './envelope.ts'
import { anchored, around, cropped, fraction, growth, overlap, shown, shrunk, slid, wiped } from './geometry.ts'
import { liveAt } from './live.ts'
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
  const live = liveAt(item, at, scope)
  if (live?.hidden) return []
  const { cue } = item
  const local = at - item.zero
  const drawnAt = snapped(stretchesFor(item, base, scope), local)
  // Colours and numbers are part of the bitmap, so they go by its steps.
  const look = {
    ...base,
    words: cue.text && heldAt(cue.text, local),
    color: cue.color && colorAt(cue.color, drawnAt),
    number: cue.number && valueAt(cue.number.envelope, drawnAt),
    live: live?.tokens,
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
  let box = anchored(region, anchor, valueAt(cue.x, local), valueAt(cue.y, local), size)
  let opacity = valueAt(cue.opacity, local)
  let clip: Box | undefined
  let drawn = valueAt(cue.scale, drawnAt)
  const steps = [
    { motion: cue.in, since: local, drawnSince: drawnAt, going: false, within: scope.frame },
    { motion: cue.out, ...goingSince(item, local, drawnAt), going: true, within: scope.frame },
    { motion: coming?.motion, ...comingSince(coming, scope), going: false, within: undefined },
  ]
  const outOf = to - zero
  for (const { motion, since, drawnSince, going, within } of steps) {
    if (!motion || (going && local < outOf - motion.duration)) continue
    const visible = shown(motion, since, going)
    if (motion.type === 'scale') drawn *= growth(motion, shown(motion, drawnSince, going))
    if (visible === 1) continue
    const outer = around(box, rotation)
    switch (motion.type) {
      case 'fade':
        opacity *= fraction(visible)
        break
      case 'slide': {
        const moved = slid(outer, motion, visible, going, within ?? outer)
        box = { ...box, x: box.x + moved.x - outer.x, y: box.y + moved.y - outer.y }
        // A slide among slides comes from the edge of their own place.
        if (!within) clip = clip ? overlap(clip, outer) : outer
        break
      }
      case 'scale':
        box = shrunk(box, growth(motion, visible))
        break
      case 'wipe': {
        const part = wiped(outer, motion, visible, going)
        clip = clip ? overlap(clip, part) : part
      }
    }
  }
  if (cue.cuts && !cue.turns) {
    const left = cropped(box, cutAt(item, local))
    clip = clip ? overlap(clip, left) : left
  }
  return {
    content: { ...content, ...postureAt(item, drawnAt) },
    box,
    opacity: fraction(opacity),
    rotation,
    clip,
    bitmapScale: drawn,
  }
}

/** Turned and then cropped, an element is another bitmap. */
function postureAt(item: Item, drawnAt: number): Posture {
  const { cue } = item
  if (!cue.turns) return {}
  const rotation = wholeTurn(valueAt(cue.rotation, drawnAt))
  return { ...(rotation !== 0 && { rotation }), ...(cue.cuts && { crop: cutAt(item, drawnAt) }) }
}

function goingSince({ cue, zero, to }: Item, local: number, drawnAt: number): { since: number; drawnSince: number } {
  const begin = to - zero - (cue.out?.duration ?? 0)
  return { since: local - begin, drawnSince: drawnAt - begin }
}

/** A slide's own steps of size: its bitmaps are the same in each round. */
function comingSince(coming: Coming | undefined, scope: Scope): { since: number; drawnSince: number } {
  if (!coming) return { since: 0, drawnSince: 0 }
  const { since, motion } = coming
  const steps = slideSteps(motion, scope)
  return { since, drawnSince: (Math.round((since / motion.duration) * steps) / steps) * motion.duration }
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

const stretches = new WeakMap<Item, Stretch[]>()

export function stretchesFor(item: Item, base: Began, scope: Scope): Stretch[] {
  let known = stretches.get(item)
  if (!known) {
    const { cue } = item
    const content = contentFor(item, { ...base, words: cue.text?.[0].value }, scope, () => {})
    known = content ? stretchesOf(item, roughSize(item, content.natural), rateOf(scope.document)) : []
    stretches.set(item, known)
  }
  return known
}
