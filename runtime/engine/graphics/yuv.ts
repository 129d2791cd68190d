/**
 * Colour: sRGB pictures to BT.709 limited range and back (ITU-R BT.709-6, items 3.2 to 3.5; quantised for 8 bits):
 *
 *     Y  = 0.2126 R + 0.7152 G + 0.0722 B          of R, G, B in 0..1, with their own gamma
 *     Y' = 16 + 219 Y     Cb = 128 + 224 (B - Y) / 1.8556     Cr = 128 + 224 (R - Y) / 1.5748
 *
 * Each is linear, so premultiplied pixels need no division: alpha * Y' = 16 alpha + 219 Y(alpha R, alpha G, alpha B).
 * Chroma is the mean of 2 x 2 pixels. Everything is rounded once, to within 1 of the exact value.
 */
const KR = 0.2126
const KG = 0.7152
const KB = 0.0722
const Y_SCALE = 219 / 255
const U_SCALE = 224 / 255 / 1.8556
const V_SCALE = 224 / 255 / 1.5748

/** The planes of a sprite, one after the other. */
export interface Planes {
  width: number
  height: number
  /** See Sprite. */
  left?: number
  top?: number
  missing?: string[]
  y: Uint8Array
  u: Uint8Array
  v: Uint8Array
  a: Uint8Array
  ac: Uint8Array
  /** The first column of each row that is not wholly transparent and the end of them, for luma and for chroma. */
  spans: { luma: Int32Array; chroma: Int32Array }
}

/** Premultiplied RGBA bytes to premultiplied Y'CbCrA planes. Width and height are even. */
export function planesOf(rgba: Uint8Array, width: number, height: number): Planes {
  const half = (width / 2) * (height / 2)
  const y = new Uint8Array(width * height)
  const a = new Uint8Array(width * height)
  const [u, v, ac] = [new Uint8Array(half), new Uint8Array(half), new Uint8Array(half)]
  for (let i = 0, p = 0; i < y.length; i++, p += 4) {
    const alpha = rgba[p + 3]
    if (alpha === 0) continue
    a[i] = alpha
    y[i] = (16 / 255) * alpha + Y_SCALE * (KR * rgba[p] + KG * rgba[p + 1] + KB * rgba[p + 2]) + 0.5
  }
  for (let row = 0, i = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2, i++) {
      const p = (row * width + column) * 4
      const q = p + width * 4
      const alpha = rgba[p + 3] + rgba[p + 7] + rgba[q + 3] + rgba[q + 7]
      if (alpha === 0) continue
      const red = rgba[p] + rgba[p + 4] + rgba[q] + rgba[q + 4]
      const green = rgba[p + 1] + rgba[p + 5] + rgba[q + 1] + rgba[q + 5]
      const blue = rgba[p + 2] + rgba[p + 6] + rgba[q + 2] + rgba[q + 6]
      const luma = KR * red + KG * green + KB * blue
      ac[i] = alpha / 4 + 0.5
      u[i] = ((128 / 255) * alpha + U_SCALE * (blue - luma)) / 4 + 0.5
      v[i] = ((128 / 255) * alpha + V_SCALE * (red - luma)) / 4 + 0.5
    }
  }
  const spans = { luma: spansOf(a, width), chroma: spansOf(ac, width / 2) }
  return { width, height, y, u, v, a, ac, spans }
}

/** Of each row of alpha the first column that is not wholly transparent, and the end of them. */
export function spansOf(alpha: Uint8Array, width: number): Int32Array {
  const spans = new Int32Array((alpha.length / width) * 2)
  for (let at = 0, n = 0; at < alpha.length; at += width) {
    let first = 0
    let end = width
    while (first < end && alpha[at + first] === 0) first++
    while (end > first && alpha[at + end - 1] === 0) end--
    spans[n++] = first
    spans[n++] = end
  }
  return spans
}

/** Opaque RGBA bytes to I420: Y, then U, then V, tightly packed. Width and height are even. */
export function i420Of(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const { y, u, v } = planesOf(rgba, width, height)
  const frame = new Uint8Array((width * height * 3) / 2)
  frame.set(y)
  frame.set(u, y.length)
  frame.set(v, y.length + u.length)
  return frame
}

/** I420 to opaque RGBA bytes; each chroma sample serves its 2 x 2 pixels. */
export function rgbaOf(frame: Uint8Array, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4)
  const uAt = width * height
  const vAt = uAt + uAt / 4
  for (let row = 0, i = 0; row < height; row++) {
    const chroma = (row >> 1) * (width / 2)
    for (let column = 0; column < width; column++, i++) {
      const luma = (frame[i] - 16) / Y_SCALE
      const cb = (frame[uAt + chroma + (column >> 1)] - 128) / U_SCALE
      const cr = (frame[vAt + chroma + (column >> 1)] - 128) / V_SCALE
      const p = i * 4
      rgba[p] = luma + cr
      rgba[p + 1] = luma - (KB * cb + KR * cr) / KG
      rgba[p + 2] = luma + cb
      rgba[p + 3] = 255
    }
  }
  return rgba
}
