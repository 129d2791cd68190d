import { createPrivateKey, X509Certificate } from 'node:crypto'
import schema from '../../../runtime/contract/schemas/studio.v1.json' with { type: 'json' }
import { problemText, validator } from '../../../runtime/contract/validate.ts'
import { type Case, shouldBe, under } from '../case.ts'
import type { Subject } from './guest.ts'

const of = under<Subject>('Pairing')
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const DAY = 86_400_000

const checkAnswer = validator({ $schema: schema.$schema, $ref: '#/$defs/PairAnswer', $defs: schema.$defs })

export function followsSchema(body: unknown): string {
  const checked = checkAnswer(body)
  return shouldBe(checked.ok, 'a PairAnswer', checked.ok ? 'a PairAnswer' : problemText(checked.problems))
}

const certificate = async (subject: Subject) => new X509Certificate((await subject.someone()).answer.certificate)

export const PAIRING: Case<Subject>[] = [
  of('a fresh code pairs an appliance', async subject => {
    const { status } = await subject.pair(await subject.device(), await subject.person.code())
    return shouldBe(status === 200, '200', status)
  }),
  of('the answer is JSON', async subject => {
    const { headers } = await subject.pair(await subject.device(), await subject.person.code())
    return shouldBe(
      /^application\/json/.test(headers['content-type'] ?? ''),
      'application/json',
      headers['content-type'],
    )
  }),
  of('the answer follows the schema', async subject => followsSchema((await subject.someone()).answer)),
  of('the certificate is for the key of the request', async subject => {
    const right = (await certificate(subject)).checkPrivateKey(createPrivateKey((await subject.someone()).key))
    return shouldBe(right, 'the key of the request', right ? 'the same key' : 'another key')
  }),
  of("its common name is the appliance's id", async subject => {
    const { answer } = await subject.someone()
    const { subject: name } = await certificate(subject)
    return shouldBe(name.split('\n').includes(`CN=${answer.appliance}`), `CN=${answer.appliance}`, name)
  }),
  of('it is good now, and for a day at least', async subject => {
    const { validFrom, validTo } = await certificate(subject)
    const right = Date.parse(validFrom) <= Date.now() && Date.parse(validTo) >= Date.now() + DAY
    return shouldBe(right, 'from now on for a day', `${validFrom} to ${validTo}`)
  }),
  of('it is for clients', async subject => {
    const { keyUsage } = await certificate(subject)
    return shouldBe(!keyUsage || keyUsage.includes(CLIENT_AUTH), 'clientAuth', keyUsage ?? 'any use')
  }),
  of('it signs no other certificates', async subject => {
    const { ca } = await certificate(subject)
    return shouldBe(!ca, 'no CA', ca ? 'a CA' : 'no CA')
  }),
  of('`ca` is one', async subject => {
    const { ca } = new X509Certificate((await subject.someone()).answer.ca)
    return shouldBe(ca, 'a CA', ca ? 'a CA' : 'no CA')
  }),
  of('brokers are reached over MQTT and over WebSocket', async subject => {
    const { brokers } = (await subject.someone()).answer
    const right = ['mqtts://', 'wss://'].every(start => brokers.some(broker => broker.startsWith(start)))
    return shouldBe(right, 'an mqtts:// and a wss:// address', brokers)
  }),
  of('two appliances have two ids, and one tenant', async subject => {
    const [one, two] = [(await subject.someone()).answer, (await subject.guest()).answer]
    const right = one.appliance !== two.appliance && one.tenant === two.tenant
    return shouldBe(right, 'two ids, one tenant', `${one.appliance} and ${two.appliance}`)
  }),
  of('the same serial number, paired again, keeps its id', async subject => {
    const { serial, answer } = await subject.guest()
    const again = await subject.guest(serial)
    return shouldBe(again.answer.appliance === answer.appliance, answer.appliance, again.answer.appliance)
  }),
  of('no private key is in the answer', async subject => {
    const said = JSON.stringify((await subject.someone()).answer)
    return shouldBe(!said.includes('PRIVATE KEY'), 'none', 'none')
  }),
  of('members that are not known yet do no harm', async subject => {
    const { status } = await subject.pair(await subject.device(), await subject.person.code(), { mood: 'calm' })
    return shouldBe(status === 200, '200', status)
  }),
]

const malformed = under<Subject>('Pairing')
const post = (name: string, body: (subject: Subject) => Promise<object | string>): Case<Subject> =>
  malformed(`${name}: 400, and nothing is paired`, async subject => {
    const { status } = await subject.ask('/v1/pair', { method: 'POST', body: await body(subject) })
    return shouldBe(status >= 400 && status < 500, '400', status)
  })
const without = (key: string) => async (subject: Subject) => {
  const request = subject.request(await subject.device(), await subject.person.code())
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== key))
}

export const MALFORMED: Case<Subject>[] = [
  post('no JSON', async () => '{"code":'),
  post('a list', async () => []),
  post('no code', without('code')),
  post('no csr', without('csr')),
  post('no device', without('device')),
  post('a csr that is none', async subject => ({
    ...subject.request(await subject.device(), await subject.person.code()),
    csr: 'please',
  })),
  post('a csr that its key did not sign', async subject => {
    const device = await subject.device()
    const body = Buffer.from(device.csr.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    body[body.length - 3] = (body.at(-3) ?? 0) ^ 0xff
    const csr = `-----BEGIN CERTIFICATE REQUEST-----\n${body.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
    return subject.request({ ...device, csr }, await subject.person.code())
  }),
  post('a csr of another serial number', async subject => ({
    ...subject.request({ ...(await subject.device()), serial: 'ANOTHER' }, await subject.person.code()),
  })),
  malformed('a request that is wrong does not use the code up', async subject => {
    const [code, device] = [await subject.person.code(), await subject.device()]
    await subject.pair({ ...device, csr: 'please' }, code)
    const { status } = await subject.pair(device, code)
    return shouldBe(status === 200, '200', status)
  }),
  malformed('an endless request is cut off', async subject => {
    const body = `{"code":"${'x'.repeat(8_000_000)}"}`
    const status = await subject.ask('/v1/pair', { method: 'POST', body }).then(
      said => said.status,
      error => String(error),
    )
    return shouldBe(typeof status === 'string' || status >= 400, 'an error', status)
  }),
  malformed('pairing is a POST', async subject => {
    const { status } = await subject.ask('/v1/pair')
    return shouldBe(status === 405 || status === 404, '405', status)
  }),
  malformed('what there is not is not found', async subject => {
    const { status } = await subject.ask('/v1/nothing', { method: 'POST', body: {} })
    return shouldBe(status === 404, '404', status)
  }),
]
