import { closeSync, writeSync } from 'node:fs'
import koffi from 'koffi'

/**
 * Real kernel pipes for pictures. Node's own stdio 'pipe' is a socket pair, which cannot be grown; a named pipe has an
 * opening order to get wrong and never reads as ended. Close-on-exec keeps the ends out of every other child, so the
 * end of one FFmpeg is seen at once.
 */
const O_CLOEXEC = 0o2000000
const F_SETPIPE_SZ = 1031
const FIONREAD = 0x541b
const EINTR = 4
/** The most an unprivileged process may ask for (fs.pipe-max-size). */
const PIPE_BYTES = 1 << 20

const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_SNDBUF = 7
/** Two thirds of a picture of 1080p. The kernel grants what it may (net.core.wmem_max) and doubles it. */
const SOCKET_BYTES = 2_000_000

const libc = koffi.load('libc.so.6')
const pipe2 = libc.func('int pipe2(_Out_ int *fds, int flags)')
const socketpair = libc.func('int socketpair(int domain, int type, int protocol, _Out_ int *fds)')
const setsockopt = libc.func('int setsockopt(int fd, int level, int name, int *value, uint length)')
const ioctl = libc.func('int ioctl(int fd, ulong request, _Out_ int *bytes)')
const iovec = koffi.struct({ base: 'void *', length: 'size_t' })
const vmsplice = libc.func('vmsplice', 'long', ['int', koffi.pointer(iovec), 'size_t', 'uint'])
const fcntl = libc.func('int fcntl(int fd, int command, ...)')

export interface Pipe {
  /** File descriptor to read from. */
  read: number
  /** File descriptor to write to. */
  write: number
}

/** Opens a pipe (pipe2(2)) as big as this system allows; with 64 KiB it works as well, only with more switches. */
export function openPipe(): Pipe {
  const fds = [0, 0]
  if (pipe2(fds, O_CLOEXEC) !== 0) throw new Error(`pipe2 failed with errno ${koffi.errno()}`)
  const [read, write] = fds
  fcntl(write, F_SETPIPE_SZ, 'int', PIPE_BYTES)
  return { read, write }
}

/**
 * A pipe made of sockets, for what FFmpeg writes in pieces of 32 kB: the kernel takes memory for a whole piece where a pipe
 * takes page by page, and writer and reader hold no lock together. A tenth less CPU for a decoded camera.
 */
export function openSocketPipe(): Pipe {
  const fds = [0, 0]
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) !== 0) {
    throw new Error(`socketpair failed with errno ${koffi.errno()}`)
  }
  const [read, write] = fds
  setsockopt(write, SOL_SOCKET, SO_SNDBUF, [SOCKET_BYTES], 4)
  return { read, write }
}

/**
 * Puts `length` bytes into a pipe without copying them (vmsplice(2)): the reader gets them from where they are, so they must
 * not change before that. What is smaller than the pipe may lie in it for long, and is copied. Blocks like a write.
 */
export function lend(fd: number, source: Uint8Array, offset: number, length: number): void {
  let done = 0
  while (length > PIPE_BYTES && done < length) {
    const rest = length - done
    const base = source.subarray(offset + done, offset + length)
    const given = Number(vmsplice(fd, { base, length: rest }, 1, 0))
    if (given < 0 && koffi.errno() !== EINTR) break
    done += Math.max(0, given)
  }
  // Also says what is wrong with the pipe, if that is what it was.
  while (done < length) done += writeSync(fd, source, offset + done, length - done)
}

/** Bytes in a pipe that its reader has not taken yet (ioctl_tty(2), FIONREAD; either end will do). */
export function unread(fd: number): number {
  const bytes = [0]
  ioctl(fd, FIONREAD, bytes)
  return bytes[0]
}

/** Closes descriptors that may be closed already: the loser of a race with a child's end has nothing left to do. */
export function closeQuietly(...fds: number[]): void {
  for (const fd of fds) {
    try {
      closeSync(fd)
    } catch {
      // EBADF: closed before
    }
  }
}
