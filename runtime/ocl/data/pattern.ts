/** A pattern in its parts: a field is replaced by a part of the time, words stand as they are. */
type Piece = { field: string } | { words: string }

const PIECE = /'((?:''|[^'])*)(?:'|$)|yyyy|yy|LLLL|LLL|LL|L|dd|d|EEEE|EEE|HH|H|hh|h|mm|m|ss|s|SSS|a|./gs
const FIELD = /^[yLdEHhmsSa]/

/** What stands between single quotes is words; two of them are one, inside as well as outside. One alone lasts to the end. */
function piecesOf(pattern: string): Piece[] {
  return [...pattern.matchAll(PIECE)].map(([all, quoted]) => {
    if (quoted !== undefined) return { words: quoted === '' ? "'" : quoted.replaceAll("''", "'") }
    return isField(all) ? { field: all } : { words: all }
  })
}

/** A single y, E or S is none. */
const isField = (text: string): boolean => FIELD.test(text) && !['y', 'E', 'S'].includes(text)

export const fieldsOf = (pattern: string): string[] =>
  piecesOf(pattern).flatMap(piece => ('field' in piece ? [piece.field] : []))

/** Letters outside of quotes that are no field. */
export const strayIn = (pattern: string): string[] =>
  [...pattern.matchAll(PIECE)].flatMap(([all, quoted]) =>
    quoted === undefined && /\p{L}/u.test(all) && !isField(all) ? [all] : [],
  )

/** The pattern with each field replaced. */
export const written = (pattern: string, field: (name: string) => string): string =>
  piecesOf(pattern)
    .map(piece => ('field' in piece ? field(piece.field) : piece.words))
    .join('')
