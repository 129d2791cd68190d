import type { Text } from '../contract/generated/ocl.v1.ts'
import type { DrawnText, Size } from './types.ts'

/** Shared by measuring and drawing, as multiples of the font's size. */
export const LINE_HEIGHT = 1.25
const MARGIN_X = 0.5
const MARGIN_Y = 0.25
/** Mean advance of Inter's Latin letters; only for estimates. */
const MEAN_ADVANCE = 0.56

const TOKEN = /\{\{\s*([^{}\s][^{}]*?)\s*\}\}/g

/** The names of all {{tokens}} in a document, or in a part of one. */
export function tokensIn(tree: unknown): string[] {
  if (typeof tree === 'string') return [...tree.matchAll(TOKEN)].map(([, name]) => name)
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(tokensIn) : []
}

/** The text as it is drawn: defaults filled in, {{tokens}} replaced; `missing` hears the names that have no value. */
export function drawnText(text: Text, tokens: Record<string, string>, missing: (token: string) => void): DrawnText {
  const value = text.value.replace(TOKEN, (_, name: string) => {
    if (Object.hasOwn(tokens, name)) return String(tokens[name])
    missing(name)
    return ''
  })
  return {
    value,
    font: text.font ?? 'Inter',
    size: text.size ?? 48,
    color: text.color ?? '#ffffff',
    align: text.align ?? 'left',
    ...(text.background && { background: text.background }),
  }
}

/** Names what decides a text's size. */
export function textKeyOf({ value, font, size, background }: DrawnText): string {
  return JSON.stringify([value, font, size, background !== undefined])
}

/** Margin between the words and the edge of their background; 0 without one. */
export function marginOf({ size, background }: Pick<DrawnText, 'size' | 'background'>): { x: number; y: number } {
  return background ? { x: size * MARGIN_X, y: size * MARGIN_Y } : { x: 0, y: 0 }
}

/** Size of a text whose longest line is `lineWidth` wide. */
export function textSize(text: DrawnText, lineWidth: number): Size {
  const margin = marginOf(text)
  const lines = text.value.split('\n').length
  return {
    width: Math.max(1, Math.ceil(lineWidth)) + 2 * margin.x,
    height: lines * text.size * LINE_HEIGHT + 2 * margin.y,
  }
}

/** A size without font metrics: good enough to plan with, replaced by the measured one on air. */
export function estimateText(text: DrawnText): Size {
  const longest = Math.max(...text.value.split('\n').map(line => [...line].length))
  return textSize(text, longest * text.size * MEAN_ADVANCE)
}
