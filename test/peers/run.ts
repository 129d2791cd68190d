import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { exitReason, spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'

/**
 * Runs a program to its end and answers its standard output; a failure carries the end of what it said on standard error.
 * `input` is written to its standard input, no faster than it reads.
 */
export function run(command: string, args: string[], timeoutMs = 120_000, input?: Iterable<Buffer>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawnOwned(command, args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] })
    // A program that ends before it has read everything has said why on standard error.
    if (input && child.stdin) pipeline(Readable.from(input), child.stdin).catch(() => {})
    const out: Buffer[] = []
    let said = ''
    child.stdout?.on('data', chunk => out.push(chunk))
    child.stderr?.on('data', chunk => {
      said = (said + String(chunk)).slice(-4_000)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(Buffer.concat(out))
      else reject(new Error(`${command} ${exitReason(code, signal)}\n${said}`))
    })
  })
}

/** Asks `ready` until it answers something truthy; a throw counts as "not yet", and the last one is told when time is up. */
export async function until<T>(
  what: string,
  ready: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 50 } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = systemClock.mono() + timeoutMs
  let last: unknown = 'no answer'
  while (systemClock.mono() < deadline) {
    try {
      const answer = await ready()
      if (answer) return answer as Exclude<T, false | null | undefined>
      last = answer
    } catch (error) {
      last = error
    }
    await pause(everyMs)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms (last: ${last instanceof Error ? last.message : String(last)})`)
}

/** Below what the kernel gives to connections (32768 and above): none of them takes a port between its choice and its use. */
const PORTS = { from: 10_240, to: 32_000 }

/** A TCP port of the loopback interface that was free a moment ago, for servers that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from))
    if (await isFree(port)) return port
  }
  throw new Error('no port')
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A new empty folder; `remove()` takes it away with all that is in it. */
export function scratch(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `vistter-${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
