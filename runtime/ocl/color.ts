/** "#rrggbb" or "#rrggbbaa" with all four parts in small letters, so that equal colours are equal texts. */
export const normalColor = (color: string): string => `${color}ff`.slice(0, 9).toLowerCase()

/** The colour a part `p` of the way from one to the other, each of red, green, blue and opacity by itself (sRGB). */
export function mixed(from: string, to: string, p: number): string {
  if (p === 0 || from === to) return from
  const parts = [1, 3, 5, 7].map(at => {
    const a = Number.parseInt(from.slice(at, at + 2), 16)
    const b = Number.parseInt(to.slice(at, at + 2), 16)
    const value = Math.min(255, Math.max(0, Math.round(a + (b - a) * p)))
    return value.toString(16).padStart(2, '0')
  })
  return `#${parts.join('')}`
}
