import { rfc3339 } from '../../lib/clock.ts'

/** A recording as it is kept. While it runs, its size is what the engine says. */
export interface RecordingBody {
  program: string
  /** Only when somebody gave it one. */
  name?: string
  /** UTC ms. */
  startedAt: number
  endedAt?: number
  bytes: number
  pieces: number
}

/** Without a name, by its start: one that goes on as a new one shall not be called by the start of the first. */
export const nameOf = ({ name, program, startedAt }: RecordingBody): string =>
  name ?? `${program} ${rfc3339(startedAt).slice(0, 16).replace('T', ' ')} UTC`
