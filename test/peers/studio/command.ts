import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { until } from '../run.ts'

const TEST = join(import.meta.dirname, '../..')

/** `npm run studio` and `npm run conformance` as processes, without the set-up that npm does first. */
export class Command {
  out = ''
  err = ''
  private readonly child: ChildProcess
  private readonly over: Promise<unknown>

  private constructor(file: string, args: string[], env: Record<string, string>) {
    const stdio = ['ignore', 'pipe', 'pipe'] as const
    this.child = spawnOwned(process.execPath, [join(TEST, file), ...args], {
      ...{ stdio: [...stdio], env: { ...process.env, ...env } },
    })
    this.over = once(this.child, 'close')
    this.child.stdout?.setEncoding('utf8').on('data', part => {
      this.out += part
    })
    this.child.stderr?.setEncoding('utf8').on('data', part => {
      this.err += part
    })
  }

  static studio(args: string[]): Command {
    return new Command('peers/studio/main.ts', args, {})
  }

  static conformance(args: string[], env: Record<string, string> = {}): Command {
    return new Command('conformance/main.ts', args, env)
  }

  /** What it says on standard output, once it has said it. */
  says(what: RegExp): Promise<RegExpExecArray> {
    return until(`${what}`, () => what.exec(this.out), { timeoutMs: 60_000 })
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    await this.over
    return this.child.exitCode
  }

  /** As with Ctrl-C. */
  async quit(): Promise<number | null> {
    this.child.kill('SIGINT')
    return this.ended()
  }
}
