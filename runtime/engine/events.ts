import type { EngineEvent } from '../contract/generated/engine.v1.ts'

/** How a part says that something happened; the engine stamps the time, logs it and tells control. */
export type Report = (event: Omit<EngineEvent, 'time'>) => void
