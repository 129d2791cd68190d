import schema from '../../../runtime/contract/schemas/studio.v1.json' with { type: 'json' }
import { problemText, validator } from '../../../runtime/contract/validate.ts'
import { type Case, eventually, shouldBe, under } from '../case.ts'
import { TYPES } from '../studio/commands.ts'
import { REVOKE } from './commands.ts'
import { type ApplianceSubject, words } from './scene.ts'

const TAKE = { source: 'slate' }
const take = (subject: ApplianceSubject, envelope: object = {}) =>
  subject.command('vistter.command.program.take', TAKE, envelope)

const messages = under<ApplianceSubject>('Messages')
const refused = (name: string, change: object, code: string, supports?: string): Case<ApplianceSubject> =>
  messages(`${name}: rejected, ${code}`, async subject => {
    const all = await subject.done({ ...take(subject), ...change })
    const [ack] = all
    const right =
      all.length === 1 && ack?.status === 'rejected' && ack.code === code && Boolean(ack.message && ack.hint)
    return shouldBe(right && (!supports || ack.supported?.includes(supports) === true), `rejected ${code}`, words(all))
  })

const harmless = (name: string, junk: string | Buffer): Case<ApplianceSubject> =>
  messages(`${name} does no harm`, async subject => {
    await subject.give(junk)
    const well = await subject.isWell()
    return shouldBe(well, 'an appliance that goes on', well ? 'it goes on' : 'no answer')
  })

export const MESSAGE_CASES: Case<ApplianceSubject>[] = [
  refused('without `time`', { time: undefined }, 'COMMAND_MALFORMED'),
  refused('without `source`', { source: undefined }, 'COMMAND_MALFORMED'),
  refused('without `schemaversion`', { schemaversion: undefined }, 'COMMAND_MALFORMED'),
  refused('without `data`', { data: undefined }, 'COMMAND_MALFORMED'),
  refused('a time that is none', { time: 'soon' }, 'COMMAND_MALFORMED'),
  refused('an `expiresat` that is none', { expiresat: 'later' }, 'COMMAND_MALFORMED'),
  refused('another specification', { specversion: '0.3' }, 'COMMAND_MALFORMED'),
  refused('another major version', { schemaversion: '2.0' }, 'COMMAND_VERSION', '1.0'),
  refused('an unknown type', { type: 'vistter.command.camera.explode' }, 'COMMAND_UNSUPPORTED', REVOKE),
  refused('a type that is none of ours', { type: 'com.example.take' }, 'COMMAND_UNSUPPORTED', TYPES[0]),
  refused('from the future', { time: new Date(Date.now() + 3_600_000).toISOString() }, 'COMMAND_CLOCK'),
  messages('every type of the contract is among those that are supported', async subject => {
    const [ack] = await subject.done({ ...take(subject), type: 'vistter.command.unknown' })
    const lacking = TYPES.filter(type => !ack?.supported?.includes(type))
    return shouldBe(
      lacking.length === 0,
      'all of them',
      lacking.length ? `without ${lacking}` : `${ack?.supported?.length}`,
    )
  }),
  messages('all that is wrong is told at once', async subject => {
    const all = await subject.done({ ...take(subject), data: { source: 7, mood: 1 } })
    const { problems = [] } = (all[0] ?? {}) as { problems?: unknown[] }
    return shouldBe(problems.length === 2, 'two problems', problems)
  }),
  messages('further attributes of CloudEvents are left alone', async subject => {
    const all = await subject.done(take(subject, { traceparent: '00-1-2-03' }))
    return shouldBe(all[0]?.status === 'received', 'received', words(all))
  }),
  harmless('no JSON', 'cut {'),
  harmless('nothing', ''),
  harmless('a list', '[]'),
  harmless('a number', '7'),
  harmless('bytes', Buffer.from([0xff, 0xfe, 0, 0x80])),
  harmless('a message without an id', JSON.stringify({ ...TAKE })),
  harmless('an endless id', JSON.stringify({ id: 'x'.repeat(10_000) })),
  harmless('five megabytes', JSON.stringify({ id: 'big', data: 'x'.repeat(5_000_000) })),
]

