/** The planes that are painted in one go: luma; both chroma planes, which share alpha; alpha itself, in either size. */
export const enum Planes {
  LUMA,
  CHROMA,
  ALPHA,
  CHROMA_ALPHA,
}

/**
 * One entry of a display list, 32 words: the first half as writeLayer in kernel.ts makes it. The rest is the kernel's own
 * while it paints: threads share one memory and every one has its own lists, so notes can be kept nowhere else.
 */
@unmanaged
export class Layer {
  y: usize
  u: usize
  v: usize
  a: usize
  ac: usize
  width: i32
  height: i32
  atX: i32
  atY: i32
  opacity: i32
  clipLeft: i32
  clipTop: i32
  clipRight: i32
  clipBottom: i32
  lumaSpans: usize
  chromaSpans: usize

  /** The columns and rows that it may cover of the planes that are painted. */
  left: i32
  right: i32
  first: i32
  last: i32
  /** The column at which its own begins, how many it has, and where the span of the row stands; 0: not known. */
  origin: i32
  stride: i32
  span: usize
  /** Where the values for column 0 of the row would stand in its planes, did they reach that far. */
  colour: usize
  second: usize
  alpha: usize
  /** The columns that it covers of the row. */
  begin: i32
  end: i32
  /** The next one above it in the row's pile. */
  above: Layer | null
}

/** LAYER_BYTES of kernel.ts. */
const BYTES: usize = 128

@inline
export function layerAt(list: usize, n: i32): Layer {
  return changetype<Layer>(list + <usize>n * BYTES)
}

/**
 * Notes where a layer stands on these planes, for row 0. Odd positions and clips: chroma rounds down, so a clip at the edge of
 * a layer takes nothing of it away.
 */
export function project(l: Layer, planes: Planes): void {
  const half = planes == Planes.CHROMA || planes == Planes.CHROMA_ALPHA ? 1 : 0
  const x = l.atX >> half, y = l.atY >> half
  l.origin = x
  l.stride = l.width >> half
  l.left = max(l.clipLeft >> half, x)
  l.right = min(l.clipRight >> half, x + l.stride)
  l.first = max(l.clipTop >> half, y)
  l.last = min(l.clipBottom >> half, y + (l.height >> half))
  const start = <usize>(y * l.stride + x)
  l.alpha = (half ? l.ac : l.a) - start
  l.second = l.v - start
  l.colour = planes == Planes.LUMA ? l.y - start : planes == Planes.CHROMA ? l.u - start : l.alpha
  const spans = half ? l.chromaSpans : l.lumaSpans
  l.span = spans ? spans - <usize>(y << 3) : 0
}

/** Turns to the row so many further down (or up). */
export function advance(l: Layer, rows: i32): void {
  const bytes = <usize>(rows * l.stride)
  l.colour += bytes
  l.second += bytes
  l.alpha += bytes
  if (l.span) l.span += <usize>(rows << 3)
}

/** Notes the columns that it covers of the row; whether there are any. */
export function covers(l: Layer): bool {
  l.begin = l.left
  l.end = l.right
  if (l.span) {
    l.begin = max(l.begin, l.origin + load<i32>(l.span))
    l.end = min(l.end, l.origin + load<i32>(l.span, 4))
  }
  return l.begin < l.end
}
