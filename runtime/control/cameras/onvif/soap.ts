import utils from 'onvif/lib/utils.js'
import { VistterError } from '../../../contract/errors.ts'

/**
 * Part of an answer, as the library's parser leaves it: text, or an object of lists by element name, without prefixes and
 * with a small first letter (`PTZNode`, `XAddr` keep theirs). Nothing in it is to be trusted, so it is read by the functions
 * below. They never convert: a token that looks like a number stays text.
 */
export type Xml = unknown

/** A device whose declarations are more than this is not one: the library's own removal of them takes quadratic time. */
const MOST_DECLARATIONS = 64
const DECLARATION = /\sxmlns(?::[\w.-]+)?\s{0,9}=\s{0,9}(?:"[^"]*"|'[^']*')/g

/** The body of an envelope, or nothing when the text is no SOAP. Faults are bodies, too. */
export function soapBody(text: string): Xml | undefined {
  const xml = text.replace(DECLARATION, '')
  if (xml.split('xmlns', MOST_DECLARATIONS + 1).length > MOST_DECLARATIONS) return undefined
  const bodies: Xml[] = []
  utils.parseSOAPString(xml, (_error, found) => bodies.push(found), 200)
  const [body] = bodies
  return Array.isArray(body) ? body[0] : undefined
}

/** Every element at this path, in the order of the document. */
export function all(node: Xml, ...path: string[]): Xml[] {
  let found: Xml[] = [node]
  for (const name of path) found = found.flatMap(parent => children(parent, name))
  return found
}

function children(node: Xml, name: string): Xml[] {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return []
  const value: unknown = Reflect.get(node, name)
  return Array.isArray(value) ? value : [value]
}

/** What an element says, without the spaces around it. */
export function text(node: Xml, ...path: string[]): string | undefined {
  const [found] = all(node, ...path)
  const [said] = typeof found === 'string' ? [found] : children(found, '_')
  return typeof said === 'string' && said.trim() !== '' ? said.trim() : undefined
}

export function attribute(node: Xml, name: string): string | undefined {
  const [value] = all(node, '$', name)
  return typeof value === 'string' ? value : undefined
}

/** A finite number, or nothing. */
export function numeric(said: string | undefined): number | undefined {
  const value = said === undefined || said.trim() === '' ? Number.NaN : Number(said)
  return Number.isFinite(value) ? value : undefined
}

/** The element that answers a request. Its absence is not the same as an empty answer. */
export function response(body: Xml, name: string): Xml {
  const [found] = all(body, name)
  if (found === undefined) throw new VistterError('PTZ_BAD_ANSWER', `The camera's answer lacks ${name}.`)
  return found
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML has no place for them, not even escaped (XML 1.0, 2.2). */
const forbidden = (sign: string): boolean => sign >= '\ufffe' || (sign < ' ' && !'\t\n\r'.includes(sign))

/** As text of an element or attribute. What XML cannot carry at all is left out. */
export const escapeXml = (raw: string): string =>
  raw
    .toWellFormed()
    .replace(/[&<>"']/g, sign => ENTITIES[sign] ?? '')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, sign => (forbidden(sign) ? '' : sign))
