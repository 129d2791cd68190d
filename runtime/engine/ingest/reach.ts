import { connect } from 'node:net'
import { type Fault, fault } from '../../contract/errors.ts'
import { classify } from './classify.ts'

const PORTS: Record<string, number> = {
  'rtsp:': 554,
  'rtsps:': 322,
  'rtmp:': 1935,
  'rtmps:': 443,
  'http:': 80,
  'https:': 443,
}

/** FFmpeg's words for the errors of Node's sockets, so that both are classified in one place. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ENOTFOUND: 'Failed to resolve hostname',
  EAI_AGAIN: 'Failed to resolve hostname',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ETIMEDOUT: 'timed out',
}

interface How {
  timeoutMs: number
  /** Also waits for an RTSP server's first word: a device that hangs still accepts connections. */
  talk?: boolean
  /** Gives up early, without a fault. */
  signal?: AbortSignal
}

/**
 * Whether somebody is there: DNS, TCP and, if wished, RTSP's greeting, which is also the first thing that FFmpeg says.
 * A dead camera that is tried for ever costs a socket this way, not a process.
 */
export function reach(address: string, { timeoutMs, talk = false, signal }: How): Promise<Fault | undefined> {
  const url = new URL(address)
  return new Promise(resolve => {
    const port = Number(url.port) || PORTS[url.protocol]
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port })
    const done = (problem?: Fault) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(problem)
    }
    const giveUp = () => done()
    const timer = setTimeout(() => done(socket.connecting ? faultOf('timed out') : SILENT), timeoutMs)
    signal?.addEventListener('abort', giveUp)
    socket.once('error', (error: NodeJS.ErrnoException) => done(faultOf(WORDS[error.code ?? ''] ?? error.message)))
    socket.once('connect', () => {
      if (!talk || url.protocol !== 'rtsp:') return done()
      socket.write(`OPTIONS ${address} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: VistterStream\r\n\r\n`)
      // Any answer will do, and who hangs up is somebody: FFmpeg finds out what is wrong.
      socket.once('data', () => done())
      socket.once('close', () => done())
    })
  })
}

const SILENT = fault('CAMERA_SILENT', 'The camera accepted the connection, but did not answer.')

const faultOf = (said: string): Fault => classify({ said, hadFrames: false, silent: false, ranForMs: 0 })
