import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { read } from '../../../runtime/control/studio/intake.ts'
import { type Case, shouldBe, under } from '../case.ts'
import type { Came, Subject } from './guest.ts'

const FOLDER = join(import.meta.dirname, '../../frozen/studio-1.0')

export interface Sample {
  type: string
  data: Record<string, unknown>
}

/** One of each command, as the first release has it. */
export const SAMPLES: Sample[] = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json'))
  .sort()
  .map(name => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')))

export const TYPES = [...new Set(SAMPLES.map(({ type }) => type))]

const of = under<Subject>('Commands')

async function sent(subject: Subject, type: string, more: object = {}): Promise<Came> {
  const guest = await subject.someone()
  const { data = {} } = SAMPLES.find(sample => sample.type === type) ?? {}
  const line = await subject.listening(guest)
  try {
    const command = await subject.person.send(guest.answer.appliance, type, data, more)
    const came = await subject.arrived(line, command)
    if (!came) throw new Error(`wanted ${type}, saw nothing`)
    return came
  } finally {
    await line.end()
  }
}

export const COMMANDS: Case<Subject>[] = [
  ...TYPES.map(type =>
    of(`${type} is sent as the contract has it`, async subject => {
      const { packet } = await sent(subject, type)
      const found = read(Buffer.from(packet.payload))
      const words = found.kind === 'refused' ? found.refusal.message : found.kind
      return shouldBe(found.kind === 'command', 'a command', words)
    }),
  ),
]

const TAKE = 'vistter.command.program.take'
const envelope = under<Subject>('Messages')

export const ENVELOPES: Case<Subject>[] = [
  envelope('each has an id of its own', async subject => {
    const ids = [await sent(subject, TAKE), await sent(subject, TAKE)].map(({ message }) => message.id)
    return shouldBe(ids[0] !== ids[1], 'two ids', ids.join(' '))
  }),
  envelope('`time` is now, in UTC', async subject => {
    const { message } = await sent(subject, TAKE)
    const off = Math.abs(Date.parse(String(message.time)) - Date.now())
    return shouldBe(off < 5_000 && String(message.time).endsWith('Z'), 'now, with Z', message.time)
  }),
  envelope('`schemaversion` is one of version 1', async subject => {
    const { message } = await sent(subject, TAKE)
    return shouldBe(/^1\.\d+$/.test(String(message.schemaversion)), '1.x', message.schemaversion)
  }),
  envelope('`expiresat` is as it was asked for', async subject => {
    const expiresat = new Date(Date.now() + 123_000).toISOString()
    const { message } = await sent(subject, TAKE, { expiresat })
    return shouldBe(message.expiresat === expiresat, expiresat, message.expiresat)
  }),
  envelope('`source` says who sends', async subject => {
    const { message } = await sent(subject, TAKE)
    return shouldBe(typeof message.source === 'string' && message.source !== '', 'a source', message.source)
  }),
  envelope('it is UTF-8 JSON, whatever the words', async subject => {
    const guest = await subject.someone()
    const line = await subject.listening(guest)
    const name = 'Cannes – Palais 🎬 العربية'
    const timeline = { id: 'words', name, cues: [] }
    const type = 'vistter.command.timeline.publish'
    const came = await subject.arrived(line, await subject.person.send(guest.answer.appliance, type, { timeline }))
    await line.end()
    const said = (came?.message.data as { timeline?: { name: string } } | undefined)?.timeline?.name
    return shouldBe(said === name, name, said)
  }),
  envelope('what is sent again is the same message under the same id', async subject => {
    const guest = await subject.someone()
    const line = await subject.listening(guest)
    const command = await subject.person.send(guest.answer.appliance, TAKE, { source: 'slate' })
    await subject.arrived(line, command)
    line.came.splice(0)
    await subject.person.resend(command)
    const came = await subject.arrived(line, command)
    await line.end()
    return shouldBe(came !== undefined, command, came ? command : 'another id, or nothing')
  }),
]
