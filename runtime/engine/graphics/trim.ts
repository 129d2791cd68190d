interface Picture {
  rgba: Uint8Array
  width: number
  height: number
  left: number
  top: number
}

/** Without the empty columns and rows at its edges, in steps of two pixels: 2 x 2 of them share their chroma. */
export function trimmed({ rgba, width, height, left, top }: Picture): Picture {
  let [first, end, above, below] = [width, 0, height, 0]
  for (let row = 0, at = 3; row < height; row++)
    for (let column = 0; column < width; column++, at += 4) {
      if (rgba[at] === 0) continue
      if (column < first) first = column
      if (column >= end) end = column + 1
      if (row < above) above = row
      below = row + 1
    }
  if (end === 0) [first, end, above, below] = [0, 2, 0, 2]
  const [x, y] = [first - (first % 2), above - (above % 2)]
  const [w, h] = [end + (end % 2) - x, below + (below % 2) - y]
  const part = new Uint8Array(w * h * 4)
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * width + x) * 4
    part.set(rgba.subarray(from, from + w * 4), row * w * 4)
  }
  return { rgba: part, width: w, height: h, left: left - x, top: top - y }
}
