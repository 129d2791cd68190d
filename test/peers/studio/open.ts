import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Authority } from './authority.ts'
import { Broker } from './broker.ts'
import { Desk } from './desk.ts'
import { Heart } from './heart.ts'
import { Ledger } from './ledger.ts'
import { OuterBroker } from './outer-broker.ts'
import type { Post } from './post.ts'
import { ReferenceStudio } from './studio.ts'

interface Wishes {
  folder: string
  host?: string
  port?: number
  password?: string | undefined
  names?: string[] | undefined
  brokers?: string[] | undefined
  /** A file. */
  brokerCa?: string | undefined
  /** Of its own broker; left out: 8883 and 8884, or free ones where `port` is 0. */
  ports?: { mqtts?: number; wss?: number }
}

export interface OpenedStudio {
  studio: ReferenceStudio
  desk: Desk
  /** What to tell whoever started it. */
  words: string[]
  stop(): Promise<void>
}

/** The reference Studio with all that lasts: a CA, a ledger and a page. What is in the folder is there again at the next start. */
export async function openStudio(wishes: Wishes): Promise<OpenedStudio> {
  const { host = '127.0.0.1', port = 0, names = [], brokers = [] } = wishes
  const { ports = port === 0 ? {} : { mqtts: 8883, wss: 8884 } } = wishes
  const folder = resolve(wishes.folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = await authorityIn(folder)
  const brokerCa = wishes.brokerCa && readFileSync(wishes.brokerCa, 'utf8')
  const [first, ...more] = brokers
  const post: Post = first
    ? new OuterBroker({ authority, urls: [first, ...more], ca: brokerCa ?? authority.pem })
    : new Broker(authority, {}, { host, names, ports })
  const ledger = new Ledger(join(folder, 'studio.db'))
  const studio = await ReferenceStudio.open({
    ...{ authority, ledger, post, host, port, names, ...(brokerCa !== undefined && { brokerCa }) },
  })
  const desk = new Desk(studio, wishes.password ?? keptIn(folder))
  const heart = new Heart(studio)
  const told = studio.onTold
  studio.onTold = (appliance, topic, message) => {
    if (topic === 'ack') heart.heard(appliance, message)
    told(appliance, topic, message)
  }
  heart.start()
  // A broker of one's own forgets at its end what waited for somebody. Appliances take each command once.
  for (const { acks: _, appliance, type, data, ...envelope } of ledger.open(studio.now()))
    await studio.send(appliance, type.replace(/^vistter\.command\./, ''), data, envelope)
  const words = [
    ...[
      '',
      `  Reference Studio   ${studio.url}`,
      '  User               studio',
      `  Password           ${desk.password}`,
    ],
    ...['', `  Appliances pair with ${studio.url}`, `  and have to trust  ${join(folder, 'ca.pem')}`],
    ...[`  (start them with NODE_EXTRA_CA_CERTS=${join(folder, 'ca.pem')})`, ''],
    ...studio.brokers.map(broker => `  Broker             ${broker}`),
    '',
  ]
  const stop = async () => {
    heart.stop()
    desk.stop()
    await studio.stop()
  }
  return { studio, desk, words, stop }
}

async function authorityIn(folder: string): Promise<Authority> {
  const [certificate, key] = [join(folder, 'ca.pem'), join(folder, 'ca.key')]
  if (existsSync(key))
    return Authority.of({ certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') })
  const authority = await Authority.make()
  const made = authority.kept()
  writeFileSync(certificate, made.certificate)
  writeFileSync(key, made.key, { mode: 0o600 })
  return authority
}

function keptIn(folder: string): string | undefined {
  const file = join(folder, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64url')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}
