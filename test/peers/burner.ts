import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, getPriority, setPriority } from 'node:os'

/** Ticks of all processors since the machine started: busy ones, and all. */
function ticks(): { busy: number; all: number } {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).map(Number)
  const all = fields.slice(0, 8).reduce((sum, one) => sum + one, 0)
  return { busy: all - (fields[3] ?? 0) - (fields[4] ?? 0), all }
}

/** Spins for that share of each 20 ms that keeps the whole machine at its target. */
const SPIN = `
const { readFileSync } = require('node:fs')
const target = Number(process.argv[1])
const read = () => readFileSync('/proc/stat', 'utf8').split('\\n')[0].trim().split(/\\s+/).slice(1, 9).map(Number)
let [before, share, turns] = [read(), 0.5, 0]
for (;;) {
  const end = performance.now() + 20 * share
  while (performance.now() < end);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * (1 - share))
  if (++turns % 10 !== 0) continue
  const now = read()
  const [all, idle] = [now.reduce((a, b, n) => a + b - before[n], 0), now[3] + now[4] - before[3] - before[4]]
  if (all > 0) share = Math.min(0.98, Math.max(0, share + (target - (1 - idle / all)) * 0.3))
  before = now
}`

/** Of what else runs on a box; tests and their peers are ahead of it (test/machine/seats.ts). */
const ORDINARY = 0

/** Load of ordinary priority on all processors, so much that they are busy for `target` of the time with all that runs. */
export class Burner {
  private children: ChildProcess[] = []
  private before = ticks()
  private readonly target: number

  constructor(target: number) {
    this.target = target
  }

  start(): this {
    this.before = ticks()
    const spin = () => {
      const child = spawn(process.execPath, ['-e', SPIN, String(this.target)], { stdio: 'inherit' })
      if (getPriority() < ORDINARY) setPriority(Number(child.pid), ORDINARY)
      return child
    }
    this.children = Array.from({ length: availableParallelism() }, spin)
    return this
  }

  /** Answers how busy the processors were meanwhile, from 0 to 1. */
  stop(): number {
    for (const child of this.children.splice(0)) child.kill('SIGKILL')
    const now = ticks()
    return (now.busy - this.before.busy) / (now.all - this.before.all)
  }
}
