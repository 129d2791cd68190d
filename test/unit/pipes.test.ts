import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, readSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeQuietly, lend, openPipe, openSocketPipe, type Pipe } from '../../runtime/engine/ffmpeg/pipes.ts'

/** In shared memory, as frames are. */
const bytes = new Uint8Array(new SharedArrayBuffer(3_200_000))
bytes.set(randomBytes(bytes.length))

const digest = (bytes: Uint8Array): string => createHash('sha256').update(Uint8Array.from(bytes)).digest('hex')

/** It hashes what comes on its standard input. */
const HASH = `process.stdin.pipe(require('node:crypto').createHash('sha256').setEncoding('hex')).pipe(process.stdout)`

/** Another process that reads the pipe to its end, and what it found. */
function digestOf(pipe: Pipe): Promise<string> {
  const child = spawn(process.execPath, ['-e', HASH], { stdio: [pipe.read, 'pipe', 'ignore'] })
  closeSync(pipe.read)
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return once(child, 'close').then(() => said)
}

test.each([
  ['larger than the pipe', 3_110_400],
  ['smaller than the pipe', 345_600],
])('a picture %s is lent whole, between what is written', async (_, length) => {
  const pipe = openPipe()
  const found = digestOf(pipe)
  for (const offset of [0, 33]) {
    writeSync(pipe.write, 'head')
    lend(pipe.write, bytes, offset, length)
  }
  closeSync(pipe.write)
  const head = Buffer.from('head')
  const expected = Buffer.concat([head, bytes.slice(0, length), head, bytes.slice(33, 33 + length)])
  expect(await found).toBe(digest(expected))
})

test('lending to a reader that is gone says so', () => {
  const pipe = openPipe()
  closeSync(pipe.read)
  expect(() => lend(pipe.write, bytes, 0, 3_110_400)).toThrow(expect.objectContaining({ code: 'EPIPE' }))
  closeSync(pipe.write)
})

test('a pipe of sockets holds some pieces, and ends when its writer does', () => {
  const pipe = openSocketPipe()
  try {
    const piece = bytes.slice(0, 32_768)
    for (let n = 0; n < 4; n++) expect(writeSync(pipe.write, piece)).toBe(piece.length)
    closeSync(pipe.write)
    const got = new Uint8Array(200_000)
    let read = 0
    for (let some = -1; some !== 0; read += some) some = readSync(pipe.read, got, read, got.length - read, null)
    expect(read).toBe(4 * piece.length)
    expect(digest(got.subarray(3 * piece.length, read))).toBe(digest(piece))
  } finally {
    closeQuietly(pipe.read)
  }
})
