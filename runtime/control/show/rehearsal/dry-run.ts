import { fault } from '../../../contract/errors.ts'
import type { AssetReadiness } from '../../../contract/generated/openapi.v1.ts'
import type { ScoredCue } from '../timeline/score.ts'
import { type Claimant, doubleBookings } from './claims.ts'
import { type Act, roundsOf, spanIn } from './course.ts'
import { Findings } from './findings.ts'
import type { House, Reason } from './house.ts'
import {
  assetReasons,
  assetsOf,
  cameraReasons,
  destinationReasons,
  expiring,
  referenceReasons,
  seconds,
} from './reasons.ts'
import { movesOf, type RunningOrder, type Shot } from './running-order.ts'

/** One that would be on air, were it not for another one of its program. UTC ms. */
export interface Overlap {
  order: RunningOrder
  winner: string
  from: number
  to: number
}

export interface Day {
  acts: Act[]
  /** As they are kept, by the timeline's id. */
  cues(timeline: string): readonly ScoredCue[]
  overlaps: Overlap[]
  /** Whatever else needs a camera at a preset. */
  feeds: Claimant[]
  house: House
}

/** Goes through a day without putting anything on air. Yields now and then, so that whoever runs it can do something else. Pure. */
export function* dryRun({ acts, cues, overlaps, feeds, house }: Day): Generator<void, Findings, void> {
  const findings = new Findings()
  for (const { order, winner, from, to } of overlaps) {
    const detail = `${order.name} and ${winner} are both to be shown in ${order.program}: ${winner} is.`
    findings.add(order, { ...warning('SHOW_OVERLAP', detail), path: '', at: from, to, count: 1 }, winner)
  }
  for (const act of acts) {
    const { order } = act
    const given = cues(order.timeline)
    const reasons = [
      ...referenceReasons(given, order, house),
      ...cameraReasons(given, order, house),
      ...assetReasons(order, house),
    ]
    for (const reason of reasons) told(findings, act, reason)
    for (const reason of destinationReasons(order, house))
      findings.add(order, { ...reason, at: act.from, to: act.to, count: 1 })
    yield
    rights(findings, act, house)
    travels(findings, act)
    gaps(findings, act)
    yield
  }
  yield* doubleBookings([...acts.map(act => ({ act })), ...feeds], findings)
  return findings
}

const warning = (code: Parameters<typeof fault>[0], detail: string) => ({
  severity: 'warning' as const,
  ...fault(code, detail),
})

/** A reason that is there whenever its cue is shown. */
function told(findings: Findings, act: Act, reason: Reason): void {
  const shot = act.order.shots.find(({ cue }) => cue === reason.cue)
  const when = shot && whenSeen(act, shot)
  if (when) findings.add(act.order, { ...reason, ...when })
}

function whenSeen(act: Act, { start, end }: Pick<Shot, 'start' | 'end'>) {
  const rounds = roundsOf(act, start, end)
  if (!rounds) return undefined
  const { from, to } = spanIn(act, start, end, rounds.first)
  return { at: from, to, count: rounds.count }
}

/** Rights that end while what needs them is shown. */
function rights(findings: Findings, act: Act, house: House): void {
  for (const shot of act.order.shots)
    for (const asset of assetsOf(shot, house)) {
      const late = expiredIn(act, shot, asset)
      if (late) findings.add(act.order, { ...expiring(asset, shot), ...late })
    }
}

function expiredIn(act: Act, shot: Shot, { until, status }: AssetReadiness) {
  if (until === undefined || status !== 'ready') return undefined
  return whenSeen({ ...act, from: Math.max(act.from, Date.parse(until)) }, shot)
}

/** Cameras that cannot be where they should when their shot begins. */
function travels(findings: Findings, act: Act): void {
  const { order } = act
  if (order.timing === 'arrival') return
  for (const { shot, turn, free, wraps } of movesOf(order)) {
    if (turn.journey <= free) continue
    const later = wraps ? { ...act, from: Math.max(act.from, act.zero + order.length) } : act
    const when = whenSeen(later, shot)
    if (!when) continue
    const never = turn.journey >= free + shot.end - shot.start
    const known = turn.measured ? '' : ' (an estimate: nobody has measured it yet)'
    const time = `${seconds(turn.journey)} s${known}, and has ${seconds(free)} s`
    const then = never ? 'its cue is over before it is there' : `viewers wait ${seconds(turn.journey - free)} s for it`
    const found = fault('PTZ_TOO_FAR', `The way of ${turn.cameraName} to ${turn.name} takes ${time}: ${then}.`)
    findings.add(order, { ...found, severity: never ? 'error' : 'warning', cue: shot.cue, path: shot.path, ...when })
  }
}

/** Where no cue has a picture. */
function gaps(findings: Findings, act: Act): void {
  const { order } = act
  if (order.program === undefined) return
  for (const { start, end, after } of order.holes) {
    const when = whenSeen(act, { start, end })
    if (!when) continue
    const shown = order.gap === 'hold' ? 'the picture before stays' : `the ${order.gap} is shown`
    const where = after ? `After cue ${after.called}` : 'At the beginning'
    const detail = `${where} no cue has a picture for ${seconds(end - start)} s: ${shown}.`
    const path = after?.path ?? ''
    const meant = order.gap !== 'slate' && (after !== undefined || order.gap !== 'hold')
    const severity = meant ? 'info' : 'warning'
    findings.add(order, {
      ...warning('PICTURE_GAP', detail),
      severity,
      ...(after && { cue: after.cue }),
      path,
      ...when,
    })
  }
  over(findings, act)
}

/** One that does not loop is over before its hours are. */
function over(findings: Findings, act: Act): void {
  const { order, zero, from, to } = act
  const end = Math.max(from, zero + order.length)
  if (order.loop || end >= to) return
  const detail = `${order.name} is over ${seconds(to - end)} s before its time is: its last picture stays.`
  findings.add(order, { ...warning('PICTURE_GAP', detail), path: '', at: end, to, count: 1 }, 'over')
}
