import { FAMILIES, type Family, namedFont } from '../../ocl/fonts.ts'
import { sliceOf } from './font-shelf.ts'

const BUNDLED: Family = 'Inter'
const EMOJI: Family = 'Noto Color Emoji'

/** A piece of a line that is given to a canvas at once. */
export interface Run {
  value: string
  /** For `context.font`, at so many pixels. */
  at(size: number): string
}

/** How a text is given to a canvas. */
export interface Typeface {
  /** For `context.font`, at so many pixels. */
  at(size: number): string
  /** A line, or a part of one, of this text in pieces to be drawn side by side. */
  runsOf(line: string): Run[]
  /** The text, with a box for every character that no font has: the system's must not decide what is seen. */
  value: string
  /** Those characters, each once. */
  missing: string[]
}

/**
 * A canvas looks for each character in one font after the other, which takes seconds where there are dozens of them, as
 * in Chinese texts. Texts of more fonts than this are cut into pieces of one font each.
 */
const MOST_AT_ONCE = 6
const STAND_IN = '□'
/** They are not seen by themselves, so no font need have them: joiners, marks of direction, variation selectors. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\n]/u
/** Control characters would show as boxes. */
const CONTROL = /[\p{Cc}--\n]/gv
/** Lines with such letters are put in order as a whole. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/
const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })
/** Characters that are pictures by default, or made so by what follows them. */
const PICTURES = /\p{Emoji_Presentation}|\u{FE0F}|\u{20E3}/u

/**
 * The fonts for a text: the family that it names ("Inter Bold" in "Inter", weight 700), and for each character which that
 * one lacks the first bundled family that has it. Only bundled fonts: the same picture on every box.
 */
export function typefaceOf(font: string, text: string, locale = ''): Typeface {
  const { family = BUNDLED, weight } = namedFont(font)
  const plain = text.toWellFormed().normalize('NFC').replace(/\t/g, ' ').replace(CONTROL, '')
  const order = orderFor(family, plain, locale)
  const ranks = new Map<string, number>()
  const found = new Map<string, string | undefined>()
  /** The name of the font that a character comes from. */
  const nameFor = (character: string, from: readonly Family[] = order): string | undefined => {
    if (found.has(character)) return found.get(character)
    const code = character.codePointAt(0) ?? 0
    const rank = from.findIndex(name => sliceOf(name, code))
    const slice = rank < 0 ? undefined : sliceOf(from[rank], code)
    slice?.load()
    if (slice && !ranks.has(slice.name)) ranks.set(slice.name, from === order ? rank : order.length)
    found.set(character, slice?.name)
    return slice?.name
  }
  const first = nameFor('x') ?? ''
  const characters = [...new Set(plain)].filter(character => !UNSEEN.test(character))
  const missing = characters.filter(character => !nameFor(character))
  if (missing.length > 0) nameFor(STAND_IN)
  const emoji = PICTURES.test(plain) ? nameFor('😀', [EMOJI]) : undefined

  const inOrder = (names: Iterable<string>): string =>
    [...names]
      .sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
      .map(name => `"${name}"`)
      .join(', ')
  const all = inOrder(ranks.keys())
  const sized = (names: string) => (size: number) => `${weight} ${size}px ${names}`
  const namesFor = (cluster: string): string => {
    if (emoji && PICTURES.test(cluster)) return inOrder([first, emoji])
    return inOrder(new Set([...cluster].map(character => nameFor(character) ?? first)))
  }
  const whole = ranks.size <= MOST_AT_ONCE || RIGHT_TO_LEFT.test(plain)
  return {
    at: sized(all),
    runsOf: line => (whole ? [{ value: line, at: sized(all) }] : runsIn(line, namesFor, sized)),
    value: missing.length > 0 ? [...plain].map(one => (missing.includes(one) ? STAND_IN : one)).join('') : plain,
    missing,
  }
}

/** What one reads as a character stays together, and neighbours of the same font. */
function runsIn(line: string, namesFor: (cluster: string) => string, sized: (names: string) => Run['at']): Run[] {
  const runs: { value: string; names: string }[] = []
  for (const { segment } of clusters.segment(line)) {
    const names = namesFor(segment)
    const last = runs.at(-1)
    if (last?.names === names) last.value += segment
    else runs.push({ value: segment, names })
  }
  return runs.map(({ value, names }) => ({ value, at: sized(names) }))
}

/** The named family first. Of those that share the Chinese characters, the one whose language the text is in. */
function orderFor(family: Family, value: string, locale: string): Family[] {
  const first: Family[] = [family, BUNDLED]
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(value)) first.push('Noto Sans JP')
  else if (/\p{sc=Hangul}/u.test(value)) first.push('Noto Sans KR')
  else if (/^ja\b/i.test(locale)) first.push('Noto Sans JP')
  else if (/^ko\b/i.test(locale)) first.push('Noto Sans KR')
  const others = FAMILIES.filter(name => !first.includes(name))
  const east = first.slice(2)
  return [...new Set([...first.slice(0, 2), ...others.slice(0, others.indexOf(EMOJI) + 1), ...east, ...others])]
}
