import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessInfo {
  pid: number
  parent: number
  /** Arguments joined by spaces. */
  command: string
  /** Z: ended, waiting for its parent to notice. */
  state: string
}

/**
 * Every process that carries `marker` (NAME=value) in its environment, and all below them: also those whose parent has
 * died, which a walk down the tree would miss.
 */
export function processesWith(marker: string): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .flatMap(read)
  const ours = new Set(all.filter(p => environment(p.pid).includes(marker)).map(p => p.pid))
  for (let before = -1; before !== ours.size; ) {
    before = ours.size
    for (const p of all) if (ours.has(p.parent)) ours.add(p.pid)
  }
  return all.filter(p => ours.has(p.pid) && p.state !== 'Z')
}

function read(pid: number): ProcessInfo[] {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return [{ pid, parent: Number(fields[1]), command, state: fields[0] ?? '?' }]
  } catch {
    return []
  }
}

function environment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** CPU seconds (user and system) that a process and its ended children have used. */
export function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    // utime, stime, cutime, cstime are fields 14 to 17 of proc(5); USER_HZ is 100 on Linux.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
  } catch {
    return 0
  }
}
