import type { ApplianceProcess } from '../peers/appliance.ts'
import { cpuSeconds } from '../peers/processes.ts'

/** CPU seconds of every process of an appliance, by pid, with the name of its part. */
export type Usage = Map<number, { name: string; cpu: number }>

export function usageOf(appliance: ApplianceProcess): Usage {
  return new Map(appliance.processes().map(p => [p.pid, { name: partOf(p.command), cpu: cpuSeconds(p.pid) }] as const))
}

/** CPU seconds from one usage to a later one; a process that began meanwhile counts whole. */
export const spent = (before: Usage, now: Usage): number =>
  [...now].reduce((sum, [pid, { cpu }]) => sum + cpu - (before.get(pid)?.cpu ?? 0), 0)

/** What each part used, in percent of a core. */
export function byPart(before: Usage, now: Usage, seconds: number): string {
  const parts = new Map<string, number>()
  for (const [pid, { name, cpu }] of now) {
    parts.set(name, (parts.get(name) ?? 0) + cpu - (before.get(pid)?.cpu ?? 0))
  }
  return [...parts].map(([name, cpu]) => `${name} ${((100 * cpu) / seconds).toFixed(1)} %`).join(', ')
}

function partOf(command: string): string {
  const ours = /runtime\/(engine|control|flow-host)\/(?:graphics\/)?([\w-]+)/.exec(command)
  if (ours) return ours[2] === 'main' ? ours[1] : ours[2]
  return command.includes('matroska') ? 'encoder' : command.includes('nut') ? 'ingest' : 'launcher'
}
