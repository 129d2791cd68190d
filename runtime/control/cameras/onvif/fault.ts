import { type ErrorCode, VistterError } from '../../../contract/errors.ts'
import type { Answer } from './http.ts'
import { all, text, type Xml } from './soap.ts'

/** Firmware spells the same refusal in many ways: as a subcode of the specification, or in words. */
const MEANINGS: [RegExp, ErrorCode][] = [
  [/NotAuthorized|not authorized|unauthorized|FailedAuthentication|FailedCheck|InvalidSecurity/i, 'PTZ_AUTH'],
  [/TooManyPresets/i, 'PTZ_PRESETS_FULL'],
  [/NoToken|PresetNotExist|InvalidPreset(?!Name)|NoPreset/i, 'PTZ_PRESET_MISSING'],
  [/NoProfile/i, 'CAMERA_NO_PROFILE'],
  [
    /ActionNotSupported|NotImplemented|not implemented|NotSupported|not supported|UnknownAction|NoPTZ/i,
    'PTZ_UNSUPPORTED',
  ],
]

const DETAILS: Partial<Record<ErrorCode, string>> = {
  PTZ_AUTH: "The camera's ONVIF service refused user name or password.",
  PTZ_PRESETS_FULL: 'The camera has no room for another preset.',
  PTZ_PRESET_MISSING: 'The camera does not know this preset.',
  CAMERA_NO_PROFILE: 'The camera does not know this media profile.',
}

/** What an answer that is not the wanted one means; nothing when it is an ordinary one. */
export function refusal(
  { status, text: said }: Answer,
  body: Xml | undefined,
  where: string,
): VistterError | undefined {
  const [fault] = all(body, 'fault')
  if (fault !== undefined) return faultOf(fault)
  if (status === 401 || status === 403) return new VistterError('PTZ_AUTH', DETAILS.PTZ_AUTH ?? '')
  if (status >= 300 && status < 500) {
    return new VistterError('PTZ_NOT_ONVIF', `${where} answers, but has no ONVIF service there (HTTP ${status}).`)
  }
  if (status < 300 && body !== undefined) return undefined
  if (/<html|<!doctype/i.test(said)) {
    return new VistterError('PTZ_NOT_ONVIF', `${where} answers with a web page, not as an ONVIF service.`)
  }
  const what = said.trim() === '' ? 'nothing' : 'what is not SOAP'
  return new VistterError('PTZ_BAD_ANSWER', `${where} answers ${what} (HTTP ${status}).`)
}

function faultOf(fault: Xml): VistterError {
  const codes = [...subcodes(fault), text(fault, 'faultcode')].filter(code => code !== undefined)
  const reason = text(fault, 'reason', 'text') ?? text(fault, 'faultstring') ?? ''
  const told = `${codes.join(' ')} ${reason}`
  const code = MEANINGS.find(([pattern]) => pattern.test(told))?.[1] ?? 'PTZ_REFUSED'
  const words = sentence(reason || codes.at(-1) || 'no reason given')
  return new VistterError(code, DETAILS[code] ?? `The camera refused it: ${words}`)
}

/** From the general code to the special one, as they stand in one another. */
function subcodes(fault: Xml): (string | undefined)[] {
  const found: (string | undefined)[] = []
  let [code] = all(fault, 'code')
  for (let depth = 0; code !== undefined && depth < 5; depth++) {
    found.push(text(code, 'value'))
    code = all(code, 'subcode')[0]
  }
  return found
}

/** A stranger's words: one line, short, with an end. */
function sentence(words: string): string {
  const line = words.replace(/[\s\p{C}]+/gu, ' ').trim()
  const short = line.length > 160 ? `${line.slice(0, 160)}…` : line
  return /[.!?…]$/.test(short) ? short : `${short}.`
}
