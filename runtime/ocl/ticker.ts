import { measured } from './content.ts'
import { valueAt } from './envelope.ts'
import { around, overlap } from './geometry.ts'
import { layerOf, type Placed } from './placed.ts'
import type { Item } from './plan.ts'
import { isRightToLeft } from './text.ts'
import type { Box, DrawnText, Layer, ResolveContext, Size } from './types.ts'

/** More copies of a line than this are never side by side in a box: a gap and words of no width would be endless. */
const MOST_COPIES = 200

/**
 * A line that runs through its box: the box itself, if it has a background, then each copy of the line that is in it.
 * The line begins at the edge where it comes in, with nothing to be seen yet. By speed it comes again and again, `gap`
 * apart; by `scroll` it comes once: 0 is at that edge, at 1 it has left. `whole`: in any case one copy.
 */
export function tickerLayers(
  item: Item,
  placed: Placed,
  text: DrawnText,
  local: number,
  context: ResolveContext,
  whole: boolean,
): Layer[] {
  const { box, content, rotation } = placed
  const { scroll } = item.cue
  const line = lineOf(text)
  const size = measured(line, context)
  const room = content.natural.width
  const run = scroll ? valueAt(scroll, local) * (room + size.width) : ((text.ticker?.speed ?? 0) * local) / 1_000
  const gap = text.ticker?.gap ?? 2 * text.size
  const starts = whole ? [0] : startsOf(room, size.width, gap, run, scroll !== undefined)
  const scale = room > 0 ? box.width / room : 0
  const window = around(box, rotation)
  const clip = placed.clip ? overlap(placed.clip, window) : window
  const mirrored = isRightToLeft(line)
  const copies = starts.map(start => {
    const place = turned(box, rotation, {
      x: box.x + (mirrored ? room - start - size.width : start) * scale,
      y: box.y + topOf(text, content.natural, size) * scale,
      width: size.width * scale,
      height: size.height * scale,
    })
    return layerOf(item, {
      ...placed,
      content: { ...content, kind: 'text', text: line, natural: size },
      box: place,
      clip,
    })
  })
  if (!text.background) return copies
  const behind = { ...placed, content: { ...content, kind: 'text' as const, text: plateOf(text) } }
  return [layerOf(item, behind), ...copies]
}

const lines = new WeakMap<DrawnText, DrawnText>()
const plates = new WeakMap<DrawnText, DrawnText>()

/** The words without their box; the same object for the same text, as keys are kept with it. */
function lineOf(text: DrawnText): DrawnText {
  let line = lines.get(text)
  if (!line) {
    const { background: _b, padding: _p, radius: _r, maxLines: _m, fit: _f, verticalAlign: _v, ...rest } = text
    line = rest
    lines.set(text, line)
  }
  return line
}

/** The box without its words; likewise. */
function plateOf(text: DrawnText): DrawnText {
  let plate = plates.get(text)
  if (!plate) {
    const { ticker: _, ...rest } = text
    plate = { ...rest, value: '' }
    plates.set(text, plate)
  }
  return plate
}

/** Where (pixels at scale 1 from the edge at which it leaves) the copies of the line stand that are in the box. */
function startsOf(room: number, width: number, gap: number, run: number, once: boolean): number[] {
  if (once) return run > 0 && run < room + width ? [room - run] : []
  const period = Math.max(1, width + gap)
  const starts: number[] = []
  const first = Math.max(0, Math.floor((run - room - width) / period))
  for (let n = first; starts.length < MOST_COPIES; n++) {
    const start = room - run + n * period
    if (start >= room) break
    if (start + width > 0) starts.push(start)
  }
  return starts
}

function topOf(text: DrawnText, box: Size, line: Size): number {
  const room = box.height - line.height
  return { top: 0, middle: room / 2, bottom: room }[text.verticalAlign ?? 'middle']
}

/** A piece of a turned box: its centre goes round the box's. */
function turned(box: Box, degrees: number, piece: Box): Box {
  if (degrees === 0) return piece
  const angle = (degrees * Math.PI) / 180
  const dx = piece.x + piece.width / 2 - box.x - box.width / 2
  const dy = piece.y + piece.height / 2 - box.y - box.height / 2
  const x = box.x + box.width / 2 + dx * Math.cos(angle) - dy * Math.sin(angle)
  const y = box.y + box.height / 2 + dx * Math.sin(angle) + dy * Math.cos(angle)
  return { ...piece, x: x - piece.width / 2, y: y - piece.height / 2 }
}
