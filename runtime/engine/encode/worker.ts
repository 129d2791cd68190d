import { closeSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { PipeClosed } from '../ffmpeg/pipe-thread.ts'
import { lend, unread } from '../ffmpeg/pipes.ts'
import { Ring } from '../memory/ring.ts'
import { FeedControl, type FeedInput, type FeedJob } from './feed.ts'
import { Feeder } from './feeder.ts'

/** The thread that feeds one encoder: told a pipe, it writes until the pipe breaks or the end of its generation is wanted. */
const input = workerData as FeedInput
const ring = new Ring(input.memory, input.ring)
const control = new Int32Array(input.control)

parentPort?.on('message', ({ fd, generation, after }: FeedJob) => {
  const sink = {
    write(source: Uint8Array, offset: number, length: number) {
      for (let done = 0; done < length; ) done += writeSync(fd, source, offset + done, length - done)
    },
    lend: (source: Uint8Array, offset: number, length: number) => lend(fd, source, offset, length),
    unread: () => unread(fd),
  }
  const feeder = new Feeder(ring, input.rate, sink, after)
  const closed: PipeClosed = {}
  try {
    feeder.run(
      () => Atomics.load(control, FeedControl.END) >= generation,
      frames => Atomics.add(control, FeedControl.DROPPED, frames),
    )
  } catch (error) {
    // The encoder's end breaks the pipe: its owner knows more about it.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') closed.error = String(error)
  }
  closeSync(fd)
  parentPort?.postMessage(closed)
})
