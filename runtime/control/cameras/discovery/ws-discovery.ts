import { DEVICE_SERVICE, nameInScopes, type Where } from '../onvif/greeting.ts'
import { all, soapBody, text, type Xml } from '../onvif/soap.ts'

/** Somebody who said that there is a camera. */
export interface Sighting {
  /** The device's own name for itself for ever, where it told one. */
  reference?: string
  /** For people; may be empty. */
  name: string
  /** Where its ONVIF service is, the best first. */
  at: (Where & { xaddr: string })[]
}

const MOST_MATCHES = 8
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'

/** The question to everybody. With `types` cameras only shall answer; some cameras do so only to the question without. */
export function probeMessage(id: string, types: boolean): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"' +
    ` xmlns:a="${ADDRESSING}" xmlns:d="${DISCOVERY}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>` +
    `<a:Action s:mustUnderstand="1">${DISCOVERY}/Probe</a:Action><a:MessageID>urn:uuid:${id}</a:MessageID>` +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
    `<s:Body><d:Probe>${types ? '<d:Types>dn:NetworkVideoTransmitter</d:Types>' : ''}</d:Probe></s:Body></s:Envelope>`
  )
}

/** The cameras in an answer; none in what is no answer, and printers are no cameras. `sender` is who sent it. */
export function sightingsIn(datagram: string, sender: string): Sighting[] {
  const matches = all(soapBody(datagram), 'probeMatches', 'probeMatch').slice(0, MOST_MATCHES)
  return matches.flatMap(match => sightingOf(match, sender))
}

function sightingOf(match: Xml, sender: string): Sighting[] {
  const scopes = words(text(match, 'scopes'))
  const types = text(match, 'types') ?? ''
  if (!types.includes('NetworkVideoTransmitter') && !scopes.some(scope => scope.startsWith('onvif://'))) return []
  const at = words(text(match, 'XAddrs')).slice(0, MOST_MATCHES).flatMap(whereOf)
  if (at.length === 0) return []
  // Of several networks that a camera is in, the one by which it has just reached us; and no TLS, which we do not speak.
  const rank = ({ host, xaddr }: Sighting['at'][number]) =>
    Number(host !== sender) + 2 * Number(!xaddr.startsWith('http:'))
  const reference = text(match, 'endpointReference', 'address')
  return [
    {
      name: nameInScopes(scopes),
      at: at.sort((a, b) => rank(a) - rank(b)),
      ...(reference && { reference: reference.slice(0, 200) }),
    },
  ]
}

function whereOf(xaddr: string): Sighting['at'] {
  if (xaddr.length > 300 || !/^https?:\/\//i.test(xaddr) || !URL.canParse(xaddr)) return []
  const { protocol, hostname, port, pathname, username, password } = new URL(xaddr)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (!host || username || password) return []
  const number = Number(port) || (protocol === 'https:' ? 443 : 80)
  return [{ host, port: number, xaddr: `${protocol}//${hostname}${port && `:${port}`}${pathname}` }]
}

const words = (list: string | undefined): string[] => (list ?? '').split(/\s+/).filter(Boolean).slice(0, 64)

/** A camera that was found by its service alone. */
export const seenAt = ({ host, port }: Where, name: string): Sighting => ({
  name,
  at: [{ host, port, xaddr: `http://${host}${port === 80 ? '' : `:${port}`}${DEVICE_SERVICE}` }],
})
