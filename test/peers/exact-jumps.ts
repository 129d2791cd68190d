import type { Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { until } from './run.ts'
import type { Stage } from './stage.ts'

/** Where the jumps go (ms), and what is to be seen there: bars with the overlay and without a sound, or the slate. */
const PLACES = [600_000, 0, 605_000, 100_000, 900_000, 0] as const
/** What lies between two of them (frames). */
const APART = 15

export const JUMPS = PLACES.length

/** The slate, the bars under the overlay, and the bars on under the same; each by a jump, in a show that runs. */
export async function jumps(stage: Stage, overlay: string): Promise<void> {
  const { api } = stage
  const cues = [
    { id: 'slate', start: 0, duration: 600_000, camera: 'slate', audio: { mute: null } },
    { id: 'bars', start: 600_000, duration: 200_000, clip: 'bars', overlay, audio: { mute: true } },
    { id: 'more', start: 800_000, duration: 200_000, clip: 'bars', overlay },
  ]
  const { id } = await api.post<Timeline>('/timelines', { name: 'Jumps', cues })
  await api.post(`/timelines/${id}/start`)
  const cue = async () => (await api.get<Timeline>(`/timelines/${id}`)).state.cue
  await until('it has begun', async () => (await cue())?.since)
  for (const position of PLACES) {
    const to = cues.findLast(({ start }) => start <= position)?.id
    await api.post(`/timelines/${id}/jump`, { position })
    await until(`it is at ${to}`, async () => (await cue())?.id === to)
    await stage.produce(APART)
    const { mute } = await api.get<{ mute: boolean }>('/program/sound')
    if (mute !== position >= 600_000) throw new Error(`at ${position} its sound is ${mute ? 'off' : 'on'}`)
  }
}
