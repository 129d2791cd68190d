const MOST_WRONG = 2
const LONGEST = 40

/** What others call the same. */
const OTHERS: Readonly<Record<string, string>> = {
  ...{ dissolve: 'fade', crossfade: 'fade', push: 'slide', zoom: 'scale', none: 'cut' },
  ...{ circle: 'ellipse', rect: 'rectangle', box: 'rectangle', square: 'rectangle', start: 'left', end: 'right' },
  ...{ topmiddle: 'top', bottommiddle: 'bottom', middleleft: 'left', middleright: 'right' },
  ...{ c: 'celsius', f: 'fahrenheit', k: 'kelvin', kn: 'knots', kt: 'knots', kmh: 'km/h', mps: 'm/s' },
  ...{ stretch: 'fill', ease: 'ease-in-out', step: 'hold', x: 'position.x', y: 'position.y', rotate: 'rotation' },
}

/** "easeInOut" and "ease-in-out" are one word. */
const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The known word that this one was probably meant to be, if there is one close to it. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  const plain = bare(word)
  const same =
    known.find(candidate => bare(candidate) === plain) ?? known.find(candidate => candidate === OTHERS[plain])
  if (same !== undefined) return same
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
