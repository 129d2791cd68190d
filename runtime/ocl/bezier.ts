const FORM = /^cubic-bezier\(([^,]*),([^,]*),([^,]*),([^,]*)\)$/
/** Halvings of the interval: far below what a frame can show. */
const STEPS = 40

/**
 * The curve of "cubic-bezier(x1, y1, x2, y2)" (CSS Easing Functions Level 1): y for a progress of 0..1. Undefined: it is
 * not one, or its x leave 0..1, where there would be more than one y.
 */
export function bezierOf(text: string): ((p: number) => number) | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const numbers = match.slice(1).map(part => (part.trim() === '' ? Number.NaN : Number(part)))
  const [x1, y1, x2, y2] = numbers
  if (numbers.some(value => !Number.isFinite(value)) || x1 < 0 || x1 > 1 || x2 < 0 || x2 > 1) return undefined
  return p => {
    if (p <= 0 || p >= 1) return p
    let low = 0
    let high = 1
    for (let i = 0; i < STEPS; i++) {
      const middle = (low + high) / 2
      if (along(x1, x2, middle) < p) low = middle
      else high = middle
    }
    return along(y1, y2, (low + high) / 2)
  }
}

/** One coordinate of the curve from 0 to 1 with these two control points, at parameter t. */
function along(first: number, second: number, t: number): number {
  const back = 1 - t
  return 3 * back * back * t * first + 3 * back * t * t * second + t * t * t
}
