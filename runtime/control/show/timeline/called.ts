import { isId } from '../../../lib/ids.ts'

/** 83 500 ms as "1:23.5", 3 600 000 as "1:00:00". */
function clockText(ms: number): string {
  const tenths = Math.round(ms / 100)
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60]
  const seconds = (tenths % 600) / 10
  const rest = `${seconds < 10 ? '0' : ''}${seconds}`
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** A cue as people know it: by the id that somebody gave it, or else by where in its timeline it begins. Pure. */
export const called = ({ id, start }: { id: string; start: number }): string =>
  isId(id) ? `at ${clockText(start)}` : id

/** The same for one of which the id alone is at hand. Pure. */
export function calledIn(cues: readonly { id: string; start: number }[], id: string): string {
  const cue = cues.find(each => each.id === id)
  return cue ? called(cue) : id
}
