import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Health } from '../../../runtime/contract/generated/openapi.v1.ts'
import { ApplianceProcess } from '../appliance.ts'
import { scratch, until } from '../run.ts'
import { Wire } from '../wire.ts'
import { Authority } from './authority.ts'
import { Mosquitto } from './brokers.ts'
import { OuterBroker } from './outer-broker.ts'
import { PairedBox } from './paired.ts'
import { ReferenceStudio } from './studio.ts'

/** A Studio whose broker is Debian's Mosquitto, with the configuration that we ship: mutual TLS, one appliance one topic. */
export async function behindMosquitto() {
  const authority = await Authority.make()
  const broker = new Mosquitto(authority)
  await broker.start()
  const studio = await ReferenceStudio.open({
    authority,
    post: new OuterBroker({ authority, urls: broker.urls, ca: authority.pem }),
  })
  return { studio: studio as ReferenceStudio, stop: () => studio.stop().then(() => broker.stop()) }
}

/** One with its own broker. */
export async function withOwnBroker() {
  const studio = await ReferenceStudio.start()
  return { studio: studio as ReferenceStudio, stop: () => studio.stop() }
}

/** The whole product, paired with a Studio at the other end of a wire that can be cut or be long. */
export class FarStudio {
  readonly studio: ReferenceStudio
  readonly wire: Wire
  readonly appliance: ApplianceProcess
  readonly box: PairedBox
  private readonly folder: ReturnType<typeof scratch>
  private readonly stopStudio: () => Promise<void>

  private constructor(studio: ReferenceStudio, stop: () => Promise<void>) {
    this.studio = studio
    this.stopStudio = stop
    this.wire = new Wire(studio.brokers[0] ?? '')
    this.folder = scratch('far-studio')
    const trusted = join(this.folder.path, 'ca.pem')
    writeFileSync(trusted, studio.authority.pem)
    this.appliance = new ApplianceProcess({
      data: join(this.folder.path, 'data'),
      env: { NODE_EXTRA_CA_CERTS: trusted },
    })
    const { appliance } = this
    const api = {
      ask: (method: string, path: string, body?: unknown) => appliance.api.call<object>(method, path, body),
      get: <Body>(path: string) => appliance.api.get<Body>(path),
    }
    this.box = new PairedBox(api, studio)
  }

  static async begin(made = withOwnBroker): Promise<FarStudio> {
    const { studio, stop } = await made()
    const far = new FarStudio(studio, stop)
    await far.wire.start()
    studio.brokers = [far.wire.url]
    await far.appliance.start()
    await far.appliance.setUp()
    await far.runs()
    await far.box.pair()
    return far
  }

  /** All of it, Node-RED too. */
  async runs(): Promise<void> {
    const ok = async () => (await this.appliance.api.get<Health>('/health')).status === 'ok'
    await until('the flow runs', ok, { timeoutMs: 60_000 })
  }

  /** Numbers of what was told, each once, in their order. */
  sequences(): number[] {
    const told = [...this.studio.told('ack'), ...this.studio.told('event')]
    return told.map(({ sequence }) => Number(sequence)).toSorted((a, b) => a - b)
  }

  /** Whether all that the box had to say has come, none of it missing. */
  async isWhole(): Promise<boolean> {
    const { queue } = await this.box.state()
    return queue.out === 0 && this.sequences().every((number, n) => number === n + 1)
  }

  async end(): Promise<void> {
    await this.appliance.stop()
    await this.wire.stop()
    await this.stopStudio()
    rmSync(this.folder.path, { recursive: true, force: true })
  }
}
