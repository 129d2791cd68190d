import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { VistterError } from '../../contract/errors.ts'
import { spawnOwned } from '../../lib/child.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { Supervised } from '../../lib/supervise.ts'
import type { Report } from '../events.ts'
import { scriptFile } from '../files.ts'
import type { JobKind, Jobs, Reply } from './jobs.ts'

interface Job {
  id: number
  kind: JobKind
  ask: unknown
  tries: number
  settle: (outcome: { answer: unknown } | { error: Error }) => void
}

interface RendererDeps {
  clock: Clock
  log: Log
  event: Report
  /** In the book of children. Default "renderer", the one of what is on air. */
  id?: string
  /** How long one job may run, ms. Default 5 s. */
  jobMs?: number
}

const JOB_MS = 5_000
const WAIT_MS = 30_000
const MOST_WAITING = 256
const TRIES = 2

/** The renderer failed at this very job, which another one would fail at as well. */
export class JobFailed extends VistterError {
  constructor(detail: string) {
    super('RENDERER_FAILED', detail)
  }
}

/**
 * The parent's side of the renderer process: one job at a time, in the order they came. A crash is retried once with a
 * new process; a job that runs too long fails and its process is replaced. Both touch that job only.
 */
export class Renderer {
  private readonly supervised: Supervised
  private readonly deps: RendererDeps
  private readonly waiting: Job[] = []
  private running: { job: Job; timer: NodeJS.Timeout } | undefined
  private child: ChildProcess | undefined
  private lastId = 0

  constructor(deps: RendererDeps) {
    this.deps = deps
    this.supervised = new Supervised({
      child: { id: deps.id ?? 'renderer', kind: 'renderer' },
      spawn: () => this.spawn(),
      askToEnd: child => child.disconnect(),
      graceMs: 1_000,
      backoff: { first: 100, max: 1_000, jitter: 0, healthyAfter: 10_000 },
      clock: deps.clock,
      events: { started: child => this.listen(child), ended: why => this.ended(why) },
    })
  }

  get pid(): number | undefined {
    return this.supervised.pid
  }

  start(): void {
    this.supervised.start()
  }

  async stop(): Promise<void> {
    await this.supervised.stop()
    const left = [...this.waiting.splice(0), ...(this.running ? [this.running.job] : [])]
    for (const job of left) job.settle({ error: failed('The renderer was stopped.') })
  }

  /** Rejects with the job's own VistterError, or RENDERER_FAILED: crashed twice, took too long, too many jobs waiting. */
  run<K extends JobKind>(kind: K, ask: Jobs[K]['ask']): Promise<Jobs[K]['answer']> {
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(failed('Too many pictures are waiting to be drawn.'))
    return new Promise((resolve, reject) => {
      const job: Job = {
        id: ++this.lastId,
        kind,
        ask,
        tries: 0,
        settle: outcome => {
          clearTimeout(timer)
          this.forget(job)
          if ('error' in outcome) reject(outcome.error)
          else resolve(outcome.answer as Jobs[K]['answer'])
        },
      }
      const timer = setTimeout(() => job.settle({ error: failed(`A ${kind} job waited too long.`) }), WAIT_MS)
      this.waiting.push(job)
      this.next()
    })
  }

  private spawn(): ChildProcess {
    return spawnOwned(process.execPath, [fileURLToPath(scriptFile('graphics/renderer-main'))], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Texts are in bundled fonts only, and a system may have thousands to look through.
      env: { ...process.env, DISABLE_SYSTEM_FONTS_LOAD: '1' },
      serialization: 'advanced',
      nice: 5,
    })
  }

  private listen(child: ChildProcess): void {
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.deps.log.warn({ text: text.slice(0, 2_000) }, 'renderer'))
    child.on('message', (reply: Reply) => this.heard(child, reply))
    // A channel that breaks while something is written to it is told by the child's exit.
    child.on('error', () => {})
  }

  private heard(child: ChildProcess, reply: Reply): void {
    if ('ready' in reply) {
      this.child = child
      this.next()
      return
    }
    const job = this.running?.job
    if (child !== this.child || job?.id !== reply.id) return
    if ('fault' in reply) job.settle({ error: new VistterError(reply.fault.code, reply.fault.detail) })
    else job.settle({ answer: reply.answer })
    this.next()
  }

  private next(): void {
    if (!this.child || this.running) return
    const job = this.waiting.shift()
    if (!job) return
    job.tries++
    this.running = { job, timer: setTimeout(() => this.tooLong(job), this.deps.jobMs ?? JOB_MS) }
    const { id, kind, ask } = job
    // A failure to send is a dying child: its exit decides what becomes of the job.
    this.child.send({ id, kind, ask }, () => {})
  }

  private tooLong(job: Job): void {
    this.child = undefined
    job.settle({ error: new JobFailed(`A ${job.kind} job took too long.`) })
    this.supervised.kill(`a ${job.kind} job took too long`)
  }

  private forget(job: Job): void {
    const at = this.waiting.indexOf(job)
    if (at >= 0) this.waiting.splice(at, 1)
    if (this.running?.job !== job) return
    clearTimeout(this.running.timer)
    this.running = undefined
  }

  private ended({ reason, intended }: { reason: string; intended: boolean }): void {
    this.child = undefined
    const job = this.running?.job
    if (job) {
      this.forget(job)
      if (job.tries < TRIES && !intended) this.waiting.unshift(job)
      else job.settle({ error: new JobFailed(`The renderer ended at a ${job.kind} job: ${reason}.`) })
    }
    if (intended) return
    this.deps.event({
      type: 'renderer.restarted',
      severity: 'warning',
      message: `The renderer ended (${reason}) and is started again; the picture on air is not affected.`,
      data: { reason },
    })
  }
}

const failed = (detail: string): VistterError => new VistterError('RENDERER_FAILED', detail)
