import { layerAt, Planes } from './layer.as'
import { paint } from './paint.as'

/** `base` with `count` layers of the list on it, into `target`. */
export function compose(target: usize, base: usize, width: i32, height: i32, list: usize, count: i32): void {
  const luma = <usize>(width * height)
  paint(target, base, 0, width, height, list, count, Planes.LUMA)
  paint(target + luma, base + luma, luma >> 2, width >> 1, height >> 1, list, count, Planes.CHROMA)
}

/** Draws `count` layers of the list into one transparent layer `flat` of the picture's size, and finds its spans. */
export function flatten(flat: usize, list: usize, count: i32): void {
  const into = layerAt(flat, 0)
  const width = into.width, height = into.height
  const luma = <usize>(width * height)
  memory.fill(into.y, 0, luma)
  memory.fill(into.u, 0, luma >> 2)
  memory.fill(into.v, 0, luma >> 2)
  memory.fill(into.a, 0, luma)
  memory.fill(into.ac, 0, luma >> 2)
  paint(into.y, into.y, 0, width, height, list, count, Planes.LUMA)
  paint(into.u, into.u, into.v - into.u, width >> 1, height >> 1, list, count, Planes.CHROMA)
  // Alpha composes by the same formula as colour.
  paint(into.a, into.a, 0, width, height, list, count, Planes.ALPHA)
  paint(into.ac, into.ac, 0, width >> 1, height >> 1, list, count, Planes.CHROMA_ALPHA)
  findSpans(into.a, width, height, into.lumaSpans)
  findSpans(into.ac, width >> 1, height >> 1, into.chromaSpans)
}

/** Notes for each row the first column that is not transparent and the end of them; sixteen at a time while there are none. */
function findSpans(a: usize, width: i32, height: i32, spans: usize): void {
  for (let row = 0; row < height; row++, spans += 8, a += width) {
    let first = 0
    let end = width
    while (first + 16 <= end && !v128.any_true(v128.load(a + <usize>first))) first += 16
    while (first < end && !load<u8>(a + <usize>first)) first++
    while (end - 16 >= first && !v128.any_true(v128.load(a + <usize>(end - 16)))) end -= 16
    while (end > first && !load<u8>(a + <usize>(end - 1))) end--
    store<i32>(spans, first)
    store<i32>(spans, end, 4)
  }
}
