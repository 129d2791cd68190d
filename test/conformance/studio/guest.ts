import { connect, type IPublishPacket, type MqttClient } from 'mqtt'
import type { PairAnswer } from '../../../runtime/contract/generated/studio.v1.ts'
import { makeKey } from '../../../runtime/control/studio/identity.ts'
import { newId } from '../../../runtime/lib/ids.ts'
import { eventually } from '../case.ts'
import { type Asking, asked, Person, type Said } from './person.ts'

/** A message that came in. */
export interface Came {
  packet: IPublishPacket
  message: Record<string, unknown>
}

export interface Connected {
  client: MqttClient
  /** The broker remembered us. */
  isKnown: boolean
  came: Came[]
  /** Resolves when the line is over. */
  over: Promise<void>
  readonly isOver: boolean
  end(): Promise<void>
}

export interface Dialling {
  broker?: string
  clientId?: string
  /** Other ones than those of the pairing; empty: none. */
  key?: string
  certificate?: string
  clean?: boolean
  will?: object
  /** Nothing that comes is confirmed. */
  isDeaf?: boolean
}

/** A device that wants to be paired. */
export interface Device {
  serial: string
  key: string
  csr: string
}

/** A paired one. */
export interface Guest extends Device {
  answer: PairAnswer
}

/** The Studio under test, and who looks at it from both sides. */
export class Subject {
  readonly person: Person
  readonly url: string
  readonly ca: string | undefined
  private readonly lines = new Set<Connected>()
  private shared: Promise<Guest> | undefined

  constructor(url: string, ca: string | undefined, user: string, password: string) {
    this.url = url.replace(/\/+$/, '')
    this.ca = ca
    this.person = new Person(this.url, ca, user, password)
  }

  ask(path: string, asking: Asking = {}): Promise<Said> {
    return asked(`${this.url}${path}`, this.ca, asking)
  }

  async device(serial = `TEST-${newId()}`): Promise<Device> {
    return { serial, ...(await makeKey(serial)) }
  }

  request(device: Device, code: string, more: object = {}): object {
    const { serial, csr } = device
    return { code, csr, device: { serial, model: 'conformance', software: '1.0.0', capabilities: {} }, ...more }
  }

  pair(device: Device, code: string, more: object = {}): Promise<Said> {
    return this.ask('/v1/pair', { method: 'POST', body: this.request(device, code, more) })
  }

  /** A new appliance of this Studio. */
  async guest(serial?: string): Promise<Guest> {
    const device = await this.device(serial)
    const { status, body } = await this.pair(device, await this.person.code())
    if (status !== 200) throw new Error(`pairing with a fresh code answers with ${status} ${JSON.stringify(body)}`)
    return { ...device, answer: body as unknown as PairAnswer }
  }

  /** One appliance for all that need no fresh one. */
  someone(): Promise<Guest> {
    this.shared ??= this.guest()
    return this.shared
  }

  topic({ answer: { tenant, appliance } }: Guest, which: string): string {
    return `vistter/v1/${tenant}/${appliance}/${which}`
  }

  /** Throws where the broker lets nobody in. */
  async connect(guest: Guest, dialling: Dialling = {}): Promise<Connected> {
    const { answer, key: own } = guest
    const { broker = answer.brokers[0], clientId = answer.appliance, clean = false, will, isDeaf } = dialling
    const { key = own, certificate = answer.certificate } = dialling
    const client = connect(broker, {
      ...{ clientId, clean, ca: answer.ca, protocolVersion: 4, reconnectPeriod: 0 },
      ...(key && { key, cert: certificate }),
      ...{ connectTimeout: 5_000, resubscribe: false, rejectUnauthorized: true },
      ...(will && {
        will: { topic: this.topic(guest, 'status'), payload: Buffer.from(JSON.stringify(will)), qos: 1, retain: true },
      }),
    })
    const came: Came[] = []
    client.handleMessage = (packet, done) => {
      came.push({ packet, message: parsed(packet.payload) })
      if (!isDeaf) done()
    }
    const over = new Promise<void>(resolve => client.once('close', () => resolve()))
    const isKnown = await new Promise<boolean>((resolve, reject) => {
      client.once('connect', ({ sessionPresent }) => resolve(sessionPresent))
      client.on('error', reject)
      client.once('close', () => reject(new Error('the broker ended the connection')))
    }).catch(error => {
      client.end(true)
      throw error
    })
    const line: Connected = {
      ...{ client, isKnown, came, over },
      get isOver() {
        return client.disconnected || client.stream.destroyed
      },
      end: async () => {
        client.end(true)
        client.stream.destroy()
        await over
        this.lines.delete(line)
      },
    }
    this.lines.add(line)
    return line
  }

  /** Connected and listening for commands. */
  async listening(guest: Guest, dialling: Dialling = {}): Promise<Connected> {
    const line = await this.connect(guest, dialling)
    await line.client.subscribeAsync(this.topic(guest, 'command'), { qos: 1 })
    return line
  }

  /** What the appliance says, as the contract has it. */
  message(guest: Guest, type: string, data: object, more: object = {}): Record<string, unknown> {
    const { tenant, appliance } = guest.answer
    const time = new Date().toISOString()
    const source = `vistter://${tenant}/${appliance}`
    return { ...{ specversion: '1.0', id: newId(), source, type, time, schemaversion: '1.0', data }, ...more }
  }

  /** Says an ack of a command. */
  async ack(guest: Guest, line: Connected, command: string, data: object, more: object = {}): Promise<void> {
    const said = this.message(guest, 'vistter.ack', { command, at: new Date().toISOString(), ...data }, more)
    await line.client.publishAsync(this.topic(guest, 'ack'), JSON.stringify(said), { qos: 1 })
  }

  /** The command, once it is there. */
  async arrived(line: Connected, command: string, ms?: number): Promise<Came | undefined> {
    const look = () => line.came.find(({ message }) => message.id === command)
    return eventually(look, found => found !== undefined, ms)
  }

  async close(): Promise<void> {
    await Promise.all([...this.lines].map(line => line.end()))
  }
}

function parsed(payload: Buffer | string): Record<string, unknown> {
  try {
    return JSON.parse(String(payload))
  } catch {
    return {}
  }
}
