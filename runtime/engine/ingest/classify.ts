import { type ErrorCode, type Fault, fault } from '../../contract/errors.ts'

/** What FFmpeg writes when it cannot open an input, most telling first. Its exit code is 0 for most of these. */
const SIGNS: [sign: RegExp, code: ErrorCode, sentence: string][] = [
  [/401 Unauthorized|authorization failed|403 Forbidden/i, 'CAMERA_AUTH', 'The camera refused user name or password.'],
  [/404 Not Found|454 Session Not Found/i, 'CAMERA_NO_STREAM', 'The camera knows no stream under this path.'],
  [/Failed to resolve hostname/i, 'CAMERA_UNREACHABLE', 'The name of the camera is not known in this network.'],
  [
    /Connection refused/i,
    'CAMERA_UNREACHABLE',
    'Nothing answers at this address and port: the connection was refused.',
  ],
  [
    /No route to host|Network is unreachable/i,
    'CAMERA_UNREACHABLE',
    'There is no way through the network to this address.',
  ],
  [/timed out/i, 'CAMERA_UNREACHABLE', 'The camera did not answer in time.'],
  [/matches no streams/i, 'CAMERA_NOT_A_STREAM', 'The address answers, but there is no video in it.'],
  [/Protocol not found|not on whitelist/i, 'CAMERA_UNSUPPORTED', 'This kind of address is not supported.'],
  [
    /Decoder .*not found|Unknown decoder|Unsupported codec/i,
    'CAMERA_UNSUPPORTED',
    'The video is in a format that cannot be decoded.',
  ],
  [
    /Could not find codec parameters|unspecified size|nothing was encoded/i,
    'CAMERA_UNSUPPORTED',
    'No picture was found in what the camera sends.',
  ],
  [
    /Too many packets buffered/,
    'CAMERA_UNSUPPORTED',
    'The camera announces sound and sends none. It is tried again without sound.',
  ],
  [/No such file/i, 'ASSET_MISSING', 'The media file is not there.'],
  [/Invalid data found/i, 'CAMERA_NOT_A_STREAM', 'The address answers, but not with a video stream.'],
]

export interface Ending {
  /** The last lines that FFmpeg wrote, masked. */
  said: string
  hadFrames: boolean
  /** The watchdog ended it because nothing came. */
  silent: boolean
  /** How long it ran. */
  ranForMs: number
}

/** FFmpeg gives up an RTSP server that does not answer after 3 s, and then calls it invalid data. */
const NO_ANSWER_MS = 2_500

/** Why the connection to a source ended, in the taxonomy. */
export function classify({ said, hadFrames, silent, ranForMs }: Ending): Fault {
  if (hadFrames) {
    return silent
      ? fault('CAMERA_SILENT', 'The connection stands, but no picture came for 10 s.')
      : fault('CAMERA_DROPPED', 'The connection to the camera ended.')
  }
  if (/Invalid data found/i.test(said) && ranForMs >= NO_ANSWER_MS) {
    return fault('CAMERA_SILENT', 'The camera accepted the connection, but did not answer.')
  }
  for (const [sign, code, sentence] of SIGNS) if (sign.test(said)) return fault(code, sentence)
  if (silent) return fault('CAMERA_SILENT', 'The camera accepted the connection, but no picture came within 15 s.')
  const last = said.split('\n').at(-1)
  return fault(
    'CAMERA_UNREACHABLE',
    last ? `The camera could not be opened: ${last}` : 'The camera could not be opened.',
  )
}

/** Whether a longer look at the stream may help: its parameters came later than the quick probe reads. */
export const wantsThoroughProbe = (said: string): boolean =>
  /Could not find codec parameters|unspecified size/i.test(said)

/** FFmpeg's complaint when a stream that it was promised never begins. */
export const neverBegan = (said: string): boolean => /Too many packets buffered/.test(said)