const definition = (name: 'Envelope' | 'Told') => ({
  $schema: schema.$schema,
  $ref: `#/$defs/${name}`,
  $defs: schema.$defs,
})
const checkEnvelope = validator(definition('Envelope'))
const checkTold = validator(definition('Told'))
const tells = under<ApplianceSubject>('What an appliance tells')

const told = (subject: ApplianceSubject, topic: string) =>
  subject.studio.told(topic).filter(({ source }) => String(source).endsWith(subject.appliance))

export const TELLING_CASES: Case<ApplianceSubject>[] = [
  ...['ack', 'event', 'telemetry', 'status'].map(topic =>
    tells(`all that was told on \`${topic}\` follows the schema`, async subject => {
      const all = told(subject, topic)
      const problems = all.flatMap(message => [checkEnvelope(message), checkTold(message)])
      const wrong = problems.flatMap(checked => (checked.ok ? [] : [problemText(checked.problems)]))
      return shouldBe(wrong.length === 0, 'messages of the contract', wrong[0] ?? `${all.length} messages`)
    }),
  ),
  tells('`sequence` counts without a gap over acks and events', async subject => {
    const look = () => [...told(subject, 'ack'), ...told(subject, 'event')].map(({ sequence }) => Number(sequence))
    const gaps = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers) + 1 - new Set(numbers).size
    const numbers = await eventually(look, all => gaps(all) === 0)
    return shouldBe(gaps(numbers) === 0, 'no gap', `${numbers.length} messages, ${gaps(numbers)} missing`)
  }),
  tells('the state is online, and retained', async subject => {
    const [status] = told(subject, 'status').slice(-1)
    const { state } = (status?.data ?? {}) as { state?: string }
    return shouldBe(state === 'online', 'online', state)
  }),
  tells('when the line breaks, the last will says offline; then it comes back', async subject => {
    const before = told(subject, 'status').length
    subject.studio.broker.cut(subject.appliance)
    const look = () =>
      told(subject, 'status')
        .slice(before)
        .map(({ data }) => (data as { state?: string }).state)
    const states = await eventually(look, all => all.includes('online') && all.includes('offline'), 10_000)
    return shouldBe(states.includes('online') && states.includes('offline'), 'offline, online', states)
  }),
]

const order = under<ApplianceSubject>('Delivery')

export const ORDER_CASES: Case<ApplianceSubject>[] = [
  order('commands of one timeline are carried out one after another, in their order', async subject => {
    const sent = Array.from({ length: 20 }, () =>
      subject.command('vistter.command.timeline.stop', { timeline: 'order' }),
    )
    for (const said of sent) await subject.give(said)
    for (const { id } of sent) await subject.finals(String(id))
    const ids = new Set(sent.map(({ id }) => String(id)))
    const ends = told(subject, 'ack')
      .map(({ data, sequence }) => ({ ...(data as { command: string; status: string }), sequence: String(sequence) }))
      .filter(({ command, status }) => ids.has(command) && status !== 'received' && status !== 'running')
      .sort((a, b) => (a.sequence < b.sequence ? -1 : 1))
    const right = ends.map(({ command }) => command).join() === [...ids].join()
    return shouldBe(right, '20 in their order', right ? '20 in their order' : words(ends as never))
  }),
  order('what was sent while it was away is carried out when it is back', async subject => {
    subject.studio.broker.cut(subject.appliance)
    const sent = Array.from({ length: 20 }, () => take(subject))
    for (const said of sent) await subject.give(said)
    const finals = await Promise.all(sent.map(({ id }) => subject.finals(String(id))))
    const lost = finals.filter(all => all.length === 0).length
    return shouldBe(lost === 0, 'all 20', `${20 - lost} of 20`)
  }),
]

export const LAST_CASES: Case<ApplianceSubject>[] = [
  under<ApplianceSubject>('Revocation')('revoked, it says so, closes the channel and stays away', async subject => {
    const all = await subject.done(subject.command(REVOKE, {}))
    const look = () => (told(subject, 'status').at(-1)?.data ?? {}) as { state?: string }
    const { state } = await eventually(look, now => now.state === 'offline')
    return shouldBe(all.at(-1)?.status === 'done' && state === 'offline', 'done, offline', `${words(all)}; ${state}`)
  }),
]
