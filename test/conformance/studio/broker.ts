import { type Case, eventually, shouldBe, under } from '../case.ts'
import type { Connected, Guest, Subject } from './guest.ts'

const rights = under<Subject>('Topics and rights')
const TAKE = { source: 'slate' }
const take = (subject: Subject, guest: Guest, more: object = {}) =>
  subject.person.send(guest.answer.appliance, 'vistter.command.program.take', TAKE, more)
const told = async (subject: Subject, command: string) => {
  const sent = await subject.person.sent(command)
  return sent.acks.map(({ status }) => status)
}

/** Subscribes to a topic that is not ours; then the other one is sent something, which we must not get. */
async function listensTo(subject: Subject, filter: (other: Guest) => string): Promise<string> {
  const other = await subject.guest()
  const line = await subject.connect(await subject.guest())
  await line.client.subscribeAsync(filter(other), { qos: 1 }).catch(() => {})
  const ears = await subject.listening(other)
  const command = await take(subject, other)
  await subject.arrived(ears, command)
  await new Promise(resolve => setTimeout(resolve, 100))
  const overheard = line.came.some(({ message }) => message.id === command)
  await Promise.all([line.end(), ears.end()])
  return shouldBe(!overheard, 'nothing of others', overheard ? "another one's command" : 'nothing of others')
}

export const RIGHTS: Case<Subject>[] = [
  rights('an appliance may hear its own commands, once at least (QoS 1)', async subject => {
    const guest = await subject.guest()
    const line = await subject.connect(guest)
    const [granted] = await line.client.subscribeAsync(subject.topic(guest, 'command'), { qos: 1 })
    await line.end()
    return shouldBe(granted?.qos === 1, 'QoS 1', granted?.qos)
  }),
  rights("it does not hear another one's commands", subject =>
    listensTo(subject, other => subject.topic(other, 'command')),
  ),
  rights('nor with a wildcard for appliances', subject =>
    listensTo(subject, ({ answer }) => `vistter/v1/${answer.tenant}/+/command`),
  ),
  rights('nor with one for tenants', subject => listensTo(subject, () => 'vistter/v1/+/+/command')),
  rights('nor with one for everything', subject => listensTo(subject, () => '#')),
  rights('it cannot speak for another one', async subject => {
    const [guest, other] = [await subject.guest(), await subject.guest()]
    const [line, ears] = [await subject.connect(guest), await subject.listening(other)]
    const command = await take(subject, other)
    await subject.arrived(ears, command)
    const ack = subject.message(other, 'vistter.ack', { command, status: 'done', at: new Date().toISOString() })
    await Promise.race([
      line.client.publishAsync(subject.topic(other, 'ack'), JSON.stringify(ack), { qos: 1 }).catch(() => {}),
      line.over,
    ])
    await subject.ack(other, ears, command, { status: 'received' })
    const acks = await eventually(
      () => told(subject, command),
      all => all.includes('received'),
    )
    await Promise.all([line.end(), ears.end()])
    return shouldBe(!acks.includes('done'), 'its own acks alone', acks.join(' '))
  }),
  rights('it cannot send commands, not even to itself', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    const command = { ...subject.message(guest, 'vistter.command.program.take', TAKE) }
    const said = line.client.publishAsync(subject.topic(guest, 'command'), JSON.stringify(command), { qos: 1 })
    await Promise.race([said.catch(() => {}), line.over])
    const next = await subject.listening(guest)
    await subject.arrived(next, await take(subject, guest))
    const heard = [...line.came, ...next.came].some(({ message }) => message.id === command.id)
    await Promise.all([line.end(), next.end()])
    return shouldBe(!heard, 'silence', heard ? 'it came' : 'silence')
  }),
  rights("it cannot take another one's session by its name", async subject => {
    const [guest, other] = [await subject.guest(), await subject.guest()]
    const ears = await subject.listening(other)
    const seen = await subject.connect(guest, { clientId: other.answer.appliance }).then(
      line => line.end().then(() => 'it was let in'),
      error => `refused (${error.message})`,
    )
    const command = await take(subject, other)
    const came = await subject.arrived(ears, command)
    const right = !ears.isOver && came !== undefined
    await ears.end()
    return shouldBe(right, 'the other one undisturbed', right ? seen : 'it was thrown out')
  }),
]

