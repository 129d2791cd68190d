import type { Text } from '../contract/generated/ocl.v1.ts'
import type { DrawnText, Size } from './types.ts'

/** Shared by measuring and drawing, as multiples of the font's size. */
const LINE_HEIGHT = 1.25
const MARGIN_X = 0.5
const MARGIN_Y = 0.25
/** Mean advance of Inter's Latin letters; only for estimates. */
const MEAN_ADVANCE = 0.56

/** Characters that a token may stand for: what comes from outside must not swell a text without end. */
const LONGEST = 2_000

/** Nothing in it can be matched in two ways: a text that looks for trouble takes no longer than another. */
const TOKEN = /\{\{([^{}]+)\}\}/g

/** The names of all {{tokens}} in a document, or in a part of one. */
export function tokensIn(tree: unknown): string[] {
  if (typeof tree === 'string') return [...tree.matchAll(TOKEN)].map(([, name]) => name.trim()).filter(Boolean)
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(tokensIn) : []
}

/** A text with its {{tokens}} replaced; `missing` hears the names that have no value. */
export function filled(value: string, tokens: Record<string, string>, missing: (token: string) => void): string {
  return value.replace(TOKEN, (whole, inner: string) => {
    const name = inner.trim()
    if (name === '') return whole
    if (Object.hasOwn(tokens, name)) return String(tokens[name]).slice(0, LONGEST)
    missing(name)
    return ''
  })
}

/** The text as it is drawn: defaults filled in, {{tokens}} replaced; `missing` hears the names that have no value. */
export function drawnText(text: Text, tokens: Record<string, string>, missing: (token: string) => void): DrawnText {
  return {
    ...text,
    value: filled(text.value, tokens, missing),
    font: text.font ?? 'Inter',
    size: text.size ?? 48,
    color: text.color ?? '#ffffff',
    align: text.align ?? 'left',
  }
}

/** Names what decides a text's size. */
export function textKeyOf(text: DrawnText): string {
  const { value, font, size, maxLines = 0, ticker } = text
  const margin = marginOf(text)
  return JSON.stringify([value, font, size, margin.x, margin.y, lineHeightOf(text), maxLines, ticker !== undefined])
}

/** From one line to the next, pixels of the base resolution. */
export const lineHeightOf = ({ size, lineHeight = LINE_HEIGHT }: Pick<DrawnText, 'size' | 'lineHeight'>): number =>
  size * lineHeight

/** Margin between the words and the edge of their box. */
export function marginOf({ size, background, padding }: Pick<DrawnText, 'size' | 'background' | 'padding'>): {
  x: number
  y: number
} {
  const { x = background ? size * MARGIN_X : 0, y = background ? size * MARGIN_Y : 0 } = padding ?? {}
  return { x, y }
}

/** The lines that the author made; a ticker has one. Wrapping may make more of them. */
export function linesOf({ value, maxLines, ticker }: Pick<DrawnText, 'value' | 'maxLines' | 'ticker'>): string[] {
  if (ticker) return [value.split(/\s*\n\s*/).join(' ')]
  return value.split('\n').slice(0, maxLines)
}

/** Size of a text whose longest line is `lineWidth` wide. */
export function textSize(text: DrawnText, lineWidth: number): Size {
  const margin = marginOf(text)
  return {
    width: Math.max(1, Math.ceil(lineWidth)) + 2 * margin.x,
    height: linesOf(text).length * lineHeightOf(text) + 2 * margin.y,
  }
}

/** A size without font metrics: good enough to plan with, replaced by the measured one on air. */
export function estimateText(text: DrawnText): Size {
  const longest = linesOf(text).reduce((most, line) => Math.max(most, [...line].length), 0)
  return textSize(text, longest * text.size * MEAN_ADVANCE)
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** Whether its words begin at the right: as it says itself, else as its first letter does. */
export function isRightToLeft({ value, direction = 'auto' }: Pick<DrawnText, 'value' | 'direction'>): boolean {
  if (direction !== 'auto') return direction === 'rtl'
  const [first] = /\p{L}/u.exec(value) ?? []
  return first !== undefined && RIGHT_TO_LEFT.test(first)
}
