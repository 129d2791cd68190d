import type { Studio } from '../../runtime/contract/generated/openapi.v1.ts'
import { span } from '../lib-ui/format.ts'

/** What the pill says; undefined: there is nothing to say. */
export function stateText(studio: Studio | undefined): { text: string; look: string } | undefined {
  if (!studio) return undefined
  if (studio.code) return { text: 'Waiting for the code', look: 'is-warn' }
  if (!studio.paired) return undefined
  return studio.connected ? { text: 'Connected', look: 'is-ok' } : { text: 'Out of reach', look: 'is-warn' }
}

const WAYS = { mqtts: 'MQTT over TLS', wss: 'WebSocket' } as const

export function thereText({ studio, since, transport = 'mqtts', queue }: Studio, now: number): string {
  const waiting = queue.out > 0 ? ` ${messages(queue.out)} on the way.` : ''
  return `${hostOf(studio)}, for ${span(now - Date.parse(since))}, by ${WAYS[transport]}.${waiting}`
}

export function awayText({ studio, since, queue }: Studio, now: number, timeZone: string | undefined): string {
  const at = new Date(since).toLocaleTimeString([], {
    hour: 'numeric',
    minute: '2-digit',
    ...(timeZone && { timeZone }),
  })
  const away = `${hostOf(studio)} is out of reach since ${at} (${span(now - Date.parse(since))}). The show goes on.`
  return queue.out > 0 ? `${away} ${messages(queue.out)} wait, and will be told.` : away
}

export const hostOf = (url: string | undefined): string => (url && URL.canParse(url) ? new URL(url).host : 'Studio')

const messages = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)
