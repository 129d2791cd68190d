import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'

const VERSION = 3
const BLOCK = 1536

/**
 * The plain handshake of RTMP 1.0, section 5.2, from the client's side. What the server sends beyond it stays in the
 * stream for the next reader. Rejects when the answer is not RTMP, the stream ends, or `signal` is aborted.
 */
export async function handshake(stream: Duplex, signal: AbortSignal): Promise<void> {
  const c1 = Buffer.concat([Buffer.alloc(8), randomBytes(BLOCK - 8)])
  stream.write(Buffer.concat([Buffer.from([VERSION]), c1]))
  const [version] = await readExactly(stream, 1, signal)
  if (version !== VERSION) throw new Error('the answer is not RTMP')
  const s1 = await readExactly(stream, BLOCK, signal)
  stream.write(s1) // C2 is the server's own block back
  await readExactly(stream, BLOCK, signal)
}

function readExactly(stream: Duplex, count: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (result: Buffer | Error) => {
      stream.off('readable', look).off('error', failed).off('close', closed)
      signal.removeEventListener('abort', aborted)
      if (result instanceof Error) reject(result)
      else resolve(result)
    }
    const look = () => {
      const bytes: Buffer | null = stream.read(count)
      // At its end a stream hands out what is left, less than was asked for.
      if (bytes) settle(bytes.length === count ? bytes : new Error('the connection was closed'))
    }
    const failed = (error: Error) => settle(error)
    const closed = () => settle(new Error('the connection was closed'))
    const aborted = () => settle(new Error('no answer in time'))
    stream.on('readable', look).once('error', failed).once('close', closed)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
    else look()
  })
}
