export type Measure = (value: string) => number

/** Scripts that are written without spaces between words, and emoji. */
const DENSE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef\p{Emoji_Presentation}]|\u{FE0F}/u
const BY_WORD = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
/** What may not begin a line, and what may not end one (of JIS X 4051 and GB/T 15834 what is seen in titles). */
const NOT_FIRST =
  /^[、。，．・：；？！‥…ー〜〟」』】〕〉》）］｝’”々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)\]}%]/u
const NOT_LAST = /[「『【〔〈《（［｛‘“〝([{]$/u

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const words = new Intl.Segmenter('th', { granularity: 'word' })

/** Half a pixel of rounding is forgiven. */
const FORGIVEN = 0.5
const CLOSE = 0.03

/**
 * Breaks lines between words; in scripts that put no spaces between them between characters, as their rules allow. What
 * can't be broken and is too long for a line stays whole.
 */
export function wrapped(value: string, room: number, measure: Measure): string[] {
  const space = measure(' ')
  return value.split('\n').flatMap(paragraph => {
    const lines: string[] = []
    let line: string | undefined
    let width = 0
    for (const [n, word] of paragraph.split(' ').entries())
      for (const [i, piece] of piecesOf(word).entries()) {
        const spaced = n > 0 && i === 0
        const longer = width + (spaced ? space : 0) + measure(piece)
        if (line !== undefined && isOver(longer, room, () => measure(`${line}${spaced ? ' ' : ''}${piece}`))) {
          lines.push(line)
          line = piece
          width = measure(piece)
        } else {
          width = line === undefined ? measure(piece) : longer
          line = line === undefined ? piece : `${line}${spaced ? ' ' : ''}${piece}`
        }
      }
    return [...lines, line ?? '']
  })
}

/** Sums of pieces are quick and nearly right; where that matters the line is measured as it is, with all its kerning. */
function isOver(sum: number, room: number, exact: () => number): boolean {
  return (Math.abs(sum - room) < CLOSE * room ? exact() : sum) > room + FORGIVEN
}

/** What of a word, which has no spaces, must stay together. */
function piecesOf(word: string): string[] {
  if (!DENSE.test(word) && !BY_WORD.test(word)) return [word]
  const pieces: string[] = []
  const segmenter = BY_WORD.test(word) ? words : graphemes
  let before = ''
  for (const { segment } of segmenter.segment(word)) {
    if (pieces.length > 0 && !mayBreak(before, segment)) pieces[pieces.length - 1] += segment
    else pieces.push(segment)
    before = segment
  }
  return pieces
}

function mayBreak(before: string, after: string): boolean {
  if (NOT_FIRST.test(after) || NOT_LAST.test(before)) return false
  if (BY_WORD.test(before) || BY_WORD.test(after)) return true
  return DENSE.test(before) || DENSE.test(after)
}

/** At most so many lines; where some are left out, the last one ends with "…", shortened until that fits. */
export function atMost(lines: string[], most: number, room: number, measure: Measure): string[] {
  if (lines.length <= most) return lines
  const kept = lines.slice(0, most)
  let last = `${(kept.pop() ?? '').trimEnd()}…`
  const shorter = Array.from(graphemes.segment(last.slice(0, -1)), ({ segment }) => segment)
  while (shorter.length > 0 && measure(last) > room + FORGIVEN) {
    shorter.pop()
    last = `${shorter.join('').trimEnd()}…`
  }
  return [...kept, last]
}
