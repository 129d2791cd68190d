import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpuSeconds } from '../processes.ts'

interface Measured {
  pids: number[]
  /** A folder. */
  stored: string
}

interface Reading {
  at: number
  cpu: number
  memoryMb: number
  diskMb: number
}

/** What a broker costs: processor, memory and disk of all its processes. */
export class Meter {
  private readonly broker: Measured

  constructor(broker: Measured) {
    this.broker = broker
  }

  read(): Reading {
    const { pids, stored } = this.broker
    const sum = (of: (pid: number) => number) => pids.reduce((all, pid) => all + of(pid), 0)
    const disk = execFileSync('du', ['-sk', stored], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return {
      at: performance.now(),
      cpu: sum(cpuSeconds),
      memoryMb: sum(residentMb),
      diskMb: Number.parseInt(disk, 10) / 1_024,
    }
  }

  /** Between two readings, of one life of its processes. */
  static between(before: Reading, after: Reading): string {
    const seconds = (after.at - before.at) / 1_000
    const cpu = after.cpu - before.cpu
    const grown = (now: number, then: number) => `${now.toFixed(0)} MB (${(now - then).toFixed(1)} more)`
    return [
      `${seconds.toFixed(1)} s`,
      `CPU ${cpu.toFixed(2)} s (${((100 * cpu) / seconds).toFixed(1)} % of a core)`,
      `memory ${grown(after.memoryMb, before.memoryMb)}`,
      `disk ${grown(after.diskMb, before.diskMb)}`,
    ].join(', ')
  }
}

/** proc(5), VmRSS in kB. */
function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}
