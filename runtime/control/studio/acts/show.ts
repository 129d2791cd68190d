import { apiBody } from '../../../contract/api-body.ts'
import { asErrorCode, VistterError } from '../../../contract/errors.ts'
import type {
  Arrival,
  NewTimeline,
  OverlaySummary,
  Program,
  SegmentQueue,
  TakeRequest,
  Timeline,
} from '../../../contract/generated/openapi.v1.ts'
import { sleep } from '../../../lib/clock.ts'
import type { NamedPreset } from '../../ports.ts'
import { type Acts, checked, type Desk, STUDIO, under } from './desk.ts'

interface Deps {
  desk: Desk
  preset(camera: string | undefined, wanted: string): NamedPreset | undefined
  /** Announces files beside those that are announced already. */
  announce(assets: readonly object[]): Promise<void>
}

/** As the API's paths have ids. */
const ID = /^[A-Za-z0-9_.-]{1,64}$/
/** How far ahead a camera may be sent (ms): what waits for it in its lane waits as long. */
const MOST_AHEAD = 10 * 60_000

const checkTimeline = apiBody<NewTimeline>('NewTimeline')
const checkTake = apiBody<TakeRequest>('TakeRequest')

type ShowActs = Omit<
  Acts,
  | 'vistter.command.assets.sync'
  | 'vistter.command.segment.publish'
  | 'vistter.command.health.request'
  | 'vistter.command.config.get'
  | 'vistter.command.config.patch'
>

/**
 * What is on air and what is to be. What was begun in an earlier life of control and can be seen to have taken effect is not
 * done again: a start would begin anew for viewers, a timeline would count one more revision. Everything else comes to the same when it is done twice.
 */
export function showActs({ desk, preset, announce }: Deps): ShowActs {
  const timelineOf = (wanted: string) => desk.named('listTimelines', 'timeline', wanted)
  const destinationOf = (wanted: string) => desk.named('listDestinations', 'destination', wanted)
  const isPlaying = async (id: string, since: number | undefined) => {
    if (since === undefined) return false
    const found = (await desk.ask<OverlaySummary[]>('listOverlays')).find(overlay => overlay.id === id)
    return found?.playing != null && Date.parse(found.playing.startedAt) >= since
  }
  const published = async (id: string, since: number | undefined) => {
    if (since === undefined) return undefined
    const found = (await desk.ask<Timeline[]>('listTimelines')).find(timeline => timeline.id === id)
    const { changedAt = '', changedBy } = found ?? {}
    return changedBy === STUDIO.name && Date.parse(changedAt) >= since ? found : undefined
  }
  return {
    'vistter.command.timeline.publish': async ({ timeline: { id, ...given }, assets }, { begunAt }) => {
      if (!ID.test(id)) throw malformed('/data/timeline/id', 'has other characters than letters, digits and . _ -')
      const timeline = checked('/data/timeline', checkTimeline(given))
      if (assets && assets.length > 0) await announce(assets)
      const kept = (await published(id, begunAt)) ?? (await desk.ask<Timeline>('putTimeline', { id }, timeline))
      const { revision, duration, problems } = kept
      return { result: { revision, duration, problems } }
    },
    'vistter.command.timeline.start': async ({ timeline, at, position }, { begunAt }) => {
      const id = await timelineOf(timeline)
      const start = { ...desk.moment(at), ...(position !== undefined && { position }) }
      const present = begunAt !== undefined ? (await desk.ask<Timeline>('getTimeline', { id })).state : undefined
      if (present?.startedAt !== undefined && Date.parse(present.startedAt) >= (begunAt ?? 0)) return undefined
      await desk.ask('startTimeline', { id }, start)
      return undefined
    },
    'vistter.command.timeline.stop': async ({ timeline }) => {
      await desk.ask('stopTimeline', { id: await timelineOf(timeline) })
      return undefined
    },
    'vistter.command.preset.move': async ({ camera, shot, preset: wanted, at }, { progress }) => {
      const id = camera === undefined ? undefined : await desk.named('listCameras', 'camera', camera)
      const found = preset(id, wanted ?? shot ?? '')
      if (!found)
        throw new VistterError('UNKNOWN_REFERENCE', `There is no preset ${wanted ?? shot}.`, {
          path: wanted === undefined ? '/data/shot' : '/data/preset',
        })
      const wait = desk.until(at)
      if (wait > MOST_AHEAD) throw malformed('/data/at', 'is more than 10 minutes ahead')
      if (wait > 0) {
        await progress({ status: 'ready' })
        await sleep(wait)
      }
      const arrival = await desk.ask<Arrival>('goToPreset', { id: found.camera, pid: found.id }, { override: true })
      if (!arrival.arrived) throw missed(found, arrival)
      return { metrics: { journeyMs: arrival.ms } }
    },
    'vistter.command.overlay.apply': async ({ id, ocl }, { begunAt }) => {
      if (await isPlaying(id, begunAt)) return undefined
      await under('/data/ocl', desk.ask('putOverlay', { id }, ocl, { strict: false }))
      await desk.ask('playOverlay', { id }, {})
      return undefined
    },
    'vistter.command.overlay.scene': async ({ id, scene, at }, { begunAt }) => {
      if (at === undefined && (await isPlaying(id, begunAt))) return undefined
      await desk.ask('playOverlay', { id }, { scene, ...desk.moment(at) })
      return undefined
    },
    'vistter.command.overlay.stop': async ({ id }) => {
      await desk.ask('stopOverlay', { id }, {})
      return undefined
    },
    'vistter.command.segment.play': async ({ segment, at }, { begunAt }) => {
      if (begunAt !== undefined) {
        const { playing, entries } = await desk.ask<SegmentQueue>('getQueue')
        const queued = [...(playing ? [playing] : []), ...entries].filter(entry => entry.segment === segment)
        if (queued.some(({ addedAt }) => Date.parse(addedAt) >= begunAt)) return undefined
      }
      await desk.ask('playSegment', { id: segment }, desk.moment(at))
      return undefined
    },
    'vistter.command.program.take': async ({ at, ...take }) => {
      const body = checked('/data', checkTake({ ...take, ...desk.moment(at) }))
      const program = await desk.ask<Program>('takeById', { id: 'main' }, body)
      return { result: { source: program.source, fallback: program.fallback } }
    },
    'vistter.command.stream.start': async ({ destination }) => {
      await desk.ask('startDestination', { id: await destinationOf(destination) }, {})
      return undefined
    },
    'vistter.command.stream.stop': async ({ destination }) => {
      await desk.ask('stopDestination', { id: await destinationOf(destination) })
      return undefined
    },
  }
}

const malformed = (path: string, what: string): VistterError =>
  new VistterError('BAD_REQUEST', `${path} ${what}.`, { path })

function missed({ name }: NamedPreset, { error }: Arrival): VistterError {
  const { code, detail } = error ?? { code: undefined, detail: `The camera did not arrive at ${name}.` }
  return new VistterError(asErrorCode(code) ?? 'PTZ_TIMEOUT', detail)
}
