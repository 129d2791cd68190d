import type { Program } from '../../contract/generated/engine.v1.ts'

/** How a program shows sources of another shape: whole on black, or as much of them as fills the frame. */
export type View = NonNullable<Program['view']>

export const WHOLE: View = { fit: 'letterbox', focusX: 0.5 }

interface Size {
  width: number
  height: number
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Which part of a source goes into which part of the picture, all even, as 4:2:0 needs. Pure. */
export function place(source: Size, picture: Size, { fit, focusX }: View): { part: Box; box: Box } {
  if (fit === 'letterbox') return { part: { x: 0, y: 0, ...source }, box: centred(inscribed(source, picture), picture) }
  const part = inscribed(picture, source)
  const room = source.width - part.width
  const { y } = centred(part, source)
  return { part: { ...part, x: even(focusX * room), y }, box: { x: 0, y: 0, ...picture } }
}

/** The largest size of `shape`'s proportions inside `frame`. */
function inscribed(shape: Size, frame: Size): Size {
  const share = Math.min(frame.width / shape.width, frame.height / shape.height)
  return {
    width: Math.min(frame.width, Math.max(2, even(shape.width * share))),
    height: Math.min(frame.height, Math.max(2, even(shape.height * share))),
  }
}

function centred(size: Size, frame: Size): Box {
  return { x: downToEven((frame.width - size.width) / 2), y: downToEven((frame.height - size.height) / 2), ...size }
}

const even = (value: number): number => 2 * Math.round(value / 2)
const downToEven = (value: number): number => 2 * Math.floor(value / 2)
