import { type Family, families, sliceOf } from './font-shelf.ts'

const BUNDLED: Family = 'Inter'
const EMOJI: Family = 'Noto Color Emoji'

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

/** How a text is given to a canvas. */
export interface Typeface {
  /** For `context.font`, at so many pixels. */
  at(size: number): string
  /** The text, with a box for every character that no font has: the system's must not decide what is seen. */
  value: string
  /** Those characters, each once. */
  missing: string[]
}

const STAND_IN = '□'
/** They are not seen by themselves, so no font need have them: joiners, marks of direction, variation selectors. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\n]/u
/** Control characters would show as boxes. */
const CONTROL = /[\p{Cc}--\n]/gv
/** Characters that are pictures by default, or made so by what follows them. */
const PICTURES = /\p{Emoji_Presentation}|\u{FE0F}|\u{20E3}/u

/**
 * The fonts for a text: the family that it names ("Inter Bold" in "Inter", weight 700), and for each character which that
 * one lacks the first bundled family that has it. Only bundled fonts: the same picture on every box.
 */
export function typefaceOf(font: string, text: string, locale = ''): Typeface {
  const { family, weight } = named(font)
  const value = text.toWellFormed().normalize('NFC').replace(/\t/g, ' ').replace(CONTROL, '')
  const order = orderFor(family, value, locale)
  const used = new Map<string, number>()
  const missing = new Set<string>()
  const use = (from: readonly Family[], character: string): boolean => {
    const code = character.codePointAt(0) ?? 0
    for (const [rank, name] of from.entries()) {
      const slice = sliceOf(name, code)
      if (!slice) continue
      slice.load()
      if (!used.has(slice.name)) used.set(slice.name, rank)
      return true
    }
    return false
  }
  use(order, 'x')
  for (const character of new Set(value)) if (!UNSEEN.test(character) && !use(order, character)) missing.add(character)
  if (missing.size > 0) use(order, STAND_IN)
  if (PICTURES.test(value)) use([EMOJI], '😀')
  const names = [...used].sort((a, b) => a[1] - b[1]).map(([name]) => `"${name}"`)
  return {
    at: size => `${weight} ${size}px ${names.join(', ')}`,
    value:
      missing.size > 0 ? [...value].map(character => (missing.has(character) ? STAND_IN : character)).join('') : value,
    missing: [...missing],
  }
}

function named(font: string): { family: Family; weight: number } {
  const words = font.trim().split(/\s+/)
  const last = words.at(-1) ?? ''
  const weight = Object.hasOwn(WEIGHTS, last) ? WEIGHTS[last] : undefined
  const name = (weight ? words.slice(0, -1) : words).join(' ')
  return { family: families.find(family => family === name) ?? BUNDLED, weight: weight ?? WEIGHTS.Regular }
}

/** The named family first. Of those that share the Chinese characters, the one whose language the text is in. */
function orderFor(family: Family, value: string, locale: string): Family[] {
  const first: Family[] = [family, BUNDLED]
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(value)) first.push('Noto Sans JP')
  else if (/\p{sc=Hangul}/u.test(value)) first.push('Noto Sans KR')
  else if (/^ja\b/i.test(locale)) first.push('Noto Sans JP')
  else if (/^ko\b/i.test(locale)) first.push('Noto Sans KR')
  const others = families.filter(name => !first.includes(name))
  const east = first.slice(2)
  return [...new Set([...first.slice(0, 2), ...others.slice(0, others.indexOf(EMOJI) + 1), ...east, ...others])]
}
