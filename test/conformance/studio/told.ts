import { newId } from '../../../runtime/lib/ids.ts'
import { type Case, eventually, shouldBe, under } from '../case.ts'
import type { Connected, Guest, Subject } from './guest.ts'
import type { Sent } from './person.ts'

const acks = under<Subject>('Acknowledgements')
const TAKE = 'vistter.command.program.take'

interface Scene {
  guest: Guest
  line: Connected
  command: string
  say(data: object, more?: object): Promise<void>
  /** What Studio knows about the command, once it is right. */
  known(right: (acks: Sent['acks']) => boolean): Promise<Sent['acks']>
}

/** A command that came, to be acknowledged. */
const withCommand =
  (work: (scene: Scene, subject: Subject) => Promise<string>) =>
  async (subject: Subject): Promise<string> => {
    const guest = await subject.someone()
    const line = await subject.listening(guest)
    const command = await subject.person.send(guest.answer.appliance, TAKE, { source: 'slate' })
    await subject.arrived(line, command)
    const look = async () => (await subject.person.sent(command)).acks
    try {
      const say = (data: object, more = {}) => subject.ack(guest, line, command, data, more)
      return await work({ guest, line, command, say, known: right => eventually(look, right) }, subject)
    } finally {
      await line.end()
    }
  }

const words = (all: Sent['acks']) => all.map(({ status }) => status).join(' ')
const has = (status: string) => (all: Sent['acks']) => all.some(ack => ack.status === status)

export const ACKS: Case<Subject>[] = [
  acks(
    '`received` is known at once',
    withCommand(async ({ say, known }) => {
      await say({ status: 'received' })
      const all = await known(has('received'))
      return shouldBe(has('received')(all), 'received', words(all))
    }),
  ),
  acks(
    'the whole course is known, in its order',
    withCommand(async ({ say, known }) => {
      const course = ['received', 'ready', 'running', 'done']
      for (const [n, status] of course.entries()) await say({ status }, { sequence: String(n + 1).padStart(16, '0') })
      const all = await known(has('done'))
      return shouldBe(words(all) === course.join(' '), course.join(' '), words(all))
    }),
  ),
  acks(
    'their order is that of `sequence`, however they come',
    withCommand(async ({ say, known }) => {
      await say({ status: 'done' }, { sequence: '0000000000000902' })
      await say({ status: 'received' }, { sequence: '0000000000000901' })
      const all = await known(has('received'))
      return shouldBe(words(all) === 'received done', 'received done', words(all))
    }),
  ),
  acks(
    'one that comes twice counts once',
    withCommand(async ({ say, known }) => {
      const id = newId()
      for (let n = 0; n < 2; n++) await say({ status: 'received' }, { id })
      await say({ status: 'done' })
      const all = await known(has('done'))
      return shouldBe(all.filter(({ status }) => status === 'received').length === 1, 'received once', words(all))
    }),
  ),
  ...(['failed', 'rejected', 'expired'] as const).map(status =>
    acks(
      `\`${status}\` is known with its code, its sentence and its hint`,
      withCommand(async ({ say, known }) => {
        await say({ status, code: 'NOT_WIRED', message: 'No wire reaches it.', hint: 'Wire it.', path: '/data/source' })
        const last = (await known(has(status))).find(ack => ack.status === status)
        const right = last?.code === 'NOT_WIRED' && last.hint === 'Wire it.' && last.path === '/data/source'
        return shouldBe(right, 'code, hint, path', last)
      }),
    ),
  ),
  acks(
    'members and versions that are not known yet do no harm',
    withCommand(async ({ say, known }) => {
      await say({ status: 'received', mood: 'calm' }, { schemaversion: '1.9', extension: 1 })
      const all = await known(has('received'))
      return shouldBe(has('received')(all), 'received', words(all))
    }),
  ),
  acks(
    'a status that is not known yet does no harm',
    withCommand(async ({ say, known }) => {
      await say({ status: 'postponed' }, { schemaversion: '1.9' })
      await say({ status: 'done' })
      const all = await known(has('done'))
      return shouldBe(has('done')(all), 'done', words(all))
    }),
  ),
  acks(
    'one of a command that nobody sent does no harm',
    withCommand(async ({ guest, line, say, known }, subject) => {
      await subject.ack(guest, line, newId(), { status: 'done' })
      await say({ status: 'received' })
      const all = await known(has('received'))
      return shouldBe(words(all) === 'received', 'received', words(all))
    }),
  ),
  ...(
    [
      ['no JSON', 'cut {'],
      ['a list', '[]'],
      ['nothing at all', ''],
      ['bytes', Buffer.from([0xff, 0, 0x80])],
      ['an envelope without data', '{"specversion":"1.0","id":"x","type":"vistter.ack"}'],
    ] as const
  ).map(([name, junk]) =>
    acks(
      `${name} does no harm`,
      withCommand(async ({ guest, line, say, known }, subject) => {
        await line.client.publishAsync(subject.topic(guest, 'ack'), junk, { qos: 1 })
        await say({ status: 'received' })
        const all = await known(has('received'))
        return shouldBe(has('received')(all), 'received', words(all))
      }),
    ),
  ),
]

