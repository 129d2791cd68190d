import { closeSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { monotonicMs } from '../../lib/clock.ts'
import type { PipeClosed } from '../ffmpeg/pipe-thread.ts'
import { Ring, type RingLayout } from '../memory/ring.ts'
import type { ReadSome } from './byte-reader.ts'
import { gathering } from './gather.ts'
import { Receiver } from './receiver.ts'

/**
 * The thread that reads one source: told a pipe's file descriptor, it blocks in reading until that ends, closes it and
 * says so. Nothing but the pipe's end can stop it, so the one who stops it kills the FFmpeg at the other end.
 */
export interface WorkerInput {
  memory: WebAssembly.Memory
  ring: RingLayout
}

const { memory, ring } = workerData as WorkerInput
const never = new Int32Array(new SharedArrayBuffer(4))
const receiver = new Receiver(new Ring(memory, ring), monotonicMs)

parentPort?.on('message', (fd: number) => {
  const closed: PipeClosed = {}
  try {
    const read: ReadSome = (target, offset, length) => readSync(fd, target, offset, length, null)
    receiver.receive(gathering(read, ms => Atomics.wait(never, 0, 0, ms)))
  } catch (error) {
    closed.error = error instanceof Error ? error.message : String(error)
  }
  closeSync(fd)
  parentPort?.postMessage(closed)
})
