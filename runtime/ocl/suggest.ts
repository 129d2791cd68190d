const MOST_WRONG = 2
const LONGEST = 40

/** The known word that this one was probably meant to be, if there is one close to it. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  let best: string | undefined
  let least = Math.min(MOST_WRONG, Math.floor(word.length / 2)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const wrong = distance(word.toLowerCase(), candidate.toLowerCase())
    if (wrong < least) [best, least] = [candidate, wrong]
  }
  return best
}

/** Letters to put in, take out or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]
}
