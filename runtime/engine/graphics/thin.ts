interface Frame {
  frame: Uint8Array
  width: number
  height: number
}

/**
 * A smaller copy of an I420 frame, still at least `wanted` pixels wide, by taking every nth 2 x 2 block: thumbnails are
 * made all the time, and the full frame would be carried to another process for each of them.
 */
export function thinned({ frame, width, height }: Frame, wanted: number): Frame {
  const n = Math.max(1, Math.floor(width / Math.max(1, wanted)))
  if (n === 1) return { frame: frame.slice(), width, height }
  const to = { width: 2 * Math.floor(width / 2 / n), height: 2 * Math.floor(height / 2 / n) }
  const small = new Uint8Array((to.width * to.height * 3) / 2)
  const chroma = { width: width / 2, height: height / 2 }
  const half = { width: to.width / 2, height: to.height / 2 }
  for (let row = 0, i = 0; row < to.height; row++) {
    const from = ((row >> 1) * 2 * n + (row & 1)) * width
    for (let column = 0; column < to.width; column++, i++) small[i] = frame[from + (column >> 1) * 2 * n + (column & 1)]
  }
  for (const plane of [0, 1]) {
    const from = width * height + plane * chroma.width * chroma.height
    let i = to.width * to.height + plane * half.width * half.height
    for (let row = 0; row < half.height; row++)
      for (let column = 0; column < half.width; column++, i++)
        small[i] = frame[from + row * n * chroma.width + column * n]
  }
  return { frame: small, width: to.width, height: to.height }
}
