import type { Picture } from '../../contract/generated/engine.v1.ts'
import { decodeIn, fetchFrom, type HardwareDecoder } from './decoders.ts'
import { QUIET } from './quiet.ts'

/**
 * FFmpeg command lines as pure values: what each child is told, and nothing else. Every option that is not obvious says
 * why it stands here; tests compare them as strings, because a renamed option shows only on air.
 */

/** The child's ends of its pipes: frames on 3, the address of a camera (with its password) on 4. */
export const FRAMES_FD = 3
export const ADDRESS_FD = 4

export interface IngestTraits {
  /** Analyses longer: for cameras that announce their picture late. Costs about a second at the start. */
  thorough: boolean
  /** Leaves the sound out: for cameras that announce sound and never send any, for which FFmpeg would wait for ever. */
  silent: boolean
  /** The picture's colours are BT.601's. FFmpeg would take an untagged HD picture for that, too, so it must be known. */
  bt601: boolean
  /** Decodes it; software where left out. */
  decoder?: HardwareDecoder | undefined
}

/** What the demuxer of a camera needs; `address` is the text that goes into the child's pipe. */
export interface CameraAddress {
  protocols: string
  address: string
  /** It comes in segments, several at once: they are read as slowly as they play. */
  segments: boolean
}

const LOCAL_PROTOCOLS = 'pipe,crypto,data'
const PROTOCOLS: Record<string, { whitelist: string; options: string[] }> = {
  'rtsp:': { whitelist: 'rtsp,rtp,tcp,udp', options: ['rtsp_transport tcp', 'timeout 3000000'] },
  'rtsps:': { whitelist: 'rtsp,rtsps,rtp,srtp,tcp,udp,tls', options: ['rtsp_transport tcp', 'timeout 3000000'] },
  'rtmp:': { whitelist: 'rtmp,tcp', options: ['rw_timeout 5000000'] },
  'rtmps:': { whitelist: 'rtmps,tcp,tls', options: ['rw_timeout 5000000'] },
  'http:': { whitelist: 'http,httpproxy,tcp', options: ['rw_timeout 5000000'] },
  'https:': { whitelist: 'http,https,httpproxy,tcp,tls', options: ['rw_timeout 5000000'] },
}

export interface CameraLogin {
  url: string
  username?: string
  password?: string
}

export const isCameraUrl = (url: string): boolean => URL.canParse(url) && new URL(url).protocol in PROTOCOLS

/**
 * The address of a camera as an ffconcat script (ffmpeg-formats, "concat"): FFmpeg reads it from a pipe, so neither argv
 * nor environ of the child shows user, password or a token in the query. Throws on an address that isCameraUrl refuses.
 */
export function cameraAddress(login: CameraLogin, traits: Pick<IngestTraits, 'thorough'>): CameraAddress {
  const url = new URL(login.url)
  const { whitelist, options } = PROTOCOLS[url.protocol]
  const lines = [
    'ffconcat version 1.0',
    `file '${urlWithLogin(url, login)}'`,
    ...options.map(option => `option ${option}`),
    ...probing(url, traits).map(option => `option ${option}`),
  ]
  const segments = url.pathname.endsWith('.m3u8')
  return { protocols: `${LOCAL_PROTOCOLS},${whitelist}`, address: `${lines.join('\n')}\n`, segments }
}

/** Texts of a camera that must not show up in a log: its password as typed and as encoded, and the query. */
export function secretsOf(login: CameraLogin): string[] {
  const query = URL.canParse(login.url) ? new URL(login.url).search.slice(1) : ''
  return [login.password ?? '', encodePart(login.password ?? ''), query]
}

function urlWithLogin(url: URL, { username, password }: CameraLogin): string {
  const login = username ? `${encodePart(username)}:${encodePart(password ?? '')}@` : ''
  return `${url.protocol}//${login}${url.host}${url.pathname}${url.search}`.replaceAll("'", '%27')
}

/** Also encodes the quote, which ends a name in ffconcat. */
const encodePart = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')

/** RTSP tells the picture before it begins, so 32 kB will do; in the others it must be found in the stream. */
function probing(url: URL, { thorough }: Pick<IngestTraits, 'thorough'>): string[] {
  if (thorough) return ['probesize 5000000', 'analyzeduration 5000000']
  return url.protocol.startsWith('rtsp') ? ['probesize 32k'] : ['probesize 500k', 'analyzeduration 1000000']
}

