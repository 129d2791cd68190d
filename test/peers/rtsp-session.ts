import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { systemClock } from '../../runtime/lib/clock.ts'
import { payloads, RtpStream } from './rtp.ts'
import type { Streams } from './streams.ts'

export interface RtspRequest {
  method: string
  url: string
  headers: Map<string, string>
}

export interface Login {
  username: string
  password: string
}

/** More than this in the socket means that nobody reads: the camera hangs up, as real ones do. */
const LONGEST_QUEUE = 8 * 2 ** 20
const REPORT_EVERY_S = 5
const REALM = 'Virtual camera'

type Reply = [status: string, headers?: Record<string, string>, body?: string]

/** One client of a virtual camera: RTSP 1.0 (RFC 2326) with digest login (RFC 2617), media interleaved on the same connection. */
export class RtspSession {
  private readonly socket: Socket
  private readonly streams: Streams
  private readonly login: Login
  /** The moment (monotonic ms) at which the content's loop 0 began: every viewer sees the same scene at the same time. */
  private readonly epoch: number
  private readonly nonce = randomBytes(16).toString('hex')
  private readonly id = randomBytes(8).toString('hex')
  private readonly rtp = { video: new RtpStream(96, 90_000), audio: new RtpStream(97, 48_000) }
  private readonly channels = new Map<'video' | 'audio', number>()
  private input = Buffer.alloc(0)
  private timer: NodeJS.Timeout | undefined

  constructor(socket: Socket, streams: Streams, login: Login, epoch: number) {
    this.socket = socket
    this.streams = streams
    this.login = login
    this.epoch = epoch
  }

  start(): void {
    this.socket.setNoDelay(true)
    this.socket.on('data', data => this.take(data))
    this.socket.on('error', () => this.socket.destroy())
    this.socket.on('close', () => clearTimeout(this.timer))
  }

  stop(): void {
    this.socket.destroy()
  }

  /** Splits the input into requests and the client's own reports ($ frames), which nobody reads here. */
  private take(data: Buffer): void {
    this.input = Buffer.concat([this.input, data])
    for (;;) {
      if (this.input[0] === 0x24) {
        if (this.input.length < 4 || this.input.length < 4 + this.input.readUInt16BE(2)) return
        this.input = this.input.subarray(4 + this.input.readUInt16BE(2))
        continue
      }
      const end = this.input.indexOf('\r\n\r\n')
      if (end < 0) return
      const request = parse(this.input.toString('latin1', 0, end))
      const total = end + 4 + Number(request.headers.get('content-length') ?? 0)
      if (this.input.length < total) return
      this.input = this.input.subarray(total)
      this.reply(request, this.answer(request))
    }
  }

