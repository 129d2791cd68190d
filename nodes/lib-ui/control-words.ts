import type { ProgramControl } from '../../runtime/contract/generated/openapi.v1.ts'
import { siteTime } from './format.ts'
import type { TimelineGlimpse } from './live-state.ts'

const RANKS: Record<ProgramControl['rank'], { text: string; tone: string }> = {
  emergency: { text: 'Emergency', tone: 'is-bad' },
  operator: { text: 'Operator', tone: 'is-warn' },
  studio: { text: 'Studio', tone: 'is-warn' },
  schedule: { text: 'Show', tone: 'is-ok' },
}

/** Who has control of a program, by what, why, since when and until when, at the site's time (`now`: UTC ms). Pure. */
export function controlWords(
  control: ProgramControl | null | undefined,
  timeZone: string | undefined,
  now: number,
): { rank: string; tone: string; text: string } {
  if (!control) return { rank: 'Free', tone: '', text: 'No show runs, and nobody holds control.' }
  const { by, what, why, since, until } = control
  const { text: rank, tone } = RANKS[control.rank]
  const at = (time: string) => siteTime(time, timeZone, now)
  const times = `since ${at(since)}${until === undefined ? '' : `, until ${at(until)}`}`
  // A timeline in its course is by nobody but itself.
  if (control.rank === 'schedule' && what === `the timeline ${by}`) return { rank, tone, text: `${by} runs, ${times}.` }
  return { rank, tone, text: `${by} has control by ${what}, ${times}${why === undefined ? '' : `: ${why}`}.` }
}

/** The timeline that runs on a program. Pure. */
export const runningOn = (timelines: readonly TimelineGlimpse[], program: string): TimelineGlimpse | undefined =>
  timelines.find(({ state, offAir }) => state.status === 'running' && state.program === program && !offAir)

/** When the next cue comes, in words (`now`: UTC ms). Pure. */
export function nextWords({ state }: TimelineGlimpse, now: number): string {
  if (state.held) return 'The present cue is held.'
  if (!state.next) return 'No other cue comes.'
  const seconds = Math.max(0, Math.ceil((Date.parse(state.next.at) - now) / 1_000))
  return `The next cue comes in ${seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`}.`
}
