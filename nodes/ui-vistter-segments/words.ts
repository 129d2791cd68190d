import type { PreviewShot, Segment, SegmentQueueEntry } from '../../runtime/contract/generated/openapi.v1.ts'

/** 95,000 ms as "1:35", an hour and more as "1:02:03". */
export function clockSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export const timeOfDay = (time: string, timeZone: string | undefined): string =>
  new Date(time).toLocaleTimeString([], { timeStyle: 'medium', ...(timeZone && { timeZone }) })

/** How far the one on air is (0 to 1), and what is left of it (ms). */
export function progressOf({ at, until }: SegmentQueueEntry, now: number): { part: number; left: number } {
  const [from, to] = [Date.parse(at ?? ''), Date.parse(until ?? '')]
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return { part: 0, left: 0 }
  return { part: Math.min(1, Math.max(0, (now - from) / (to - from))), left: Math.max(0, to - now) }
}

export function factsOf({ version, duration, source, signed }: Segment): string {
  const facts = [clockSpan(duration), `version ${version}`, source === 'media' ? 'from a stick' : 'uploaded']
  return [...facts, ...(signed ? ['signed'] : [])].join(' · ')
}

/** What should be looked at; older formats alone are no news. */
export const notesOf = ({ notes }: Segment): string[] =>
  notes.filter(({ code }) => code !== 'OLD_FORMAT').map(({ message }) => message)

/** What of a preview is not as it will be on air; undefined: it is. */
export function turnsOf(shots: readonly Pick<PreviewShot, 'camera' | 'preset' | 'stands'>[]): string | undefined {
  const views = new Set(shots.filter(({ stands }) => !stands).map(({ camera, preset }) => `${camera}: ${preset}`))
  if (views.size === 0) return undefined
  return `A preview turns no camera: you see it as it stands now. On air it turns to ${[...views].join(', ')}.`
}
