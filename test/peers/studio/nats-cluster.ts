import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { users } from '../../../packaging/brokers/nats/users.ts'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { freePort, until } from '../run.ts'
import type { Authority } from './authority.ts'
import { BrokerFolder, type Child, ended, program, READY } from './brokers.ts'

interface Node {
  name: string
  mqtt: number
  web: number
  child: Child | undefined
  said: string
  /** How often it has read its configuration again. */
  reloads: number
}

/** Three nodes of Debian's NATS with the configuration that we ship. */
export class NatsCluster {
  urls: string[] = []
  private nodes: Node[] = []
  private readonly folder: BrokerFolder

  constructor(authority: Authority) {
    this.folder = new BrokerFolder('nats', authority)
  }

  async start(): Promise<void> {
    const path = await this.folder.fill()
    await this.allow([])
    const names = ['n1', 'n2', 'n3']
    const ports = await Promise.all(
      names.map(async () => [await freePort(), await freePort(), await freePort(), await freePort()]),
    )
    const routes = ports.map(([, route]) => `"nats-route://localhost:${route}"`).join(', ')
    const ready = readFileSync(join(READY, 'nats/nats.conf'), 'utf8')
    this.nodes = names.map((name, n) => {
      const [client, route, mqtt = 0, web = 0] = ports[n] ?? []
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
      return { name, mqtt, web, child: undefined, said: '', reloads: 0 }
    })
    this.urls = [
      ...this.nodes.map(({ mqtt }) => `mqtts://localhost:${mqtt}`),
      ...this.nodes.map(({ web }) => `wss://localhost:${web}/mqtt`),
    ]
    for (const node of this.nodes) this.run(node)
    await until('the cluster has a leader', () =>
      this.nodes.some(({ said }) => said.includes('JetStream cluster new metadata leader')),
    )
  }

  /** The processes that run, and where they keep what lasts. */
  get pids(): number[] {
    return this.nodes.flatMap(({ child }) => (child?.pid !== undefined && child.exitCode === null ? [child.pid] : []))
  }

  get stored(): string {
    return this.folder.path
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
