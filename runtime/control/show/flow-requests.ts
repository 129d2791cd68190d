import { apiBody } from '../../contract/api-body.ts'
import { VistterError } from '../../contract/errors.ts'
import type { FlowRequests } from '../../contract/flow.ts'
import type {
  DataRequest,
  NewTimeline,
  PlayRequest,
  Schedule,
  Segment,
  SoundPatch,
  StopRequest,
  TakeRequest,
  TimelineExtension,
  TimelineHold,
  TimelineJump,
  TimelineStart,
  TimelineWhy,
} from '../../contract/generated/openapi.v1.ts'
import document from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import { type Checked, problemText, validator } from '../../contract/validate.ts'
import type { Actor, Operations } from '../ports.ts'
import { segmentRequests } from './flow-segments.ts'
import { type GotoRequests, THE_FLOW } from './goto-requests.ts'
import type { CueWay } from './timeline/cue-way.ts'

interface Deps {
  operations: Operations
  destinations(): { id: string; name: string }[]
  timelines(): { id: string; name: string }[]
  presets: Pick<GotoRequests, 'go'>
  cues: Pick<CueWay, 'take'>
}

type Answer = Record<string, unknown>

/** Without those that are about Studio. */
export type ShowRequests = Omit<FlowRequests, 'studio.carryOut' | 'studio.answer' | 'studio.tell'>

const schemas = document.components.schemas
const checkData = validator<DataRequest>(schemas.DataRequest)
const checkPlay = validator<PlayRequest>(schemas.PlayRequest)
const checkStop = validator<StopRequest>(schemas.StopRequest)
const checkSound = validator<SoundPatch>(schemas.SoundPatch)
const checkTimeline = apiBody<NewTimeline>('NewTimeline')
const checkStart = validator<TimelineStart>(schemas.TimelineStart)
const checkJump = validator<TimelineJump>(schemas.TimelineJump)
const checkWhy = validator<TimelineWhy>(schemas.TimelineWhy)
const checkExtension = validator<TimelineExtension>(schemas.TimelineExtension)
const checkHold = validator<TimelineHold>(schemas.TimelineHold)
const checkTake = apiBody<TakeRequest>('TakeRequest')

/** As a page of the API. */
const MOST_ROWS = 1_000
const FLOW: Actor = { kind: 'flow', name: THE_FLOW, role: 'operator' }

/**
 * What messages of the flow may ask: the operations of the API, with destinations by name as well. A message holds whatever a
 * function node put there, and what is kept of it goes to the engine: so bodies are checked as those of the API are.
 */
