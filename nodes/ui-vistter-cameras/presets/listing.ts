import type { Arrival, Preset } from '../../../runtime/contract/generated/openapi.v1.ts'

/** Those whose name or shot has the words in it, in their order. Pure. */
export function matching<T extends Pick<Preset, 'name' | 'shotId'>>(presets: readonly T[], sought: string): T[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
  return presets.filter(({ name, shotId }) => {
    const text = `${name} ${shotId ?? ''}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** The list with one of it at another place. Pure. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const after = [...list]
  const [one] = after.splice(from, 1)
  if (one !== undefined) after.splice(Math.max(0, Math.min(after.length, to)), 0, one)
  return after
}

/** The place that a key moves something to, which is at `from` of so many; undefined: it is no such key. Pure. */
export function placeOfKey(key: string, from: number, count: number): number | undefined {
  const places: Record<string, number> = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: count - 1 }
  const to = places[key]
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to))
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

/** How long the way to a preset takes, as it was measured. Pure. */
export function journeyWords({ count, p50, p95 }: Preset['journeys']): string {
  if (count === 0 || p50 === null || p95 === null) return 'not measured yet'
  return count === 1 ? `there in ${seconds(p50)}` : `there in ${seconds(p50)}, nearly always in ${seconds(p95)}`
}

/** What came of going there. Pure. */
export function arrivalWords({ arrived, ms, pending, verified, likeness }: Arrival): string {
  if (verified === 'picture') return `Arrived, verified by its picture, in ${seconds(ms)}`
  if (verified) return `Arrived, verified, in ${seconds(ms)}`
  if (arrived && likeness !== undefined) return `Arrived in ${seconds(ms)}, but the picture is another one: have a look`
  if (arrived) return `Arrived in ${seconds(ms)}; the camera does not say where it looks`
  return pending ? 'The camera does not answer. It goes there when it is back.' : 'It did not arrive.'
}

interface Badge {
  text: string
  tone: string
  why: string
}

const BADGES: Partial<Record<Preset['state'], Badge>> = {
  pending: { text: 'Pending', tone: 'is-warn', why: 'The camera goes there as soon as it answers again.' },
  repaired: {
    text: 'Repaired',
    tone: 'is-ok',
    why: 'The camera had forgotten it. It goes by the position that was kept, and keeps it again at the next arrival.',
  },
  lost: {
    text: 'Lost',
    tone: 'is-bad',
    why: 'The camera has forgotten it. Move it there and save the preset again.',
  },
}

/** What is unusual about a preset; nothing when all is well. Pure. */
export const badgeOf = ({ state }: Pick<Preset, 'state'>): Badge | undefined => BADGES[state]
