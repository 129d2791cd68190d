import { type ErrorCode, fault } from '../../../contract/errors.ts'
import type { AssetReadiness, Fault } from '../../../contract/generated/openapi.v1.ts'
import { problemsOf, type Stock } from '../timeline/readiness.ts'
import type { ScoredCue } from '../timeline/score.ts'
import type { House, Reason } from './house.ts'
import type { RunningOrder, Shot } from './running-order.ts'

type Where = Pick<Reason, 'path'> & { cue?: string }

const AWAY = new Set(['offline', 'connecting', 'frozen'])

function reason(severity: Reason['severity'], code: ErrorCode, detail: string, where: Where): Reason {
  return { severity, ...fault(code, detail), ...where }
}

/** What the cues of a timeline name and is not there. */
export function referenceReasons(cues: readonly ScoredCue[], order: RunningOrder, house: House): Reason[] {
  const stock: Stock = {
    cameras: house.cameras,
    preset: (camera, wanted) => house.preset(camera, wanted),
    hasOverlay: id => house.overlay(id) !== undefined,
    hasClip: clip => order.program !== undefined && house.hasClip(order.program, clip),
  }
  const at = new Map(cues.map(({ id }, n) => [id, `/cues/${n}`]))
  return problemsOf(cues, stock).map(({ cue, detail }) =>
    reason('error', 'UNKNOWN_REFERENCE', detail, { cue, path: at.get(cue) ?? '' }),
  )
}

/** Cameras that are away, or do not turn. Each is told once, at the first cue that needs it. */
export function cameraReasons(cues: readonly ScoredCue[], order: RunningOrder, house: House): Reason[] {
  const shots = new Map(order.shots.map(shot => [shot.cue, shot]))
  const told = new Set<string>()
  return cues.flatMap(({ id: cue, camera: named }, n) => {
    const turn = shots.get(cue)?.turn
    const camera = house.cameras.find(({ id, name }) => id === (turn?.camera ?? named) || name === named)
    if (!camera) return []
    const where = { cue, path: `/cues/${n}` }
    const away = told.has(camera.id) ? [] : awayReason(camera, where)
    if (away.length > 0) told.add(camera.id)
    const error = turn && !told.has(turn.preset) ? house.outlook(turn.preset).error : undefined
    if (!turn || !error) return away
    told.add(turn.preset)
    const detail = `${camera.name} cannot go to ${turn.name}: ${error.detail}`
    return [...away, { ...error, severity: 'error' as const, detail, ...where }]
  })
}

function awayReason({ name, state: { status, error } }: House['cameras'][number], where: Where): Reason[] {
  if (!AWAY.has(status)) return []
  const why = error ?? fault('CAMERA_SILENT', '')
  const words = { offline: 'is offline', connecting: 'sends no picture yet', frozen: 'sends always the same picture' }
  const what = words[status as keyof typeof words]
  return [
    { severity: 'error', ...why, detail: `The camera ${name} ${what}${why.detail && `: ${why.detail}`}`, ...where },
  ]
}

/** Files of overlays that are not here. */
export function assetReasons(order: RunningOrder, house: House): Reason[] {
  const told = new Set<string>()
  return order.shots.flatMap(shot =>
    assetsOf(shot, house).flatMap(asset => {
      const key = `${shot.overlay} ${asset.id}`
      if (asset.status === 'ready' || told.has(key)) return []
      told.add(key)
      const error: Fault = asset.error ?? fault('ASSET_MISSING', 'it has not come yet.')
      const detail = `${asset.id} of the overlay ${shot.overlay} is not here: ${error.detail}`
      return [{ severity: 'error' as const, ...error, detail, cue: shot.cue, path: `${shot.path}/overlay` }]
    }),
  )
}

export const assetsOf = ({ overlay }: Shot, house: House): readonly AssetReadiness[] =>
  (overlay === undefined ? undefined : house.overlay(overlay))?.assets ?? []

/** The words for a right that ends. */
export const expiring = (asset: AssetReadiness, { overlay, cue, path }: Shot): Reason =>
  reason('error', 'ASSET_EXPIRED', `The right to show ${asset.id} of the overlay ${overlay} ends ${asset.until}.`, {
    cue,
    path: `${path}/overlay`,
  })

/** Who is to see it. */
export function destinationReasons({ program, name }: RunningOrder, house: House): Reason[] {
  if (program === undefined) return []
  const all = house.destinations(program)
  const started = all.filter(destination => destination.started)
  if (started.length === 0 && !house.records(program))
    return [
      reason('error', 'DESTINATION_NONE', `No destination of ${program} is started: nobody would see ${name}.`, {
        path: '',
      }),
    ]
  return started.flatMap(({ name: who, state: { status, error, since } }) => {
    if (status === 'live' || (status === 'idle' && !error)) return []
    const why = error ?? fault('OUTPUT_UNREACHABLE', `${status} since ${since}.`)
    return [
      { severity: 'error' as const, ...why, detail: `The destination ${who} is not live: ${why.detail}`, path: '' },
    ]
  })
}

/** Rights that end before the last cue that needs them, within a span (UTC ms). */
function rightsReasons(order: RunningOrder, house: House, at: number): Reason[] {
  return order.shots.flatMap(shot =>
    assetsOf(shot, house).flatMap(asset => {
      if (asset.until === undefined || asset.status !== 'ready') return []
      return Date.parse(asset.until) < at + shot.end ? [expiring(asset, shot)] : []
    }),
  )
}

/** Whether what stands first can be there in time (`left`: ms until the start). */
function firstTurnReasons({ shots }: RunningOrder, house: House, left: number): Reason[] {
  const first = shots.find(({ picture }) => picture)
  const turn = first?.turn
  if (!first || !turn || turn.journey <= left || house.stands(turn.camera) === turn.preset) return []
  const detail = `The way to ${turn.name} takes ${seconds(turn.journey)} s, and it begins in ${seconds(left)} s.`
  return [reason('warning', 'PTZ_TOO_FAR', detail, { cue: first.cue, path: first.path })]
}

/** All that stands in the way of one that starts at a moment (UTC ms), `left` ms from now. */
export function startReasons(
  cues: readonly ScoredCue[],
  order: RunningOrder,
  house: House,
  { at, left, wired }: { at: number; left: number; wired: boolean },
): Reason[] {
  const unwired = `In the flow, no wire leads from the timeline ${order.name} to a program.`
  return [
    ...(wired ? [] : [reason('error', 'NOT_WIRED', unwired, { path: '' })]),
    ...referenceReasons(cues, order, house),
    ...cameraReasons(cues, order, house),
    ...assetReasons(order, house),
    ...rightsReasons(order, house, at),
    ...firstTurnReasons(order, house, left),
    ...(wired ? destinationReasons(order, house) : []),
  ]
}

export const seconds = (ms: number): string => (Math.max(0, ms) / 1_000).toFixed(1)
