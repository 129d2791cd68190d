const ELEMENT = /<([\w:.-]+)([^>]*)>/g
/** Of attributes and styles: an address that is neither a part of this file nor written out in it. */
const ELSEWHERE = /(?:href\s*=\s*["']?|url\(\s*["']?)\s*(?!#|data:|["')\s>])/i

/**
 * Why an SVG can't be shown as it stands, if so: only what is in the file itself is drawn, and nothing of it is run. An
 * address elsewhere would show as a torn picture, so it is said instead. Links that a reader could follow do no harm.
 */
export function whyNotAlone(svg: string): string | undefined {
  if (/<!ENTITY/i.test(svg)) return 'defines entities, which are not read'
  if (/<\?xml-stylesheet/i.test(svg) || /@import/i.test(svg)) return 'needs a style sheet that is not part of it'
  for (const [, name, attributes] of svg.matchAll(ELEMENT)) {
    const element = name.toLowerCase().replace(/^.*:/, '')
    if (element === 'script') return 'has a script, which is not run'
    if (element !== 'a' && ELSEWHERE.test(attributes)) return 'shows another file, which is not part of it'
  }
  return undefined
}
