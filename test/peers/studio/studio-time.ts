import { expect } from 'vitest'
import type { Camera, Destination } from '../../../runtime/contract/generated/openapi.v1.ts'
import { rfc3339, sleep } from '../../../runtime/lib/clock.ts'
import { packets, thumbnails } from '../media.ts'
import { until } from '../run.ts'
import { beats } from './beats.ts'
import type { CommandStage } from './command-stage.ts'

/** By how much (ms) the clocks of Studio and the box differ. */
const APART = 5_000
const FRAME = 1_000 / 30
/** So many takes of each kind, each at another part of a frame. */
const TAKES = 5
/** From one take to the next (ms). */
const SLOT = 600
/** How long before its time each is asked for (ms): on a busy machine a command may take a while. */
const LEAD = 2 * SLOT

/** What is known of a moment that lies between two frames (ms). */
interface Bounds {
  least: number
  most: number
}

/**
 * By how much what Studio asks for a time of its own is on air beside it (ms). Takes of Studio's and of the box's own people alternate; the
 * box's own clock is this process's, so theirs say when each decoded frame was. A cut only says between which two frames its moment
 * lies, so each comes at another part of a frame: together they say it within some ms.
 */
export async function besideStudioTime(stage: CommandStage): Promise<Bounds> {
  const { studio, box, ask, get } = stage
  const own = studio.ahead
  studio.ahead += APART
  try {
    await beats(studio, box.id, 3)
    const camera = (await get<Camera[]>('/cameras')).find(({ name }) => name === 'Harbour')?.id
    const [destination] = await get<Destination[]>('/destinations')
    await ask('POST', '/program/take', { source: 'slate' })
    const before = stage.platform.recordings().length
    await ask('POST', `/destinations/${destination?.id}/start`)
    const live = async () => (await get<Destination[]>('/destinations'))[0]?.state.status === 'live'
    await until('live', live, { timeoutMs: 20_000 })
    const begun = Date.now() + LEAD
    const times = Array.from({ length: 2 * TAKES }, (_, n) => begun + n * SLOT + Math.round((n / 2 / TAKES) * FRAME))
    for (const [n, at] of times.entries()) {
      await sleep(at - LEAD - Date.now())
      if (n % 2 === 0) await ask('POST', '/program/take', { source: camera, at: rfc3339(at) })
      else await box.send('program.take', { source: 'slate', at: rfc3339(at + APART + own) })
    }
    await sleep((times.at(-1) ?? 0) + SLOT - Date.now())
    await ask('POST', `/destinations/${destination?.id}/stop`)
    await until('the recording is closed', () => stage.platform.publishes.every(publish => publish.ended))
    return beside(await cutsOf(stage.platform.recordings()[before] ?? ''), times)
  } finally {
    studio.ahead = own
  }
}

/** Between which two frames (ms of the stream) each cut is. */
async function cutsOf(file: string): Promise<Bounds[]> {
  const times = (await packets(file, 'v')).map(({ pts }) => pts).sort((a, b) => a - b)
  const looks = await thumbnails(file, 8, 8)
  const [slate] = looks
  if (!slate) throw new Error(`${file} has no pictures`)
  const camera = looks.reduce((found, each) => (apart(each, slate) > apart(found, slate) ? each : found))
  const isCamera = looks.map(each => apart(each, camera) < apart(each, slate))
  return isCamera.flatMap((is, n) => {
    const [least = Number.NaN, most = Number.NaN] = [times[n - 1], times[n]]
    return n > 0 && is !== isCamera[n - 1] ? [{ least, most }] : []
  })
}

function beside(cuts: Bounds[], times: number[]): Bounds {
  expect(cuts).toHaveLength(times.length)
  const zeros = cuts.map(({ least, most }, n) => ({ least: (times[n] ?? 0) - most, most: (times[n] ?? 0) - least }))
  const [people, studios] = [0, 1].map(kind => within(zeros.filter((_, n) => n % 2 === kind)))
  if (!people || !studios) throw new Error('there were no takes')
  return { least: people.least - studios.most, most: people.most - studios.least }
}

/** What all of them agree on. */
const within = (all: Bounds[]): Bounds => ({
  least: Math.max(...all.map(({ least }) => least)),
  most: Math.min(...all.map(({ most }) => most)),
})

const apart = (a: Buffer, b: Buffer): number => a.reduce((sum, level, n) => sum + Math.abs(level - (b[n] ?? 0)), 0)
