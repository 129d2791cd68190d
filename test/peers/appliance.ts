import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock, within } from '../../runtime/lib/clock.ts'
import { ApiClient } from './client.ts'
import { learnMachine, tellMachine } from './known-machine.ts'
import { type ProcessInfo, processesWith } from './processes.ts'
import { freePort, scratch, until } from './run.ts'

export type Part = 'engine' | 'control' | 'flow-host'

export interface ApplianceOptions {
  /** Kept after stop(); a temporary folder, removed by remove(), where left out. */
  data?: string
  /** A free one where left out. */
  port?: number
  env?: Record<string, string>
  /** Finds out by itself what the machine can do, as a newly installed one; others are told, unless `data` is given. */
  fresh?: boolean
  /** Hears every line of its log. */
  heard?: (line: string) => void
}

export const ADMIN = { username: 'admin', password: 'correct horse battery' }

const root = join(import.meta.dirname, '..', '..')
const LOG_LINES = 5_000

/**
 * The real product from `dist/`, by the launcher as `npm start` runs it, in a data folder and on a port of its own.
 * start() → setUp() → api; start() after stop() finds the same data on the same port.
 */
export class ApplianceProcess {
  readonly data: string
  /** The last lines of its log, oldest first. */
  readonly log: string[] = []
  private readonly options: ApplianceOptions
  private readonly folder: { path: string; remove(): void } | undefined
  private port = 0
  private launcher: ChildProcess | undefined
  private client: ApiClient | undefined

  constructor(options: ApplianceOptions = {}) {
    this.options = options
    this.folder = options.data ? undefined : scratch('appliance')
    this.data = options.data ?? join(this.folder?.path ?? '', 'data')
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`
  }

  get api(): ApiClient {
    if (!this.client) throw new Error('the appliance was not started')
    return this.client
  }

  /** Resolves when /healthz says 200. */
  async start(): Promise<void> {
    this.port ||= this.options.port ?? (await freePort())
    this.client ??= new ApiClient(this.url)
    if (this.folder && !this.options.fresh) tellMachine(this.data)
    const env = { VISTTER_DATA: this.data, VISTTER_BIND: '127.0.0.1', VISTTER_PORT: String(this.port) }
    const launcher = spawnOwned(process.execPath, [join(root, 'dist', 'packaging', 'launcher.js')], {
      cwd: root,
      env: { ...process.env, ...env, ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.launcher = launcher
    for (const stream of [launcher.stdout, launcher.stderr]) {
      if (stream) createInterface(stream).on('line', line => this.remember(line))
    }
    try {
      await this.healthy(60_000)
    } catch (error) {
      const lines = this.log.slice(-40).join('\n')
      await this.stop()
      throw new Error(`${error instanceof Error ? error.message : error}\n${lines}`)
    }
  }

  /** Waits until /healthz says 200. */
  async healthy(timeoutMs = 20_000): Promise<void> {
    await until(
      'the appliance is healthy',
      async () => {
        if (this.launcher?.exitCode !== null) throw new Error(`the launcher left with ${this.launcher?.exitCode}`)
        return (await this.api.call('GET', '/healthz', undefined, true)).status === 200
      },
      { timeoutMs },
    )
  }

  /** Makes the first administrator and signs in. */
  async setUp(locationName = 'Pier 7', admin = ADMIN): Promise<void> {
    await this.api.post('/setup', { admin, timezone: 'Europe/Berlin', locationName })
    await this.api.signIn(admin.username, admin.password)
  }

  /** Everything that this appliance runs at the moment, the launcher included. */
  processes(): ProcessInfo[] {
    return processesWith(`VISTTER_DATA=${this.data}`)
  }

  /** The process of a part; undefined while it is not running. */
  pidOf(part: Part): number | undefined {
    return this.processes().find(p => p.command.includes(`runtime/${part}/main`))?.pid
  }

  /** FFmpeg children whose arguments match. */
  ffmpegs(having = /./): ProcessInfo[] {
    return this.processes().filter(p => /^(\S*\/)?ffmpeg /.test(p.command) && having.test(p.command))
  }

  /** Sends a signal (default: kill -9) to a part; answers the pid that had it. */
  kill(part: Part, signal: NodeJS.Signals = 'SIGKILL'): number {
    const pid = this.pidOf(part)
    if (!pid) throw new Error(`${part} is not running`)
    process.kill(pid, signal)
    return pid
  }

  /** Waits until a part runs under another pid than `oldPid`; answers the new one. */
  async reborn(part: Part, oldPid: number, timeoutMs = 10_000): Promise<number> {
    const other = () => {
      const pid = this.pidOf(part)
      return pid !== oldPid && pid
    }
    return Number(await until(`${part} runs again`, other, { timeoutMs }))
  }

  /** SIGTERM, as systemd would; fails when it takes over 10 s or leaves a process behind. Answers the ms it took. */
  async stop(): Promise<number> {
    const launcher = this.launcher
    this.launcher = undefined
    this.client?.close()
    if (!launcher) return 0
    if (this.folder) learnMachine(this.data)
    const began = systemClock.mono()
    if (launcher.exitCode === null && launcher.signalCode === null) {
      const ended = once(launcher, 'exit')
      launcher.kill('SIGTERM')
      await within(12_000, 'no clean stop within 12 s', ended).catch(async error => {
        this.killAll()
        throw error
      })
    }
    const took = systemClock.mono() - began
    const left = this.killAll()
    if (left.length > 0) throw new Error(`left behind: ${left.map(p => `${p.pid} ${p.command}`).join('; ')}`)
    if (took > 10_000) throw new Error(`the stop took ${Math.round(took)} ms`)
    return took
  }

  /** stop(), and the temporary data folder goes as well. */
  async remove(): Promise<void> {
    try {
      await this.stop()
    } finally {
      this.folder?.remove()
    }
  }

  private killAll(): ProcessInfo[] {
    const left = this.processes()
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself meanwhile.
      }
    }
    return left
  }

  private remember(line: string): void {
    this.options.heard?.(line)
    this.log.push(line)
    if (this.log.length > LOG_LINES) this.log.shift()
  }
}
