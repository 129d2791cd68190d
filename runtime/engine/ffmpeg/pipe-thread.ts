import { Worker } from 'node:worker_threads'
import { within } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { scriptFile } from '../files.ts'

const END_WITHIN_MS = 2_000

/** A worker says this when it has closed the pipe that it was given. */
export interface PipeClosed {
  /** Set when it was not the end of the pipe that ended the work. */
  error?: string
}

/** The owner of one thread that blocks in reading or writing pipes, one after the other. */
export class PipeThread<Job> {
  private worker: Worker | undefined
  /** Pipes given to the thread that it has not let go of yet. */
  private held = 0
  private letGo: () => void = () => {}
  private readonly script: string
  private readonly workerData: object
  private readonly log: Log

  /** `script`: the worker's path below runtime/engine, without extension. */
  constructor(script: string, workerData: object, log: Log) {
    this.script = script
    this.workerData = workerData
    this.log = log
  }

  /** Hands over a job with its descriptor; the thread closes that when it is done. */
  serve(job: Job): void {
    this.worker ??= this.make()
    this.held++
    this.worker.postMessage(job)
  }

  /** Waits until the pipes are closed, then ends the thread. Whoever holds their other ends must be dead by now. */
  async stop(): Promise<void> {
    const idle = new Promise<void>(resolve => {
      this.letGo = resolve
      if (this.held === 0) resolve()
    })
    // A thread that is blocked in a pipe cannot be ended: the bound is for a peer that nobody thought of.
    await within(END_WITHIN_MS, 'a pipe did not end', idle).catch(err => this.log.error({ err }, this.script))
    await this.worker?.terminate()
  }

  private make(): Worker {
    // The descriptors were opened by the main thread, so Node would warn of each one that the worker closes.
    const options = { workerData: this.workerData, trackUnmanagedFds: false }
    const worker = new Worker(scriptFile(this.script), options)
    worker.on('message', ({ error }: PipeClosed) => {
      if (error) this.log.warn({ error }, this.script)
      this.released(1)
    })
    worker.on('error', err => this.log.error({ err }, this.script))
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
