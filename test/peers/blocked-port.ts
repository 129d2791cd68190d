import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { spawnOwned } from '../../runtime/lib/child.ts'

/** Listens, takes nobody in, and says its port once. */
const DEAF = `require('node:net').createServer().listen(0, '127.0.0.1', 1, function () {
  require('node:fs').writeSync(1, String(this.address().port))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`
/** A connection on this machine that has not come about by then will not (ms). */
const SOON = 300

/** A port of which nothing comes back, neither yes nor no, as behind a firewall that swallows: its queue is full. */
export class BlockedPort {
  port = 0
  private child: ChildProcess | undefined
  private readonly fillers: Socket[] = []

  async start(): Promise<void> {
    const child = spawnOwned(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    const [said] = await once(child.stdout as NodeJS.ReadableStream, 'data')
    this.port = Number(String(said))
    while (await this.takesOne());
  }

  async stop(): Promise<void> {
    for (const filler of this.fillers) filler.destroy()
    const { child } = this
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  private takesOne(): Promise<boolean> {
    const filler = connect(this.port, '127.0.0.1')
    this.fillers.push(filler.on('error', () => {}))
    return new Promise(resolve => {
      const full = setTimeout(() => resolve(false), SOON)
      filler.once('connect', () => {
        clearTimeout(full)
        resolve(true)
      })
    })
  }
}
