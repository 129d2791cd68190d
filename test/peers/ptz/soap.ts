/** As much of SOAP 1.2 as a small camera's firmware knows: it searches in the text for what it needs. */

/** One request, by the names without prefixes that stand in it. */
export class SoapRequest {
  readonly text: string
  /** The first element of the body: `GetStatus`. */
  readonly action: string

  constructor(text: string) {
    this.text = text
    this.action = /<(?:[\w-]+:)?Body\b[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(text)?.[1] ?? ''
  }

  /** What the first element of this name holds. */
  word(name: string): string | undefined {
    const found = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(this.text)
    return found ? plain(found[1].trim()) : undefined
  }

  number(element: string, attribute: string): number | undefined {
    const found = new RegExp(`<(?:[\\w-]+:)?${element}\\s(?:[^>]*\\s)?${attribute}="([^"]*)"`).exec(this.text)
    const value = Number(found?.[1])
    return found && Number.isFinite(value) ? value : undefined
  }

  /** The first element of this name with all that is in it, as a request of its own to look into. */
  part(name: string): SoapRequest {
    const found = new RegExp(`<((?:[\\w-]+:)?${name})(?:\\s[^>]*)?>[\\s\\S]*?</\\1>`).exec(this.text)
    return new SoapRequest(found?.[0] ?? '')
  }
}

/** A refusal, as ONVIF's core specification words it (5.8.2): `ter:NotAuthorized`, `ter:InvalidArgVal`. */
export class SoapFault extends Error {
  readonly status: number
  readonly subcodes: string[]

  constructor(subcodes: string[], reason: string, status = 400) {
    super(reason)
    this.subcodes = subcodes
    this.status = status
  }
}

const NAMES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' }

const plain = (text: string) => text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, found => NAMES[found])

export const xml = (text: string): string =>
  text.replaceAll(/[<>"'&]/g, found => Object.keys(NAMES).find(name => NAMES[name] === found) ?? '')

const SPACES = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  tt: 'http://www.onvif.org/ver10/schema',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  trt: 'http://www.onvif.org/ver10/media/wsdl',
  tptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  ter: 'http://www.onvif.org/ver10/error',
}

export function envelope(body: string): string {
  const spaces = Object.entries(SPACES).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${spaces.join(' ')}><s:Body>${body}</s:Body></s:Envelope>`
}

export function faultBody({ subcodes, message, status }: SoapFault): string {
  const inner = subcodes.reduceRight((deeper, code) => `<s:Subcode><s:Value>${code}</s:Value>${deeper}</s:Subcode>`, '')
  const side = status < 500 ? 'Sender' : 'Receiver'
  const reason = `<s:Reason><s:Text xml:lang="en">${xml(message)}</s:Text></s:Reason>`
  return `<s:Fault><s:Code><s:Value>s:${side}</s:Value>${inner}</s:Code>${reason}</s:Fault>`
}