/** Input options of a camera whose address comes through the pipe `fd`. */
export function cameraInput({ protocols, segments }: CameraAddress, fd = ADDRESS_FD, keysOnly = false): string[] {
  return [
    ...(keysOnly ? ['-skip_frame', 'nokey'] : []),
    ...(segments ? ['-re'] : []),
    ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', protocols],
    // Frame threads in the decoder would hold one frame back for each of them.
    ...['-flags', 'low_delay', '-probesize', '32k', '-i', `pipe:${fd}`],
  ]
}

/** Input options of a local file, played in real time. */
export const clipInput = (file: string, loop: boolean): string[] => [
  ...(loop ? ['-stream_loop', '-1'] : []),
  // Frame threads keep as many pictures back, and at the seam of a loop they give them all at once.
  ...['-re', '-thread_type', 'slice', '-i', file],
]

/** Decodes an input to raw pictures of the program's size and 48 kHz stereo, with timestamps, as NUT on pipe 3. */
export function ingestArgs(input: string[], picture: Picture, traits: IngestTraits, fit: Fit = 'letterbox'): string[] {
  return [
    ...QUIET,
    ...decodeIn(traits.decoder),
    ...input,
    ...['-map', '0:v:0', ...(traits.silent ? [] : ['-map', '0:a:0?'])],
    ...['-vf', `${fetchFrom(traits.decoder)}${fitFilter(picture, traits, fit)}`],
    ...['-c:v', 'rawvideo', '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'],
    ...['-c:a', 'pcm_s16le', '-ar', '48000', '-ac', '2'],
    // FFmpeg's raw video encoder is frame-threaded as well, and a pause in the sound must not hold up the picture.
    ...['-threads', '1', '-max_interleave_delta', '20000'],
    // Pictures kept while announced sound has not begun: at 1080p each is 3 MB. More than these end the session.
    ...['-max_muxing_queue_size', '64'],
    ...['-f', 'nut', `pipe:${FRAMES_FD}`],
  ]
}

/** The longest sound that is repeated (s): more would only fill the disk. */
export const LONGEST_SOUND = 1_800

/** Decodes the first sound of a local file to 48 kHz stereo samples on descriptor 3. */
export const soundArgs = (file: string): string[] => [
  ...QUIET,
  ...['-protocol_whitelist', 'file,pipe,crypto,data', '-i', `file:${file}`],
  ...['-map', '0:a:0', '-t', String(LONGEST_SOUND)],
  ...['-c:a', 'pcm_s16le', '-ar', '48000', '-ac', '2', '-f', 's16le', 'pipe:3'],
]

/** Pixels across a probe's picture: enough to tell one camera from another. */
const PROBE_WIDTH = 640

/** Decodes one picture of an input to a small JPEG on standard output; exits with 0 when there was one. */
export const probeArgs = (input: string[]): string[] => [
  ...QUIET,
  ...input,
  ...['-map', '0:v:0', '-frames:v', '1', '-vf', `scale=w=min(${PROBE_WIDTH}\\,iw):h=-2:out_range=pc,format=yuvj420p`],
  ...['-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1'],
]

/** Another shape than the program's gets black bars, or is cut at its sides. */
export type Fit = 'letterbox' | 'crop'

/**
 * Fits any picture into the program's, keeping its shape (dar knows non-square pixels). A picture of the right size passes
 * through both filters untouched.
 */
export function fitFilter(
  { width, height }: Picture,
  { bt601 }: Pick<IngestTraits, 'bt601'>,
  fit: Fit = 'letterbox',
): string {
  const limit = fit === 'crop' ? 'max' : 'min'
  const w = `${limit}(${width}\\,2*trunc(${height}*dar/2+0.5))`
  const h = `${limit}(${height}\\,2*trunc(${width}/dar/2+0.5))`
  const colours = bt601 ? ':in_color_matrix=bt601:out_color_matrix=bt709' : ''
  const shape = fit === 'crop' ? `crop=${width}:${height}` : `pad=${width}:${height}:-1:-1`
  return `scale=w=${w}:h=${h}:flags=bilinear${colours},setsar=1,${shape}`
}
