import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { Duplex } from 'node:stream'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { within } from '../../runtime/lib/clock.ts'
import { freePort } from './run.ts'

/** A camera's RTSP server in Python: settings go in as its first line, each later line is a command, and each is answered by one. */
export class RtspProcess {
  /** The port that it took; asked for again after stop(). */
  port = 0
  private readonly script: string
  private child: ChildProcess | undefined
  private lines: Interface | undefined

  /** A file of this folder. */
  constructor(script: string) {
    this.script = join(import.meta.dirname, script)
  }

  get running(): boolean {
    return this.child !== undefined
  }

  /** `pictures`: it takes them by its descriptor 3, before it is told anything. */
  async start(settings: object, pictures?: (pipe: Duplex) => void): Promise<void> {
    // Debian's own Python: its GObject bindings are not seen by another one that comes first on PATH. -B: leaves nothing beside its files.
    const child = spawnOwned('/usr/bin/python3', ['-B', this.script], {
      stdio: ['pipe', 'pipe', 'inherit', pictures ? 'pipe' : 'ignore'],
    })
    if (!child.stdout) throw new Error('no standard output')
    this.child = child
    this.lines = createInterface(child.stdout)
    const pipe = child.stdio[3]
    // Its end is told by what it does not answer.
    for (const each of [pipe, child.stdin]) each?.on('error', () => {})
    if (pictures && pipe instanceof Duplex) pictures(pipe)
    this.port ||= await freePort()
    await this.command(JSON.stringify({ ...settings, port: this.port }))
  }

  async stop(): Promise<void> {
    const { child } = this
    if (!child) return
    this.child = undefined
    this.lines?.close()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await ended
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal)
  }

  async command(words: string): Promise<string> {
    const { child, lines } = this
    if (!child || !lines || !child.stdin?.write(`${words}\n`)) throw new Error('the camera is not running')
    const enough = new AbortController()
    const line = once(lines, 'line', { signal: enough.signal })
    const gone = once(child, 'exit', { signal: enough.signal })
    // Whichever loses is given up below, and its abort is nobody's news.
    for (const event of [line, gone]) event.catch(() => {})
    try {
      const ended = gone.then(() => Promise.reject(new Error('the camera ended')))
      const [text] = await within(15_000, `no answer to ${words}`, Promise.race([line, ended]))
      return String(text)
    } finally {
      enough.abort()
    }
  }
}
