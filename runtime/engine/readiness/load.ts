import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Clock } from '../../lib/clock.ts'

/** Of proc(5): clock ticks a second, on every Linux that Node runs on. */
const TICKS = 100

/** How much of the machine a show takes, as shares of all its processors. */
export interface Load {
  total: number
  /** By child id. */
  children: ReadonlyMap<string, number>
}

/** Measures a process and its children from one call to the next. Undefined the first time. */
export type Meter = () => Load | undefined

interface Child {
  child: string
  pid?: number
}

/** `children`: those that run now. */
export function cpuMeter(clock: Clock, children: () => readonly Child[]): Meter {
  const cores = availableParallelism()
  let last: { at: number; own: number; spent: Map<number, number> } | undefined
  return () => {
    const now = { at: clock.mono(), own: ownSeconds(), spent: new Map<number, number>() }
    const before = last
    last = now
    const shares = new Map<string, number>()
    const seconds = before ? ((now.at - before.at) / 1_000) * cores : 0
    for (const { child, pid } of children()) {
      const spent = pid === undefined ? undefined : secondsOf(pid)
      if (pid === undefined || spent === undefined) continue
      now.spent.set(pid, spent)
      // One that began meanwhile counts whole.
      if (seconds > 0) shares.set(child, (spent - (before?.spent.get(pid) ?? 0)) / seconds)
    }
    if (!before || seconds <= 0) return undefined
    const own = (now.own - before.own) / seconds
    return { total: [...shares.values()].reduce((sum, share) => sum + share, own), children: shares }
  }
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** utime and stime: the 12th and 13th word behind the name, which is in parentheses and may hold anything. */
function secondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(words[11]) + Number(words[12])) / TICKS
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
