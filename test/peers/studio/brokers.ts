import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { users } from '../../../packaging/brokers/nats/users.ts'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { freePort, scratch, until } from '../run.ts'
import type { Authority } from './authority.ts'

const READY = join(import.meta.dirname, '../../../packaging/brokers')

type Child = ReturnType<typeof spawnOwned>

/** Debian's program, or what to do where it is not there. */
function program(name: string, debian: string): string {
  const path = ['/usr/sbin', '/usr/bin'].map(folder => join(folder, name)).find(existsSync)
  if (!path) throw new Error(`${name} is not installed: sudo apt-get install -y ${debian} (npm run setup does it)`)
  return path
}

/** A folder with the CA and a certificate of the broker. */
async function trustIn(path: string, authority: Authority): Promise<void> {
  mkdirSync(path, { recursive: true })
  const { key, cert } = await authority.forNode(['n1', 'n2', 'n3'])
  writeFileSync(join(path, 'ca.pem'), authority.pem)
  writeFileSync(join(path, 'broker.pem'), cert)
  writeFileSync(join(path, 'broker.key'), key, { mode: 0o600 })
}

async function ended(child: Child | undefined, signal: NodeJS.Signals): Promise<void> {
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
  private readonly folder = scratch('mosquitto')
  private readonly authority: Authority

  constructor(authority: Authority) {
    this.authority = authority
  }

  async start(): Promise<void> {
    const { path } = this.folder
    await trustIn(path, this.authority)
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

interface Node {
  name: string
  mqtt: number
  child: Child | undefined
  said: string
  /** How often it has read its configuration again. */
  reloads: number
}

/** Three nodes of Debian's NATS with the configuration that we ship. */
export class NatsCluster {
  urls: string[] = []
  private nodes: Node[] = []
  private readonly folder = scratch('nats')
  private readonly authority: Authority

  constructor(authority: Authority) {
    this.authority = authority
  }

  async start(): Promise<void> {
    const { path } = this.folder
    await trustIn(path, this.authority)
    await this.allow([])
    const names = ['n1', 'n2', 'n3']
    const ports = await Promise.all(
      names.map(async () => [await freePort(), await freePort(), await freePort(), await freePort()]),
    )
    const routes = ports.map(([, route]) => `"nats-route://localhost:${route}"`).join(', ')
    const ready = readFileSync(join(READY, 'nats/nats.conf'), 'utf8')
    this.nodes = names.map((name, n) => {
      const [client, route, mqtt = 0, web] = ports[n] ?? []
      const conf = ready
        .replaceAll('/etc/nats/vistter', path)
        .replace('/var/lib/nats', join(path, name))
        .replace('server_name: n1', `server_name: ${name}`)
        .replace('127.0.0.1:4222', `127.0.0.1:${client}`)
        .replace('0.0.0.0:6222', `127.0.0.1:${route}`)
        .replace(/routes: .*/, `routes: [${routes}]`)
        .replace('0.0.0.0:8883', `127.0.0.1:${mqtt}`)
        .replace('0.0.0.0:8884', `127.0.0.1:${web}`)
      writeFileSync(join(path, `${name}.conf`), conf)
      return { name, mqtt, child: undefined, said: '', reloads: 0 }
    })
    this.urls = this.nodes.map(({ mqtt }) => `mqtts://localhost:${mqtt}`)
    for (const node of this.nodes) this.run(node)
    await until('the cluster has a leader', () =>
      this.nodes.some(({ said }) => said.includes('JetStream cluster new metadata leader')),
    )
  }

  /** Who may come. Resolves when every node has read it. */
  async allow(ids: string[]): Promise<void> {
    writeFileSync(join(this.folder.path, 'users.conf'), users(ids))
    const alive = this.nodes.filter(({ child }) => child && child.exitCode === null && child.signalCode === null)
    const before = alive.map(node => node.reloads)
    for (const { child } of alive) child?.kill('SIGHUP')
    await until('the nodes know who may come', () => alive.every((node, n) => node.reloads > (before[n] ?? 0)), {
      everyMs: 5,
    })
  }

  async kill(n: number): Promise<void> {
    await ended(this.nodes[n]?.child, 'SIGKILL')
  }

  revive(n: number): void {
    const node = this.nodes[n]
    if (node) this.run(node)
  }

  get words(): string {
    return this.nodes.map(({ said }) => said.slice(-3_000)).join('\n')
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ child }) => ended(child, 'SIGKILL')))
    this.folder.remove()
  }

  private run(node: Node): void {
    const child = spawnOwned(
      program('nats-server', 'nats-server'),
      ['-c', join(this.folder.path, `${node.name}.conf`)],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    child.stderr?.on('data', chunk => {
      node.said = (node.said + String(chunk)).slice(-20_000)
      node.reloads += String(chunk).split('Reloaded server configuration').length - 1
    })
    node.child = child
  }
}