const delivery = under<Subject>('Delivery')

async function orderly(lines: Connected[], sent: string[]): Promise<string> {
  const came = () => [...new Set(lines.flatMap(line => line.came.map(({ message }) => String(message.id))))]
  const got = await eventually(came, ids => sent.every(id => ids.includes(id)), 10_000)
  const ours = got.filter(id => sent.includes(id))
  await Promise.all(lines.map(line => line.end()))
  const right = ours.join() === sent.join()
  return shouldBe(right, `${sent.length} in order`, right ? `${sent.length} in order` : `${ours.length}, mixed up`)
}

export const DELIVERY: Case<Subject>[] = [
  delivery('the broker remembers an appliance that was here (a session that lasts)', async subject => {
    const guest = await subject.guest()
    await (await subject.listening(guest)).end()
    const line = await subject.connect(guest)
    await line.end()
    return shouldBe(line.isKnown, 'session present', line.isKnown ? 'session present' : 'a new session')
  }),
  delivery('a command for one that is away waits for it', async subject => {
    const guest = await subject.guest()
    await (await subject.listening(guest)).end()
    const command = await take(subject, guest)
    const line = await subject.connect(guest)
    const came = await subject.arrived(line, command)
    await line.end()
    return shouldBe(came !== undefined, 'the command', came ? 'it came' : 'nothing')
  }),
  delivery('what was not confirmed comes again', async subject => {
    const guest = await subject.guest()
    const deaf = await subject.listening(guest, { isDeaf: true })
    const command = await take(subject, guest)
    await subject.arrived(deaf, command)
    await deaf.end()
    const line = await subject.connect(guest)
    const came = await subject.arrived(line, command)
    await line.end()
    return shouldBe(came !== undefined, 'the command', came ? `dup ${came.packet.dup}` : 'nothing')
  }),
  delivery('fifty commands come in their order', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    const sent: string[] = []
    for (let n = 0; n < 50; n++) sent.push(await take(subject, guest))
    return orderly([line], sent)
  }),
  delivery('also when the line breaks between them', async subject => {
    const guest = await subject.guest()
    const lines = [await subject.listening(guest)]
    const sent: string[] = []
    for (let n = 0; n < 20; n++) {
      if (n === 10) await lines[0]?.end()
      if (n === 15) lines.push(await subject.connect(guest))
      sent.push(await take(subject, guest))
    }
    return orderly(lines, sent)
  }),
  delivery('they come with QoS 1, and are not retained', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    const came = await subject.arrived(line, await take(subject, guest))
    await line.end()
    const right = came?.packet.qos === 1 && !came.packet.retain
    return shouldBe(right, 'QoS 1, not retained', `QoS ${came?.packet.qos}, retain ${came?.packet.retain}`)
  }),
  delivery('who comes for the first time gets nothing from before', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    await subject.arrived(line, await take(subject, guest))
    await line.end()
    const clean = await subject.listening(guest, { clean: true })
    await subject.arrived(clean, await take(subject, guest))
    const { length } = clean.came
    await clean.end()
    return shouldBe(length === 1, 'one command', `${length}`)
  }),
  delivery('an overlay of a megabyte comes whole', async subject => {
    const guest = await subject.guest()
    const line = await subject.listening(guest)
    const ocl = { ocl: '1.0', note: 'x'.repeat(1_000_000) }
    const type = 'vistter.command.overlay.apply'
    const command = await subject.person.send(guest.answer.appliance, type, { id: 'big', ocl })
    const came = await subject.arrived(line, command, 10_000)
    await line.end()
    return shouldBe(came !== undefined, 'a megabyte', came ? `${came.packet.payload.length} bytes` : 'nothing')
  }),
  delivery('a second connection of the same appliance ends the first', async subject => {
    const guest = await subject.guest()
    const [first, second] = [await subject.listening(guest), await subject.connect(guest)]
    await eventually(() => first.isOver, Boolean)
    await second.end()
    return shouldBe(first.isOver, 'the end of the first', first.isOver ? 'ended' : 'both open')
  }),
]
