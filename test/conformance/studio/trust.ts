import { createPrivateKey, X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { makeKey } from '../../../runtime/control/studio/identity.ts'
import { Authority } from '../../peers/studio/authority.ts'
import { type Case, eventually, shouldBe, under } from '../case.ts'
import type { Dialling, Guest, Subject } from './guest.ts'
import { followsSchema } from './pairing.ts'

const rotating = under<Subject>('Rotation')

async function rotated(
  subject: Subject,
  guest: Guest,
  more: { csr?: string; certificate?: string; key?: string } = {},
) {
  const next = await makeKey(guest.serial)
  const { csr = next.csr, certificate: cert = guest.answer.certificate, key = guest.key } = more
  const said = await subject.ask('/v1/rotate', { method: 'POST', body: { csr }, key, cert })
  return { ...said, next }
}

export const ROTATION: Case<Subject>[] = [
  rotating('with the present certificate there is a new one', async subject => {
    const { status, body } = await rotated(subject, await subject.guest())
    return shouldBe(status === 200, '200', status) && followsSchema(body)
  }),
  rotating('it is for the new key, and for the same appliance', async subject => {
    const guest = await subject.guest()
    const { body, next } = await rotated(subject, guest)
    const certificate = new X509Certificate(String(body.certificate))
    const right = certificate.checkPrivateKey(createPrivateKey(next.key)) && body.appliance === guest.answer.appliance
    return shouldBe(right, guest.answer.appliance, body.appliance)
  }),
  rotating('the broker lets the new one in', async subject => {
    const guest = await subject.guest()
    const { body, next } = await rotated(subject, guest)
    const line = await subject.connect(guest, { key: next.key, certificate: String(body.certificate) })
    await line.end()
    return 'connected'
  }),
  rotating('without a certificate it is refused', async subject => {
    const { csr } = await makeKey('x')
    const { status } = await subject.ask('/v1/rotate', { method: 'POST', body: { csr } })
    return shouldBe(status === 401 || status === 403, '401 or 403', status)
  }),
  rotating('with the certificate of a stranger it is refused', async subject => {
    const guest = await subject.guest()
    const certificate = await (await Authority.make()).sign(guest.csr, guest.answer.appliance)
    const status = await rotated(subject, guest, { certificate }).then(
      said => said.status,
      () => 401,
    )
    return shouldBe(status === 401 || status === 403, '401 or 403', status)
  }),
  rotating('a request that is none: 400', async subject => {
    const { status } = await rotated(subject, await subject.guest(), { csr: 'please' })
    return shouldBe(status === 400 || status === 422, '400', status)
  }),
]

const tls = under<Subject>('The connection')
/** What comes of a connection to each broker: `refused`, or `let in`. */
async function each(subject: Subject, dialling: Dialling): Promise<string> {
  const guest = await subject.someone()
  const tries = guest.answer.brokers.map(broker =>
    subject.connect(guest, { broker, ...dialling }).then(
      line => line.end().then(() => 'let in'),
      error => `refused (${error.code ?? error.message})`,
    ),
  )
  return (await Promise.all(tries)).join(', ')
}
const allRefused = (words: string) => words.split(', ').every(one => one.startsWith('refused'))

/** What comes of a handshake in an old version of TLS. */
function oldHandshake(broker: string, { key, answer: { certificate: cert, ca } }: Guest): Promise<string> {
  const { hostname: host, port, protocol } = new URL(broker)
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
  return new Promise(resolve => {
    const at = Number(port) || (protocol === 'wss:' ? 443 : 8883)
    const socket = connect({ host, port: at, servername: host, key, cert, ca, ...old })
    const end = (words: string) => {
      socket.destroy()
      resolve(words)
    }
    socket.once('secureConnect', () => end('spoken'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(`refused (${error.code})`))
  })
}

export const TRUST: Case<Subject>[] = [
  tls("each broker's certificate is good for its name, by the CA of the pairing", async subject => {
    const guest = await subject.someone()
    const words: string[] = []
    for (const broker of guest.answer.brokers) {
      const line = await subject.connect(await subject.guest(), { broker })
      words.push(new URL(broker).protocol)
      await line.end()
    }
    return words.join(' ')
  }),
  tls('nobody is let in without a certificate', async subject => {
    const words = await each(subject, { key: '', certificate: '' })
    return shouldBe(allRefused(words), 'refused', words)
  }),
  tls('nor with one of a stranger', async subject => {
    const guest = await subject.someone()
    const cert = await (await Authority.make()).sign(guest.csr, guest.answer.appliance)
    const words = await each(subject, { key: guest.key, certificate: cert })
    return shouldBe(allRefused(words), 'refused', words)
  }),
  tls('TLS 1.1 is refused', async subject => {
    const guest = await subject.someone()
    const words = (await Promise.all(guest.answer.brokers.map(broker => oldHandshake(broker, guest)))).join(', ')
    return shouldBe(allRefused(words), 'refused', words)
  }),
  tls('MQTT over WebSocket is there under its name', async subject => {
    const guest = await subject.guest()
    const line = await subject.connect(guest, {
      broker: guest.answer.brokers.find(one => one.startsWith('wss:')) ?? '',
    })
    await line.end()
    return 'connected'
  }),
]

const revoking = under<Subject>('Revocation')

export const REVOCATION: Case<Subject>[] = [
  revoking('whoever is connected is out within 5 s', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    const began = performance.now()
    await subject.person.revoke(guest.answer.appliance)
    await eventually(() => line.isOver, Boolean)
    return shouldBe(line.isOver, 'the end of the connection', `${Math.round(performance.now() - began)} ms`)
  }),
  revoking('and is not let in again', async subject => {
    const guest = await subject.guest()
    await subject.person.revoke(guest.answer.appliance)
    const seen = await subject.connect(guest).then(
      () => 'it was let in',
      error => `refused (${error.message})`,
    )
    return shouldBe(seen.startsWith('refused'), 'a refusal', seen)
  }),
  revoking('nor does it get a new certificate', async subject => {
    const guest = await subject.guest()
    await subject.person.revoke(guest.answer.appliance)
    const { status } = await rotated(subject, guest)
    return shouldBe(status === 401 || status === 403, '401 or 403', status)
  }),
  revoking('paired anew, it is one of us again', async subject => {
    const guest = await subject.guest()
    await subject.person.revoke(guest.answer.appliance)
    const line = await subject.connect(await subject.guest(guest.serial))
    await line.end()
    return 'connected'
  }),
]