const tells = under<Subject>('What an appliance tells')
type Known = Record<string, { data?: Record<string, unknown> } | { data?: Record<string, unknown> }[] | undefined>

/** The appliance says something; then Studio knows it. */
const telling = (
  name: string,
  topic: string,
  type: string,
  data: object,
  right: (known: Known) => boolean,
): Case<Subject> =>
  tells(name, async subject => {
    const guest = await subject.someone()
    const line = await subject.connect(guest)
    const said = subject.message(guest, type, data)
    const more = topic === 'event' ? { sequence: '0000000000001000' } : {}
    await line.client.publishAsync(subject.topic(guest, topic), JSON.stringify({ ...said, ...more }), { qos: 1 })
    const look = () => subject.person.knows(guest.answer.appliance) as Promise<Known>
    const known = await eventually(look, right)
    await line.end()
    return shouldBe(right(known), `${type} as it was told`, right(known) ? 'known' : 'not known')
  })

const holds = (value: unknown, text: string) => JSON.stringify(value ?? null).includes(text)
const at = () => new Date().toISOString()

async function seenAs(subject: Subject, guest: Guest, state: string): Promise<string> {
  const look = async () => (await subject.person.knows(guest.answer.appliance)).status as { state?: string }
  const status = await eventually(look, now => now.state === state)
  return shouldBe(status.state === state, state, status.state)
}

export const TELLS: Case<Subject>[] = [
  telling('telemetry is known', 'telemetry', 'vistter.telemetry', { health: { cpu: 12.25 } }, ({ telemetry }) =>
    holds(telemetry, '12.25'),
  ),
  telling('a summary is known', 'telemetry', 'vistter.summary', { health: { uptime: 77.25 } }, ({ summary }) =>
    holds(summary, '77.25'),
  ),
  telling(
    ...(['capabilities are known', 'event', 'vistter.capabilities'] as const),
    { capabilities: { ocl: ['1.0'], note: 'c-1' } },
    ({ capabilities }) => holds(capabilities, 'c-1'),
  ),
  telling(
    ...(['an event is known', 'event', 'vistter.event.camera.offline'] as const),
    { severity: 'warning', message: 'Harbour is away, e-1.' },
    ({ events }) => holds(events, 'e-1'),
  ),
  telling(
    ...([
      'an event of a type that is not known yet is known all the same',
      'event',
      'vistter.event.moon.rose',
    ] as const),
    { severity: 'info', message: 'm-1', colour: 'red' },
    ({ events }) => holds(events, 'm-1'),
  ),
  telling(
    ...(['proof of play is known', 'event', 'vistter.proof'] as const),
    {
      ...{ id: 1, kind: 'overlay', program: 'main', overlay: 'o', cue: 'p-1', from: at(), to: at() },
      ...{ frames: 30, ended: true, hash: '' },
    },
    ({ proof }) => holds(proof, 'p-1'),
  ),
  tells('five hundred events in a row are all known', async subject => {
    const guest = await subject.guest()
    const line = await subject.connect(guest)
    const say = (n: number) =>
      line.client.publishAsync(
        subject.topic(guest, 'event'),
        JSON.stringify(subject.message(guest, 'vistter.event.test.many', { severity: 'info', message: `n${n}` })),
        { qos: 1 },
      )
    await Promise.all(Array.from({ length: 500 }, (_, n) => say(n)))
    const look = async () => ((await subject.person.knows(guest.answer.appliance)).events as unknown[]).length
    const count = await eventually(look, length => length >= 200)
    await line.end()
    return shouldBe(count >= 200, '200 at least, which a page may show', `${count}`)
  }),
  tells('who is there is online', async subject => {
    const guest = await subject.guest()
    const line = await subject.connect(guest)
    const status = subject.message(guest, 'vistter.status', { state: 'online' })
    await line.client.publishAsync(subject.topic(guest, 'status'), JSON.stringify(status), { qos: 1, retain: true })
    const seen = await seenAs(subject, guest, 'online')
    await line.end()
    return seen
  }),
  tells('who is gone without a word is offline (last will)', async subject => {
    const guest = await subject.guest()
    const line = await subject.connect(guest, { will: subject.message(guest, 'vistter.status', { state: 'offline' }) })
    const status = subject.message(
      guest,
      'vistter.status',
      { state: 'online' },
      { time: new Date(Date.now() - 1_000).toISOString() },
    )
    await line.client.publishAsync(subject.topic(guest, 'status'), JSON.stringify(status), { qos: 1, retain: true })
    await seenAs(subject, guest, 'online')
    await line.end()
    return seenAs(subject, guest, 'offline')
  }),
]
