import type { Timeline, TimelineState } from '../../runtime/contract/generated/openapi.v1.ts'
import { draftOf } from './model/cue.ts'
import type { Stock } from './model/faults.ts'
import { fillerCue } from './model/filler.ts'
import { labelOf } from './model/labels.ts'
import { positionOf } from './model/moment.ts'
import { clockText } from './model/times.ts'

/** More than these are counted, not told. */
const FEW = 3

/** How a timeline is, in a word or two. Pure. */
export function statusOf({ status }: TimelineState, { problems, offAir }: Pick<Timeline, 'problems' | 'offAir'>) {
  if (status === 'running')
    return offAir ? { text: 'On its way', tone: 'is-ok' } : { text: 'On air', tone: 'is-on-air' }
  if (status === 'waiting') return { text: 'Waits for its time', tone: 'is-warn' }
  return problems.length > 0 ? { text: 'Not ready', tone: 'is-bad' } : { text: 'Ready', tone: 'is-ok' }
}

/** How many cues, how long, and how it goes on. Pure. */
export function factsOf({ cues, duration, loop, offAir }: Timeline): string {
  const count = cues.length === 1 ? '1 cue' : `${cues.length} cues`
  return [count, clockText(duration), loop && 'begins anew', offAir && 'a tour'].filter(Boolean).join(' · ')
}

interface Progress {
  /** ms */
  position: number
  now: string
  next: string
}

/** Where one that runs is, what is on air, and what comes next (`now`: UTC ms). Pure. */
export function progressOf(timeline: Timeline, state: TimelineState, stock: Stock, now: number): Progress | undefined {
  const draft = draftOf(timeline)
  const position = positionOf(draft, state, now)
  if (position === undefined) return undefined
  const nameOf = (id: string | undefined) => {
    const cue = draft.cues.find(each => each.id === id) ?? fillerCue(draft, id ?? '')
    return cue ? labelOf(cue, stock) : ''
  }
  const { cue, next } = state
  const round = timeline.loop && state.round ? ` · round ${state.round + 1}` : ''
  const left = next ? Math.max(0, Date.parse(next.at) - now) : 0
  return {
    position,
    now: `${(cue && nameOf(cue.id)) || 'No picture of its own'}${cue?.moving ? ' (turning)' : ''}`,
    next: `${clockText(Math.floor(position / 1_000) * 1_000)} of ${clockText(timeline.duration)}${round}${
      next ? ` · next ${nameOf(next.id)} in ${clockText(Math.ceil(left / 1_000) * 1_000)}` : ''
    }`,
  }
}

/** By whom it is held, why and until when, at the site's time. Pure. */
export function heldWords({ held }: TimelineState, timeZone?: string): string | undefined {
  if (!held) return undefined
  const at = (text: string) =>
    new Date(text).toLocaleTimeString([], { timeStyle: 'short', ...(timeZone && { timeZone }) })
  const end = held.until === undefined ? 'until it is released' : `until ${at(held.until)}`
  return `Held by ${held.by} since ${at(held.since)}, ${end}${held.why ? `: ${held.why}` : ''}`
}

/** What keeps it from being started, a sentence each, with the cue's own name. Pure. */
export function cueProblems(timeline: Timeline, stock: Stock): string[] {
  const { cues } = draftOf(timeline)
  const told = timeline.problems.slice(0, FEW).map(({ cue, detail }) => {
    const found = cues.find(({ id }) => id === cue)
    return found ? `${labelOf(found, stock)} (at ${clockText(found.start)}): ${detail}` : detail
  })
  const more = timeline.problems.length - told.length
  return more > 0 ? [...told, `And ${more} more.`] : told
}
