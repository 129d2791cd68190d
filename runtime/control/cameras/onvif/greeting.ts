import { connect } from 'node:net'
import type { Clock } from '../../../lib/clock.ts'
import { Caller } from './caller.ts'
import { post } from './http.ts'
import { all, soapBody, text } from './soap.ts'

/** Where cameras keep their ONVIF service, the likeliest first. */
export const ONVIF_PORTS: readonly number[] = [80, 8899, 8000, 8080, 2020]
export const DEVICE_SERVICE = '/onvif/device_service'

export interface Where {
  host: string
  port: number
}

interface How {
  /** For a connection. */
  connectMs: number
  /** For an answer after it. */
  answerMs: number
  signal?: AbortSignal | undefined
}

const ASK_TIME =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>' +
  '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'

/**
 * Whether an ONVIF device is there. It is asked for the time, which it tells everybody; refusing to, in SOAP or by a digest
 * login, is also an answer.
 */
export async function greets({ host, port }: Where, { connectMs, answerMs, signal }: How): Promise<boolean> {
  if (!(await opens({ host, port }, connectMs, signal))) return false
  const headers = { 'content-type': 'application/soap+xml; charset=utf-8' }
  try {
    const answer = await post({
      ...{ host, port, path: DEVICE_SERVICE, body: ASK_TIME, headers },
      ms: answerMs,
      signal,
    })
    if (answer.status === 401) return answer.challenges.some(challenge => challenge.startsWith('Digest '))
    const body = soapBody(answer.text)
    return all(body, 'getSystemDateAndTimeResponse').length > 0 || all(body, 'fault').length > 0
  } catch {
    return false
  }
}

/** A connection alone: most addresses of a network are nobody's, and this is the cheapest way to know. */
function opens({ host, port }: Where, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    const done = (open: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', givenUp)
      socket.destroy()
      resolve(open)
    }
    const givenUp = () => done(false)
    const timer = setTimeout(givenUp, ms)
    signal?.addEventListener('abort', givenUp)
    if (signal?.aborted) givenUp()
    socket.on('error', givenUp)
    socket.once('connect', () => done(true))
  })
}

/** The port of a camera whose port nobody has said, or nothing. */
export async function guessPort(host: string, ports: readonly number[] = ONVIF_PORTS): Promise<number | undefined> {
  const how = { connectMs: 1_500, answerMs: 1_500 }
  const found = await Promise.all(ports.map(port => greets({ host, port }, how)))
  return ports.find((_, index) => found[index])
}

/** What a device that was found calls itself, where it tells strangers; empty where it does not. */
export async function askName(where: Where, clock: Clock, ms: number, signal?: AbortSignal): Promise<string> {
  const caller = new Caller(where, clock)
  const body = await caller.ask(done => caller.getScopes(done), { ms, signal }).catch(() => undefined)
  return nameInScopes(all(body, 'getScopesResponse', 'scopes').map(scope => text(scope, 'scopeItem') ?? ''))
}

/** Devices carry their name in addresses such as onvif://www.onvif.org/name/Harbour%20Cam. */
export function nameInScopes(scopes: string[]): string {
  const named = (kind: string): string => {
    const before = `onvif://www.onvif.org/${kind}/`
    const scope = scopes.find(one => one.startsWith(before))
    return scope ? readable(scope.slice(before.length)) : ''
  }
  const [name, hardware] = [named('name'), named('hardware')]
  return [name, ...(name.includes(hardware) ? [] : [hardware])].filter(Boolean).join(' ').slice(0, 100)
}

function readable(part: string): string {
  let words = part
  try {
    words = decodeURIComponent(part)
  } catch {
    // A bare % means itself.
  }
  return words.replace(/[\s\p{C}_]+/gu, ' ').trim()
}
