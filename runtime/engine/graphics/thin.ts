interface Frame {
  frame: Uint8Array
  width: number
  height: number
}

/**
 * A smaller copy of an I420 frame, still at least `wanted` pixels wide, by the mean of n x n samples: thumbnails are made
 * all the time, and the full frame would be carried to another process for each of them.
 */
export function thinned({ frame, width, height }: Frame, wanted: number): Frame {
  const n = Math.max(1, Math.min(Math.floor(width / Math.max(2, wanted)), Math.floor(height / 2)))
  if (n === 1) return { frame: frame.slice(), width, height }
  const half = { width: Math.floor(width / 2 / n), height: Math.floor(height / 2 / n) }
  const luma = { width: half.width * 2, height: half.height * 2 }
  const small = new Uint8Array(6 * half.width * half.height)
  const shrink = (from: number, stride: number, at: number, to: { width: number; height: number }): void => {
    for (let row = 0, i = at; row < to.height; row++)
      for (let column = 0; column < to.width; column++, i++)
        small[i] = meanOf(frame, from + row * n * stride + column * n, stride, n)
  }
  shrink(0, width, 0, luma)
  shrink(width * height, width / 2, 4 * half.width * half.height, half)
  shrink((width * height * 5) / 4, width / 2, 5 * half.width * half.height, half)
  return { frame: small, ...luma }
}

function meanOf(bytes: Uint8Array, at: number, stride: number, n: number): number {
  let sum = 0
  for (let row = 0; row < n; row++) for (let column = 0; column < n; column++) sum += bytes[at + row * stride + column]
  return Math.round(sum / (n * n))
}
