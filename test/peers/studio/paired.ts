import tls from 'node:tls'
import { expect } from 'vitest'
import { until } from '../run.ts'
import type { ReferenceStudio } from './studio.ts'

export interface SaidAck {
  command: string
  status: string
  code?: string
  message?: string
  hint?: string
  path?: string
  supported?: string[]
  metrics?: Record<string, number>
  result?: Record<string, unknown>
}

/** Control in this process trusts this Studio's own CA, too. */
export function trust(studio: ReferenceStudio): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), studio.authority.pem])
}

/** As tests of one process and of the whole product have it. */
interface Api {
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: object }>
  get<Body>(path: string): Promise<Body>
}

/** An appliance and its Studio. */
export class PairedBox {
  id = ''
  readonly api: Api
  readonly studio: ReferenceStudio

  constructor(api: Api, studio: ReferenceStudio) {
    this.api = api
    this.studio = studio
  }

  async pair(): Promise<void> {
    const { api, studio } = this
    const told = await api.ask('POST', '/studio/pair', { url: studio.url, code: studio.issue() })
    expect(told, JSON.stringify(told.body)).toMatchObject({ status: 200, body: { paired: true } })
    await until('the channel is open', async () => (await this.state()).connected)
    this.id = await until('its status', () => studio.broker.heard[0]?.topic.split('/')[3])
  }

  state(): Promise<{ paired: boolean; connected: boolean; queue: { in: number; out: number } }> {
    return this.api.get('/studio')
  }

  send(type: string, data: object, envelope: object = {}): Promise<string> {
    return this.studio.send(this.id, type, data, envelope)
  }

  said(command: string): SaidAck[] {
    return this.studio
      .told('ack')
      .map(ack => ack.data as SaidAck)
      .filter(ack => ack.command === command)
  }

  /** The last word about a command. */
  async ended(command: string, ms = 15_000): Promise<SaidAck> {
    const final = () =>
      this.said(command).find(({ status }) => ['done', 'failed', 'rejected', 'expired'].includes(status))
    return until(`the end of ${command}`, final, { timeoutMs: ms })
  }

  /** For each command how long its first ack took (ms), by the clock of this process; commands of one that did not answer are left out. */
  received(sent: ReadonlyMap<string, number>): number[] {
    const heard = new Map<string, number>()
    for (const { topic, message, at } of this.studio.broker.heard)
      if (topic.endsWith('/ack')) {
        const { command } = message.data as SaidAck
        if (!heard.has(command)) heard.set(command, at)
      }
    return [...sent].flatMap(([command, at]) => (heard.get(command) ?? Number.NaN) - at).toSorted((a, b) => a - b)
  }

  async do(type: string, data: object): Promise<SaidAck> {
    return this.ended(await this.send(type, data))
  }

  events(type: string) {
    const all = this.studio.told('event').filter(event => event.type === `vistter.event.${type}`)
    return all.map(({ time, data }) => ({ time, ...(data as { message: string; details: Record<string, unknown> }) }))
  }
}