export function flowRequests({ operations, destinations, timelines, presets, cues }: Deps): ShowRequests {
  const run = async (name: string, params: Record<string, string>, body?: object): Promise<Answer> => {
    const operate = operations[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return { ...((await operate({ params, query: {}, body, actor: FLOW })) as Answer) }
  }
  const release = async (program: string): Promise<Answer> => {
    await run('releaseById', { id: program })
    return run('getProgramById', { id: program })
  }
  const each = async (name: string, wanted: string): Promise<Answer> => {
    const all = destinations()
    if (wanted !== '*') return run(name, { id: idOf(wanted, all, 'destination') })
    const answers = all.map(async ({ id, name: called }) => ({ id, name: called, ...(await run(name, { id })) }))
    return { destinations: await Promise.all(answers) }
  }
  const steer =
    (name: string, check: (body: unknown) => Checked<object>) =>
    async ({ timeline, ...body }: { timeline: string }): Promise<Answer> =>
      run(name, { id: idOf(timeline, timelines(), 'timeline') }, checked('timeline', check(body)))
  const look = async (name: string, query: object): Promise<unknown> =>
    operations[name]?.({ params: {}, query: { limit: MOST_ROWS, ...query }, body: undefined, actor: FLOW })
  const hours = async (wanted: string) => {
    const timeline = idOf(wanted, timelines(), 'timeline')
    const all = (await look('listSchedules', {})) as Schedule[]
    return all.filter(schedule => schedule.timeline === timeline).map(schedule => ({ ...schedule }))
  }
  return {
    'preset.goto': wish => presets.go(wish),
    'program.take': async ({ program, ...take }) => run('takeById', { id: program }, checked('take', checkTake(take))),
    'program.override': ({ program, ...override }) => run('overrideById', { id: program }, override),
    'program.release': ({ program }) => release(program),
    'program.sound': async ({ program, sound }) =>
      run('changeSoundById', { id: program }, checked('sound', checkSound(sound))),
    'overlay.put': ({ id, document }) => run('putOverlay', { id }, document),
    'overlay.play': async ({ id, ...play }) => run('playOverlay', { id }, checked('play', checkPlay(play))),
    'overlay.reached': what => run('overlayReached', {}, what),
    'overlay.stop': async ({ id, ...stop }) => run('stopOverlay', { id }, checked('stop', checkStop(stop))),
    'data.put': async ({ key, ...data }) => run('putData', { key: dataKey(key) }, checked('data', checkData(data))),
    'destination.start': ({ destination }) => each('startDestination', destination),
    'destination.stop': ({ destination }) => each('stopDestination', destination),
    'destination.test': ({ destination }) => each('testDestination', destination),
    'timeline.put': async ({ name, timeline }) => {
      const body = checked('timeline', checkTimeline({ ...timeline, name }))
      const known = timelines().find(each => each.name === name)
      return known ? run('changeTimeline', { id: known.id }, body) : run('addTimeline', {}, body)
    },
    'timeline.start': async ({ timeline, ...start }) =>
      run('startTimeline', { id: idOf(timeline, timelines(), 'timeline') }, checked('start', checkStart(start))),
    'timeline.stop': async ({ timeline }) => run('stopTimeline', { id: idOf(timeline, timelines(), 'timeline') }),
    'timeline.jump': steer('jumpTimeline', checkJump),
    'timeline.skip': steer('skipCue', checkWhy),
    'timeline.extend': steer('extendCue', checkExtension),
    'timeline.hold': steer('holdCue', checkHold),
    'timeline.release': steer('releaseCue', checkWhy),
    'schedule.list': async ({ timeline }) => ({ schedules: await hours(timeline) }),
    'schedule.enable': async ({ timeline, enabled }) => {
      if (typeof enabled !== 'boolean') throw new VistterError('BAD_REQUEST', '/enabled: say true or false.')
      for (const { id } of await hours(timeline)) await run('changeSchedule', { id }, { enabled })
      return { schedules: await hours(timeline) }
    },
    'cue.take': take => cues.take(take),
    'proof.list': async range => ({ rows: (await look('listProof', range)) as Answer[] }),
    'proof.report': async range => ({ advertisers: (await look('reportProof', range)) as Answer[] }),
    'proof.verify': () => run('verifyProof', {}),
    ...segmentRequests(run, async () => (await look('listSegments', {})) as Segment[]),
    'recording.start': params => run('startRecording', {}, params),
    'recording.stop': params => run('stopRecording', {}, params),
  }
}

/** As the API's path has it. */
const DATA_KEY = new RegExp(document.paths['/data/{key}'].put.parameters[0].schema.pattern)

function dataKey(key: unknown): string {
  if (typeof key === 'string' && DATA_KEY.test(key)) return key
  throw new VistterError(
    'BAD_REQUEST',
    `/key: "${key}" is none: 1 to 64 letters, digits, dots, dashes and underscores.`,
  )
}

function checked<T>(what: string, found: Checked<T>): T {
  if (found.ok) return found.value
  throw new VistterError('BAD_REQUEST', `/${what}: ${problemText(found.problems)}`)
}

function idOf(wanted: string, all: { id: string; name: string }[], what: string): string {
  const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted)
  if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no ${what} ${wanted}.`)
  return found.id
}
