import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Problem } from '../../runtime/contract/generated/openapi.v1.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { programFile } from '../../runtime/lib/project.ts'
import { type Asked, Control } from './control.ts'
import { tellMachine } from './known-machine.ts'
import { scratch, until } from './run.ts'

/** Control in the test's own process with a real engine below it, set up and signed in. */
export class ApiStage {
  readonly control: Control
  cookie = ''
  private readonly folder: ReturnType<typeof scratch>
  private engine: ChildProcess | undefined

  constructor(name: string) {
    this.folder = scratch(name)
    this.control = new Control(join(this.folder.path, 'data'))
  }

  async begin(): Promise<void> {
    const { control } = this
    this.startEngine()
    await control.start()
    await until('control is ready', async () => (await control.ask({ path: '//healthz' })).status === 200)
    await control.setUp()
    this.cookie = await control.signIn()
    await until('the program runs', async () => (await this.ask('GET', '/program')).status === 200)
  }

  async end(): Promise<void> {
    await this.control.stop()
    await this.killEngine('SIGTERM')
    this.folder.remove()
  }

  readonly ask = <Body = Problem>(method: string, path: string, body?: unknown, more: Partial<Asked> = {}) =>
    this.control.ask<Body>({ method, path, body, cookie: this.cookie, ...more })

  readonly get = async <Body>(path: string) => (await this.ask<Body>('GET', path)).body

  startEngine(): void {
    const data = this.control.paths.data
    tellMachine(data)
    const env = { ...process.env, VISTTER_DATA: data, VISTTER_LOG_LEVEL: process.env.TEST_LOG ?? 'silent' }
    this.engine = spawnOwned(process.execPath, [programFile('runtime/engine/main')], { env, stdio: 'inherit' })
  }

  async killEngine(signal: NodeJS.Signals): Promise<void> {
    if (!this.engine) return
    this.engine.kill(signal)
    await once(this.engine, 'exit')
  }
}

/** What a stream of server-sent events says, as it says it. */
export function messagesOf(stream: IncomingMessage) {
  const heard: { event: string; data: Record<string, unknown> }[] = []
  let said = ''
  stream.setEncoding('utf8').on('error', () => {})
  stream.on('data', (part: string) => {
    const messages = (said + part).split('\n\n')
    said = messages.pop() ?? ''
    for (const message of messages) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(message) ?? []
      if (event && data) heard.push({ event, data: JSON.parse(data) })
    }
  })
  return heard
}
