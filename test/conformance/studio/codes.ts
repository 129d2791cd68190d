import { createPrivateKey, X509Certificate } from 'node:crypto'
import { newId } from '../../../runtime/lib/ids.ts'
import { type Case, shouldBe, under } from '../case.ts'
import type { Subject } from './guest.ts'
import { followsSchema } from './pairing.ts'
import type { Said } from './person.ts'

const of = under<Subject>('Codes')
const MINUTE = 60_000
const wrongCode = () => `WRONG-${newId().slice(-8)}`
const isExpired = ({ status, body }: Said) => status === 409 || status === 410 || body.code === 'STUDIO_CODE_EXPIRED'
const isLocked = ({ status, body }: Said) => status === 429 || body.code === 'STUDIO_CODE_LOCKED'
const seen = ({ status, body }: Said) => `${status} ${String(body.code ?? '')}`

async function later<T>({ person }: Subject, ms: number, work: () => Promise<T>): Promise<T> {
  await person.setClock(ms)
  try {
    return await work()
  } finally {
    await person.setClock(0)
  }
}

export const CODES: Case<Subject>[] = [
  of('a code is good once', async subject => {
    const code = await subject.person.code()
    await subject.pair(await subject.device(), code)
    const said = await subject.pair(await subject.device(), code)
    return shouldBe(isExpired(said), '410', seen(said))
  }),
  of('two codes are never the same', async subject => {
    const codes = await Promise.all(Array.from({ length: 20 }, () => subject.person.code()))
    return shouldBe(new Set(codes).size === 20, '20 different codes', `${new Set(codes).size} different ones`)
  }),
  of('a code has 30 bits at least', async subject => {
    const code = (await subject.person.code()).replace(/[^A-Za-z0-9]/g, '')
    return shouldBe(code.length >= 6, '6 letters and digits', `${code.length} letters and digits`)
  }),
  of('an unknown code is said to be wrong', async subject => {
    const said = await subject.pair(await subject.device(), wrongCode())
    const right = said.status === 422 || said.body.code === 'STUDIO_CODE_WRONG'
    return shouldBe(right, 'STUDIO_CODE_WRONG', seen(said))
  }),
  of('a code is good for 9 minutes', async subject => {
    const code = await subject.person.code()
    const said = await later(subject, 9 * MINUTE, async () => subject.pair(await subject.device(), code))
    return shouldBe(said.status === 200, '200', seen(said))
  }),
  of('after 11 minutes a new one has to be asked for', async subject => {
    const code = await subject.person.code()
    const said = await later(subject, 11 * MINUTE, async () => subject.pair(await subject.device(), code))
    return shouldBe(isExpired(said), '410', seen(said))
  }),
  of('after five wrong tries it is locked', async subject => {
    const device = await subject.device()
    for (let n = 0; n < 5; n++) await subject.pair(device, wrongCode())
    const said = await subject.pair(device, wrongCode())
    return shouldBe(isLocked(said), '429', seen(said))
  }),
  of('and then the right code does not help', async subject => {
    const device = await subject.device()
    for (let n = 0; n < 5; n++) await subject.pair(device, wrongCode())
    const said = await subject.pair(device, await subject.person.code())
    return shouldBe(isLocked(said), '429', seen(said))
  }),
  of('four wrong tries lock nobody out', async subject => {
    const device = await subject.device()
    for (let n = 0; n < 4; n++) await subject.pair(device, wrongCode())
    const said = await subject.pair(device, await subject.person.code())
    return shouldBe(said.status === 200, '200', seen(said))
  }),
]

const shown = under<Subject>('Codes that the appliance shows')

async function offered(subject: Subject) {
  const device = await subject.device()
  const code = newId().slice(-8)
  const said = await subject.ask('/v1/pair/offer', { method: 'POST', body: subject.request(device, code) })
  return { device, code, said }
}
const poll = (subject: Subject, code: string) => subject.ask(`/v1/pair/offer/${code}`)

export const OFFERS: Case<Subject>[] = [
  shown('an offer is taken', async subject => {
    const { said } = await offered(subject)
    return shouldBe(said.status >= 200 && said.status < 300, '202', seen(said))
  }),
  shown('until somebody types it in, there is no answer yet', async subject => {
    const said = await poll(subject, (await offered(subject)).code)
    return shouldBe(said.status === 202, '202', seen(said))
  }),
  shown('then the answer is a pairing', async subject => {
    const { code } = await offered(subject)
    await subject.person.accept(code)
    const said = await poll(subject, code)
    return shouldBe(said.status === 200, '200', seen(said)) && followsSchema(said.body)
  }),
  shown('it is for the key of whoever offered', async subject => {
    const { code, device } = await offered(subject)
    await subject.person.accept(code)
    const { body } = await poll(subject, code)
    const right = new X509Certificate(String(body.certificate)).checkPrivateKey(createPrivateKey(device.key))
    return shouldBe(right, 'the same key', right ? 'the same key' : 'another key')
  }),
  shown('an answer that was lost can be fetched again', async subject => {
    const { code } = await offered(subject)
    await subject.person.accept(code)
    await poll(subject, code)
    const said = await poll(subject, code)
    return shouldBe(said.status === 200, '200', seen(said))
  }),
  shown('a code that nobody offered is not known', async subject => {
    const said = await poll(subject, wrongCode())
    return shouldBe(said.status === 404 || said.status === 410, '404 or 410', seen(said))
  }),
  shown('after 11 minutes it is good no longer', async subject => {
    const { code } = await offered(subject)
    const said = await later(subject, 11 * MINUTE, () => poll(subject, code))
    return shouldBe(isExpired(said), '410', seen(said))
  }),
  shown('nor can it be typed in then', async subject => {
    const { code } = await offered(subject)
    const taken = await later(subject, 11 * MINUTE, () => subject.person.accept(code))
    return shouldBe(!taken, 'a refusal', taken ? 'it was taken' : 'refused')
  }),
  shown('a code can be typed in once', async subject => {
    const { code } = await offered(subject)
    const first = await subject.person.accept(code)
    const second = await subject.person.accept(code)
    return shouldBe(first && !second, 'once', `${first}, then ${second}`)
  }),
  shown('another appliance cannot offer the same code', async subject => {
    const { code } = await offered(subject)
    const body = subject.request(await subject.device(), code)
    const said = await subject.ask('/v1/pair/offer', { method: 'POST', body })
    return shouldBe(said.status >= 400, '409', seen(said))
  }),
  shown('the same appliance may offer it again', async subject => {
    const { code, device } = await offered(subject)
    const said = await subject.ask('/v1/pair/offer', { method: 'POST', body: subject.request(device, code) })
    return shouldBe(said.status < 300, '202', seen(said))
  }),
  shown('an offer without a request to sign: 400', async subject => {
    const body = subject.request({ ...(await subject.device()), csr: '' }, 'ABCD-2345')
    const said = await subject.ask('/v1/pair/offer', { method: 'POST', body })
    return shouldBe(said.status === 400 || said.status === 422, '400', seen(said))
  }),
]
