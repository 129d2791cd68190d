/** Every family that comes with the appliance, in the order in which they are asked for a character. */
export const FAMILIES = [
  'Inter',
  'Noto Sans',
  'Noto Sans Arabic',
  'Noto Sans Hebrew',
  'Noto Sans Thai',
  'Noto Color Emoji',
  'Noto Sans SC',
  'Noto Sans JP',
  'Noto Sans KR',
] as const

export type Family = (typeof FAMILIES)[number]

const WEIGHTS: Readonly<Record<string, number>> = {
  Thin: 100,
  ExtraLight: 200,
  Light: 300,
  Regular: 400,
  Medium: 500,
  SemiBold: 600,
  Bold: 700,
  ExtraBold: 800,
  Black: 900,
}

interface Named {
  /** As it was written, without its weight. */
  name: string
  /** Undefined: it does not come with the appliance. */
  family: Family | undefined
  weight: number
}

/** "Inter Bold" is the family Inter in weight 700. */
export function namedFont(font: string): Named {
  const words = font.trim().split(/\s+/)
  const last = words.at(-1) ?? ''
  const weight = Object.hasOwn(WEIGHTS, last) ? WEIGHTS[last] : undefined
  const name = (weight ? words.slice(0, -1) : words).join(' ')
  return { name, family: FAMILIES.find(family => family === name), weight: weight ?? 400 }
}
