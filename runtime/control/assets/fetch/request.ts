import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { VistterError } from '../../../contract/errors.ts'
import { throughProxy } from '../../../lib/proxy-env.ts'
import { brokenOff } from './trouble.ts'
import { checkForProxy, checkUrl, guardedLookup, isPrivate, type Rules, shownUrl } from './way.ts'

/** A connection on which nothing comes for this long is dead (ms). */
const STALLED = 15_000
const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

interface Asked {
  url: string
  headers: Record<string, string>
  rules: Rules
  signal: AbortSignal
}

/** What a server answers in the end. Each address on the way there is checked like the first one. Throws VistterError. */
export async function request({ url, headers, rules, signal }: Asked): Promise<IncomingMessage> {
  let at = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!URL.canParse(at)) throw new VistterError('ASSET_ADDRESS', 'The address is none.')
    const response = await ask(new URL(at), { headers, rules, signal })
    const { statusCode = 0, headers: answered } = response
    if (!REDIRECTS.has(statusCode)) return response
    response.destroy()
    const { location } = answered
    if (location === undefined || !URL.canParse(location, at))
      throw new VistterError('ASSET_ANSWER', `${shownUrl(at)} leads on to nowhere.`)
    at = new URL(location, at).href
  }
  throw new VistterError('ASSET_ANSWER', `${shownUrl(url)} leads on more than ${MOST_REDIRECTS} times.`)
}

async function ask(url: URL, { headers, rules, signal }: Omit<Asked, 'url'>): Promise<IncomingMessage> {
  checkUrl(url, rules)
  const way = await wayTo(url, rules)
  const { host } = url
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asked = open(url, {
      ...way,
      ...(rules.ca !== undefined && { ca: rules.ca }),
      headers: { accept: '*/*', 'accept-encoding': 'identity', ...headers },
      timeout: STALLED,
      signal,
    })
    asked.once('timeout', () => asked.destroy(new VistterError('ASSET_UNREACHABLE', `${host} sends nothing any more.`)))
    asked.once('response', resolve)
    asked.on('error', error => reject(brokenOff(error, host)))
    asked.end()
  })
}

/** A connection of its own: one that was kept would not be looked at again. */
async function wayTo(url: URL, rules: Rules) {
  const { proxy, ca } = rules
  if (!proxy || isPrivate(url.hostname, rules.privateHosts)) return { agent: false, lookup: guardedLookup(rules) }
  await checkForProxy(url, rules)
  return { agent: new Agent({ proxyEnv: throughProxy(proxy), ...(ca !== undefined && { ca }) }) }
}
