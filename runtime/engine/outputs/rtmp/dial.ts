import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import koffi from 'koffi'
import { VistterError } from '../../../contract/errors.ts'
import { dialFault } from './faults.ts'
import { proxyAddress, tunnel } from './tunnel.ts'
import { type RtmpTarget, serverName } from './url.ts'

const SOL_SOCKET = 1
const SO_SNDBUF = 7
/** About one second of 4 Mbit/s: what the kernel does not hold shows in our own queue, where it can be measured. */
const SEND_BUFFER = 262_144

/**
 * Opens a TCP connection, or a TLS one whose certificate is checked for the server's name.
 * Rejects with OUTPUT_UNKNOWN_HOST, OUTPUT_UNREACHABLE, OUTPUT_PROXY or OUTPUT_TLS; an aborted signal ends the try at once.
 */
export async function dial(
  target: RtmpTarget,
  timeoutMs: number,
  signal: AbortSignal,
  reached: (stage: 'tcp' | 'tls') => void = () => {},
): Promise<Socket> {
  const { host, port, proxy } = target
  const first = proxy ? proxyAddress(proxy) : { host, port }
  const raw = connectTcp(first)
  await opened(raw, 'connect', first, timeoutMs, signal)
  raw.setNoDelay(true)
  limitSendBuffer(raw)
  if (proxy) await tunnel(raw, target, proxy, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
  reached('tcp')
  if (!target.secure) return raw
  const secured = connectTls({ socket: raw, host, servername: serverName(host) })
  await opened(secured, 'secureConnect', target, timeoutMs, signal)
  reached('tls')
  return secured
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  { host }: { host: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: VistterError) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      socket.off(event, ok).off('error', failed).off('close', closed)
      if (!error) return resolve()
      // A destroyed socket may still report; nobody is left to hear it.
      socket.on('error', () => {}).destroy()
      reject(error)
    }
    const unreachable = (why: string) => settle(new VistterError('OUTPUT_UNREACHABLE', `${host} ${why}.`))
    const ok = () => settle()
    const failed = (error: NodeJS.ErrnoException) => settle(dialFault(error, host))
    const closed = () => unreachable('closed the connection at once')
    const aborted = () => unreachable('was not tried any longer')
    const timer = setTimeout(() => unreachable(`did not answer within ${timeoutMs / 1000} s`), timeoutMs)
    socket.once(event, ok).once('error', failed).once('close', closed)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
  })
}

const libc = koffi.load('libc.so.6')
const setsockopt = libc.func('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)')

/** setsockopt(2): Node offers no other way. A socket that is already gone is found out by whoever writes to it. */
function limitSendBuffer(socket: Socket): void {
  const fd = descriptorOf(socket)
  if (fd !== undefined) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, [SEND_BUFFER], 4)
}

const SIOCOUTQ = 0x5411
const ioctl = libc.func('int ioctl(int fd, ulong request, _Out_ int *bytes)')

/** Bytes in the kernel's send buffer, those under way included (tcp(7), SIOCOUTQ): an uplink is first felt here. */
export function unacknowledged(socket: Socket): number {
  const fd = descriptorOf(socket)
  const bytes = [0]
  return fd !== undefined && ioctl(fd, SIOCOUTQ, bytes) === 0 ? (bytes[0] ?? 0) : 0
}

function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { _handle?: { fd?: number } | null }
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
}
