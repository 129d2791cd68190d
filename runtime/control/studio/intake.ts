import { type ErrorCode, fault, VistterError } from '../../contract/errors.ts'
import type { Command, Envelope } from '../../contract/generated/studio.v1.ts'
import schema from '../../contract/schemas/studio.v1.json' with { type: 'json' }
import { type Problem, problemText, validator } from '../../contract/validate.ts'
import { CONTRACT, isSupported, SUPPORTED } from './commands.ts'

/** A command that is right in itself. Times in UTC ms by the sender's clock. */
export interface Incoming {
  id: string
  source: string
  command: Command
  time: number
  expiresAt: number
}

/** Why a command is not carried out, as its ack says it. */
export interface Refusal {
  code: ErrorCode
  message: string
  hint: string
  path?: string
  problems?: { path: string; message: string }[]
  supported?: string[]
}

export type Read =
  | { kind: 'command'; incoming: Incoming }
  /** It has an id, so whoever sent it can be told. */
  | { kind: 'refused'; id: string; type: string; refusal: Refusal }
  /** Nobody can be told. */
  | { kind: 'junk'; why: string }

/** What is longer is nobody's command. */
const LONGEST = 4 * 1_024 * 1_024
const SHOWN = 50
const LIFETIME = 60_000
const MAJOR = Number.parseInt(CONTRACT, 10)

const definition = (name: 'Envelope' | 'Command') => ({
  $schema: schema.$schema,
  $ref: `#/$defs/${name}`,
  $defs: schema.$defs,
})
const checkEnvelope = validator<Envelope>(definition('Envelope'))
const checkCommand = validator<Command>(definition('Command'))

/** Reads what came on the topic `command`. Pure: whether it is too late, or was seen, is not its business. */
export function read(payload: Buffer): Read {
  if (payload.length > LONGEST) return { kind: 'junk', why: `It has ${payload.length} bytes.` }
  const message = parsed(payload)
  if (!message) return { kind: 'junk', why: 'It is not a JSON object.' }
  const { id } = message
  if (typeof id !== 'string' || id === '' || id.length > 128) return { kind: 'junk', why: 'It has no usable id.' }
  const type = typeof message.type === 'string' ? message.type.slice(0, 200) : ''
  const refused = (refusal: Refusal): Read => ({ kind: 'refused', id, type, refusal })
  const envelope = checkEnvelope(message)
  if (!envelope.ok) return refused(malformed(envelope.problems))
  const { schemaversion, time, expiresat, source } = envelope.value
  if (Number.parseInt(schemaversion, 10) !== MAJOR) return refused(otherVersion(schemaversion))
  if (!isSupported(type)) return refused(unknown(type))
  const command = asKnown(message, schemaversion)
  if (!command.ok) return refused(malformed(command.problems))
  const said = Date.parse(time)
  const expiresAt = expiresat === undefined ? said + LIFETIME : Date.parse(expiresat)
  return { kind: 'command', incoming: { id, source, command: command.value, time: said, expiresAt } }
}

/** Of a later minor version, the fields that this release does not know are left out: its Studio need not know how old we are. */
function asKnown(message: Record<string, unknown>, version: string): ReturnType<typeof checkCommand> {
  const checked = checkCommand(message)
  const later = Number(version.split('.')[1]) > Number(CONTRACT.split('.')[1])
  if (checked.ok || !later) return checked
  const copy = structuredClone(message)
  for (const { keyword, path, params } of checked.problems)
    if (keyword === 'additionalProperties') drop(copy, path, String(params.additionalProperty))
  return checkCommand(copy)
}

/** What the flow made of a command. Throws where that is no command of this type any more. */
export function recheck(type: Command['type'], data: Record<string, unknown>): Command['data'] {
  const checked = checkCommand({ type, data })
  if (checked.ok) return checked.value.data
  throw new VistterError('BAD_REQUEST', `/payload: ${problemText(checked.problems)}`)
}

function drop(whole: unknown, path: string, key: string): void {
  let at = whole
  for (const step of path.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return
    at = (at as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  if (typeof at === 'object' && at !== null) delete (at as Record<string, unknown>)[key]
}

function parsed(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function refusal(code: ErrorCode, message: string, more: Partial<Refusal> = {}): Refusal {
  return { code, message, hint: fault(code, message).hint, ...more }
}

function malformed(all: Problem[]): Refusal {
  const problems = all.slice(0, SHOWN).map(({ path, message }) => ({ path, message }))
  const [first = { path: '', message: 'is not valid' }] = problems
  return refusal('COMMAND_MALFORMED', `${first.path || 'The message'} ${first.message}.`, {
    path: first.path,
    ...(problems.length > 1 && { problems }),
  })
}

const otherVersion = (version: string): Refusal =>
  refusal('COMMAND_VERSION', `This appliance speaks version ${CONTRACT}, not ${version}.`, {
    path: '/schemaversion',
    supported: [CONTRACT],
  })

const unknown = (type: string): Refusal =>
  refusal('COMMAND_UNSUPPORTED', `This appliance does not know ${type}.`, { path: '/type', supported: SUPPORTED })