  private answer(request: RtspRequest): Reply {
    if (request.method === 'OPTIONS') {
      return ['200 OK', { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' }]
    }
    if (!this.knows(request)) {
      return ['401 Unauthorized', { 'WWW-Authenticate': `Digest realm="${REALM}", nonce="${this.nonce}"` }]
    }
    switch (request.method) {
      case 'DESCRIBE':
        return [
          '200 OK',
          { 'Content-Type': 'application/sdp', 'Content-Base': `${request.url}/` },
          describe(this.streams),
        ]
      case 'SETUP':
        return this.setUp(request)
      case 'PLAY':
        return this.play(request)
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return ['200 OK', { Session: this.id }]
      case 'TEARDOWN':
        clearTimeout(this.timer)
        return ['200 OK', { Session: this.id }]
      default:
        return ['501 Not Implemented']
    }
  }

  private setUp(request: RtspRequest): Reply {
    const channel = /RTP\/AVP\/TCP.*interleaved=(\d+)/i.exec(request.headers.get('transport') ?? '')?.[1]
    if (channel === undefined) return ['461 Unsupported Transport']
    const kind = request.url.endsWith('track1') ? 'audio' : 'video'
    this.channels.set(kind, Number(channel))
    const transport = `RTP/AVP/TCP;unicast;interleaved=${channel}-${Number(channel) + 1}`
    return ['200 OK', { Session: `${this.id};timeout=60`, Transport: transport }]
  }

  private play(request: RtspRequest): Reply {
    const now = (systemClock.mono() - this.epoch) / 1_000
    const { units, length } = this.streams
    // A session begins with the next keyframe, as a decoder needs it.
    const inLoop = now % length
    const key = units.findIndex(unit => unit.at >= inLoop && unit.kind === 'video' && unit.key)
    const loop = Math.floor(now / length) + (key < 0 ? 1 : 0)
    const first = Math.max(0, key)
    const from = loop * length + (units[first]?.at ?? 0)
    const info = [...this.channels.keys()].map(kind => {
      const { nextSequence } = this.rtp[kind]
      const track = kind === 'video' ? 'track0' : 'track1'
      return `url=${request.url.replace(/\/$/, '')}/${track};seq=${nextSequence};rtptime=${this.rtp[kind].timestamp(from)}`
    })
    setImmediate(() => {
      this.report(from)
      this.send(loop, first, from + REPORT_EVERY_S)
    })
    return ['200 OK', { Session: this.id, Range: 'npt=now-', 'RTP-Info': info.join(',') }]
  }

  /** Sends everything that is due, then sleeps until the next unit is. */
  private send(loop: number, index: number, nextReport: number): void {
    const { units, length } = this.streams
    let report = nextReport
    for (let round = loop, n = index; ; ) {
      const unit = units[n]
      if (!unit) {
        round++
        n = 0
        continue
      }
      const at = round * length + unit.at
      const wait = this.epoch + at * 1_000 - systemClock.mono()
      if (wait > 0) {
        const [thenRound, thenUnit, thenReport] = [round, n, report]
        this.timer = setTimeout(() => this.send(thenRound, thenUnit, thenReport), wait)
        return
      }
      if (this.socket.writableLength > LONGEST_QUEUE) {
        this.stop()
        return
      }
      const parts = this.channels.has(unit.kind) ? payloads(unit) : []
      for (const [i, part] of parts.entries()) {
        this.interleave(unit.kind, 0, this.rtp[unit.kind].packet(part, at, i === parts.length - 1))
      }
      if (at >= report) {
        this.report(at)
        report = at + REPORT_EVERY_S
      }
      n++
    }
  }

  private report(seconds: number): void {
    // Wall time of that media time, which at the start lies a little ahead.
    const wall = systemClock.now() - systemClock.mono() + this.epoch + seconds * 1_000
    for (const kind of this.channels.keys()) this.interleave(kind, 1, this.rtp[kind].senderReport(wall, seconds))
  }

  private interleave(kind: 'video' | 'audio', which: 0 | 1, packet: Buffer): void {
    const frame = Buffer.from([0x24, (this.channels.get(kind) ?? 0) + which, packet.length >> 8, packet.length & 255])
    this.socket.write(Buffer.concat([frame, packet]))
  }

  private knows(request: RtspRequest): boolean {
    const given = request.headers.get('authorization') ?? ''
    const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(given)?.[1] ?? ''
    const { username, password } = this.login
    const secret = md5(`${username}:${REALM}:${password}`)
    const expected = md5(`${secret}:${this.nonce}:${md5(`${request.method}:${field('uri')}`)}`)
    return field('username') === username && field('nonce') === this.nonce && field('response') === expected
  }

  private reply(request: RtspRequest, [status, headers = {}, body = '']: Reply): void {
    const lines = Object.entries({ CSeq: request.headers.get('cseq') ?? '0', ...headers }).map(([k, v]) => `${k}: ${v}`)
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
    this.socket.write(`RTSP/1.0 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
    if (request.method === 'TEARDOWN') this.socket.end()
  }
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

function parse(head: string): RtspRequest {
  const [first = '', ...lines] = head.split('\r\n')
  const [method = '', url = ''] = first.split(' ')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { method, url, headers: new Map(headers) }
}

/** The session description (RFC 4566) of the two tracks; 1190 is the AAC-LC configuration of 48 kHz stereo. */
function describe({ sps, pps }: Streams): string {
  const sets = `${sps.toString('base64')},${pps.toString('base64')}`
  const level = sps.toString('hex', 1, 4)
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=Virtual camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;profile-level-id=${level};sprop-parameter-sets=${sets}`,
    'a=control:track0',
    'm=audio 0 RTP/AVP 97',
    'a=rtpmap:97 MPEG4-GENERIC/48000/2',
    'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190',
    'a=control:track1',
    '',
  ].join('\r\n')
}
