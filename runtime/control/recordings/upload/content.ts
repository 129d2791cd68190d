import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { VistterError } from '../../../contract/errors.ts'

/** So much of a file is in memory at once. */
const CHUNK = 16_384

/** What is sent: a file of the disk, or a text. */
export interface Content {
  size: number
  /** Hex. */
  sha256: string
  read(): AsyncIterable<Buffer>
  /** Whether it is still what it was: a file that has grown was not sent as a whole. */
  unchanged(): Promise<boolean>
}

export async function fileContent(path: string): Promise<Content> {
  const sizeNow = () => stat(path).then(({ size }) => size)
  const size = await sizeNow().catch(error => Promise.reject(unreadable(path, error)))
  const hash = createHash('sha256')
  for await (const chunk of bytesOf(path, size)) hash.update(chunk)
  return {
    size,
    sha256: hash.digest('hex'),
    read: () => bytesOf(path, size),
    unchanged: async () => (await sizeNow()) === size,
  }
}

export function textContent(text: string): Content {
  const bytes = Buffer.from(text)
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async *read() {
      yield bytes
    },
    unchanged: async () => true,
  }
}

export const NOTHING: Content = textContent('')

async function* bytesOf(path: string, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return
  try {
    yield* createReadStream(path, { end: size - 1, highWaterMark: CHUNK })
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): VistterError {
  const why = error instanceof Error ? error.message : String(error)
  return new VistterError('UPLOAD_FILE', `${path} cannot be read: ${why}.`)
}
