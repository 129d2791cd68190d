import type { Position, Resolution } from '../contract/generated/ocl.v1.ts'
import { ease } from './envelope.ts'
import type { Motion } from './motion.ts'
import type { Box, Cut, Size } from './types.ts'

/** The safe grid is the middle 90 % of the frame: some screens cut the edge off. */
const MARGIN = 0.05

export function safeGrid({ width, height }: Resolution): Box {
  return { x: width * MARGIN, y: height * MARGIN, width: width * (1 - 2 * MARGIN), height: height * (1 - 2 * MARGIN) }
}

/** Where an element of this size stands: its anchor point x, y pixels inwards from the same anchor of the region. */
export function anchored(region: Box, anchor: Position['anchor'], x: number, y: number, size: Size): Box {
  const { left, right, top, bottom } = sidesOf(anchor ?? 'top-left')
  const { width, height } = size
  return {
    width,
    height,
    x: region.x + along(left, right, region.width - width, x),
    y: region.y + along(top, bottom, region.height - height, y),
  }
}

type Sides = Record<'left' | 'right' | 'top' | 'bottom', boolean>

const anchors = new Map<string, Sides>()

/** Read once for each of the few that there are: elements are placed at every frame. */
function sidesOf(anchor: string): Sides {
  let sides = anchors.get(anchor)
  if (!sides) {
    const has = (word: string) => anchor.split('-').includes(word)
    sides = { left: has('left'), right: has('right'), top: has('top'), bottom: has('bottom') }
    anchors.set(anchor, sides)
  }
  return sides
}

function along(near: boolean, far: boolean, room: number, inwards: number): number {
  if (near) return inwards
  return far ? room - inwards : room / 2 + inwards
}

/** Shrinks a box around its centre. */
export function shrunk(box: Box, by: number): Box {
  const width = box.width * by
  const height = box.height * by
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height }
}

/** The smallest upright rectangle around a box that is turned about its centre. */
export function around(box: Box, degrees: number): Box {
  if (degrees === 0) return box
  const { width, height } = turnedSize(box, degrees)
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height }
}

function turnedSize({ width, height }: Size, degrees: number): Size {
  const sin = Math.abs(Math.sin((degrees * Math.PI) / 180))
  const cos = Math.abs(Math.cos((degrees * Math.PI) / 180))
  return { width: width * cos + height * sin, height: width * sin + height * cos }
}

/** What is left of a box when these fractions are cut off. */
export function cropped(box: Box, { left, top, right, bottom }: Cut): Box {
  return {
    x: box.x + box.width * left,
    y: box.y + box.height * top,
    width: box.width * Math.max(0, 1 - left - right),
    height: box.height * Math.max(0, 1 - top - bottom),
  }
}

/** How far a coming (0 to 1) or a going (1 to 0) has got; easings may swing beyond both. `at` = ms since it began. */
export function shown(motion: Motion, at: number, going: boolean): number {
  const p = ease(motion.easing, at / motion.duration)
  return going ? 1 - p : p
}

/** The factor of size of an element that grows or shrinks, when so much of the way is done. */
export const growth = ({ from }: Motion, visible: number): number => Math.max(0, from + (1 - from) * visible)

/** A number of 0 to 1. */
export const fraction = (value: number): number => Math.min(1, Math.max(0, value))

/** A slide's place: from outside the frame on one side to `box`, or from it to outside on the other. */
export function slid(box: Box, motion: Motion, visible: number, going: boolean, frame: Box): Box {
  const { direction } = motion
  const forwards = direction === 'right' || direction === 'down'
  const outAtStart = forwards !== going
  const away = 1 - visible
  if (direction === 'left' || direction === 'right')
    return { ...box, x: box.x + away * ((outAtStart ? frame.x - box.width : frame.x + frame.width) - box.x) }
  return { ...box, y: box.y + away * ((outAtStart ? frame.y - box.height : frame.y + frame.height) - box.y) }
}

/** A wipe's visible part. The edge runs in `direction`: it uncovers what is behind it, or, going, covers it. */
export function wiped(box: Box, motion: Motion, part: number, going: boolean): Box {
  const { direction } = motion
  const visible = fraction(part)
  const forwards = direction === 'right' || direction === 'down'
  const fromNear = forwards !== going
  if (direction === 'left' || direction === 'right') {
    const width = box.width * visible
    return { ...box, width, x: fromNear ? box.x : box.x + box.width - width }
  }
  const height = box.height * visible
  return { ...box, height, y: fromNear ? box.y : box.y + box.height - height }
}

export function overlap(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  }
}

/** Whether `inner` lies within `outer`, a thousandth of a pixel forgiven. */
export function within(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x - 1e-3 &&
    inner.y >= outer.y - 1e-3 &&
    inner.x + inner.width <= outer.x + outer.width + 1e-3 &&
    inner.y + inner.height <= outer.y + outer.height + 1e-3
  )
}
