/** Members of documents that nobody has checked. */
export type Loose = Record<string, unknown>

const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value)

export const looseIn = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : [])

export const loose = (value: unknown): Loose => (isLoose(value) ? value : {})

/** The first of these members that is a number. */
export const numberIn = (from: Loose, ...names: string[]): number | undefined => {
  for (const name of names) {
    const value = from[name]
    if (typeof value === 'number' && Number.isFinite(value)) return value
  }
  return undefined
}

/** The first of these members that is words. */
export const textIn = (from: Loose, ...names: string[]): string | undefined => {
  for (const name of names) {
    const value = from[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return undefined
}

export const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value))
