/** Appends one step to a JSON pointer (RFC 6901). */
export const step = (path: string, key: string | number): string =>
  `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The steps of a JSON pointer. */
export const stepsOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The pointer of the value that holds the one at `path`. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** Whether one of these pointers is `path` or leads to something that holds it. */
export function isBelow(pointers: { has(path: string): boolean }, path: string): boolean {
  for (let at = path; ; at = parentOf(at)) {
    if (pointers.has(at)) return true
    if (at === '') return false
  }
}
