import type { Slides } from '../contract/generated/ocl.v1.ts'
import { type Motion, motionOf } from './motion.ts'
import { parseDuration } from './time.ts'

/** Slides with their times in ms since the first of them. */
export interface CompiledSlides {
  items: { assetRef: string; start: number; duration: number }[]
  length: number
  loop: boolean
  motion?: Motion
}

/** What of the slides is to be seen: the one on top, and while it comes the one below it. */
export interface SlideMoment {
  index: number
  /** ms since it began */
  since: number
  /** ms until the next one begins; Infinity: none does. */
  left: number
  coming?: { motion: Motion; below: number; belowSince: number }
}

export function slidesOf(slides: Slides, rate: number): CompiledSlides {
  const every = parseDuration(slides.every, rate) ?? 0
  let length = 0
  const items = slides.items.flatMap(({ assetRef, duration: own }) => {
    const duration = parseDuration(own, rate) ?? every
    const start = length
    length += duration
    return duration > 0 ? [{ assetRef, start, duration }] : []
  })
  return { items, length, loop: slides.loop ?? true, motion: motionOf(slides.transition, rate) }
}

/** Undefined: there is nothing to be seen, ever. */
export function slideAt({ items, length, loop, motion }: CompiledSlides, local: number): SlideMoment | undefined {
  if (items.length === 0) return undefined
  const round = loop && items.length > 1 ? Math.max(0, Math.floor(local / length)) : 0
  const at = local - round * length
  let index = items.length - 1
  while (index > 0 && items[index].start > at) index--
  const { start, duration } = items[index]
  const since = at - start
  const stays = items.length === 1 || (!loop && index === items.length - 1)
  const left = stays ? Number.POSITIVE_INFINITY : duration - since
  const first = index === 0 && round === 0
  if (!motion || first || since >= Math.min(motion.duration, duration)) return { index, since, left }
  const below = index === 0 ? items.length - 1 : index - 1
  return {
    index,
    since,
    left,
    coming: {
      motion: { ...motion, duration: Math.min(motion.duration, duration) },
      below,
      belowSince: since + items[below].duration,
    },
  }
}
