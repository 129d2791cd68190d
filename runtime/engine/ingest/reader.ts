import { Worker } from 'node:worker_threads'
import { within } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { scriptFile } from '../files.ts'
import type { PipeEnded, WorkerInput } from './worker.ts'

const END_WITHIN_MS = 2_000

/** The owner of one reading thread (worker.ts), which serves pipe after pipe. */
export class Reader {
  private worker: Worker | undefined
  /** Pipes given to the thread that it has not let go of yet. */
  private held = 0
  private letGo: () => void = () => {}
  private readonly input: WorkerInput
  private readonly log: Log

  constructor(input: WorkerInput, log: Log) {
    this.input = input
    this.log = log
  }

  /** Hands over a descriptor: the thread reads it to its end and closes it. */
  read(fd: number): void {
    this.worker ??= this.make()
    this.held++
    this.worker.postMessage(fd)
  }

  /** Waits until the pipes have ended, then ends the thread. Whoever writes to them must be dead by now. */
  async stop(): Promise<void> {
    const idle = new Promise<void>(resolve => {
      this.letGo = resolve
      if (this.held === 0) resolve()
    })
    // A thread that is blocked in a read cannot be ended: the bound is for a writer that nobody thought of.
    await within(END_WITHIN_MS, 'a pipe of a source did not end', idle).catch(err => this.log.error({ err }, 'ingest'))
    await this.worker?.terminate()
  }

  private make(): Worker {
    const worker = new Worker(scriptFile('ingest/worker'), { workerData: this.input, trackUnmanagedFds: false })
    worker.on('message', ({ error }: PipeEnded) => {
      if (error) this.log.warn({ error }, 'ingest stream broken')
      this.released(1)
    })
    worker.on('error', err => this.log.error({ err }, 'ingest thread'))
    worker.on('exit', () => {
      this.worker = undefined
      this.released(this.held)
    })
    return worker
  }

  private released(pipes: number): void {
    this.held -= pipes
    if (this.held === 0) this.letGo()
  }
}
