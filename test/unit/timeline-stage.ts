import { ShowStage } from './show-stage.ts'

export async function stage(...shelves: ConstructorParameters<typeof ShowStage>): Promise<ShowStage> {
  const show = new ShowStage(...shelves)
  await show.wire()
  return show
}

export const cue = (id: string, start: number, duration: number, what: object) => ({ id, start, duration, ...what })
export const ofQuay = (preset: string) => ({ camera: 'quay', preset })
/** One camera, three views. */
export const SINGLE = [
  cue('a', 0, 3_000, ofQuay('a')),
  cue('b', 3_000, 2_000, ofQuay('b')),
  cue('c', 5_000, 2_500, ofQuay('c')),
]

export async function started(show: ShowStage, body: object, start = {}): Promise<string> {
  const { id } = await show.timeline('add', { name: 'Day', ...body })
  await show.timeline('start', start, id)
  return id
}

/** Each line that fits, as time since the one before and what happened. */
export function apart(lines: string[], what: RegExp): [number, string][] {
  const found = lines
    .filter(line => what.test(line))
    .map(line => [Number.parseInt(line, 10), line.replace(/^\d+ /, '')])
  return found.map(([at, line], n) => [Number(at) - Number(found[n - 1]?.[0] ?? at), String(line)])
}
export const without = (lines: string[]) => lines.map(line => line.replace(/^\d+ /, ''))
