import type { EngineEvent } from '../contract/generated/engine.v1.ts'

/** How a part says that something happened; the engine stamps the time, logs it and tells control. */
export type Report = (event: Omit<EngineEvent, 'time'>) => void

/** That something is still on air is no news. */
export function levelOf({
  severity,
  data,
}: Pick<EngineEvent, 'severity' | 'data'>): 'debug' | 'info' | 'warn' | 'error' {
  if (severity !== 'info') return severity === 'warning' ? 'warn' : 'error'
  return (data as { ended?: unknown } | undefined)?.ended === false ? 'debug' : 'info'
}
