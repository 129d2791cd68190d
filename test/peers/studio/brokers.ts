import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { freePort, scratch, until } from '../run.ts'
import type { Authority } from './authority.ts'

/** The configuration that we ship. */
export const READY = join(import.meta.dirname, '../../../packaging/brokers')

export type Child = ReturnType<typeof spawnOwned>

/** Debian's program, or what to do where it is not there. */
export function program(name: string, debian: string): string {
  const path = ['/usr/sbin', '/usr/bin'].map(folder => join(folder, name)).find(existsSync)
  if (!path) throw new Error(`${name} is not installed: sudo apt-get install -y ${debian} (npm run setup does it)`)
  return path
}

/** A folder of a broker, with the CA and its own certificate once it is filled. */
export class BrokerFolder {
  private readonly scratch: ReturnType<typeof scratch>
  private readonly authority: Authority

  constructor(name: string, authority: Authority) {
    this.scratch = scratch(name)
    this.authority = authority
  }

  get path(): string {
    return this.scratch.path
  }

  /** Answers its path. */
  async fill(): Promise<string> {
    const { path, authority } = this
    mkdirSync(path, { recursive: true })
    const { key, cert } = await authority.forNode(['n1', 'n2', 'n3'])
    writeFileSync(join(path, 'ca.pem'), authority.pem)
    writeFileSync(join(path, 'broker.pem'), cert)
    writeFileSync(join(path, 'broker.key'), key, { mode: 0o600 })
    return path
  }

  remove(): void {
    this.scratch.remove()
  }
}

export async function ended(child: Child | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  await new Promise(resolve => {
    child.once('exit', resolve)
    child.kill(signal)
  })
}

/** Debian's Mosquitto with the configuration that we ship, on ports of its own. */
export class Mosquitto {
  urls: [string, string] = ['', '']
  private child: Child | undefined
  private readonly folder: BrokerFolder

  constructor(authority: Authority) {
    this.folder = new BrokerFolder('mosquitto', authority)
  }

  async start(): Promise<void> {
    const path = await this.folder.fill()
    writeFileSync(join(path, 'acl'), readFileSync(join(READY, 'mosquitto/acl')), { mode: 0o600 })
    const [mqtts, wss] = [await freePort(), await freePort()]
    const conf = readFileSync(join(READY, 'mosquitto/mosquitto.conf'), 'utf8')
      .replaceAll('/etc/mosquitto/vistter', path)
      .replaceAll('/var/lib/mosquitto', path)
      .replace('listener 8883', `listener ${mqtts} 127.0.0.1`)
      .replace('listener 8884', `listener ${wss} 127.0.0.1`)
    writeFileSync(join(path, 'mosquitto.conf'), `${conf}user root\n`)
    this.urls = [`mqtts://localhost:${mqtts}`, `wss://localhost:${wss}/mqtt`]
    await this.run()
  }

  /** Its process, and where it keeps what lasts. */
  get pids(): number[] {
    return this.child?.pid === undefined ? [] : [this.child.pid]
  }

  get stored(): string {
    return this.folder.path
  }

  async restart(signal: NodeJS.Signals): Promise<void> {
    await ended(this.child, signal)
    await this.run()
  }

  async stop(): Promise<void> {
    await ended(this.child, 'SIGTERM')
    this.folder.remove()
  }

  private async run(): Promise<void> {
    let said = ''
    let runs = false
    this.child = spawnOwned(program('mosquitto', 'mosquitto'), ['-c', join(this.folder.path, 'mosquitto.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', chunk => {
        const all = said + String(chunk)
        // Whoever comes back at once says so much that this would be lost.
        runs ||= all.includes(' running')
        said = all.slice(-2_000)
      })
    await until('mosquitto runs', () => runs, { timeoutMs: 10_000 }).catch(error => {
      throw new Error(`${error.message}\n${said}`)
    })
  }
}
