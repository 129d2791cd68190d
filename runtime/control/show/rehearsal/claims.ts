import { fault } from '../../../contract/errors.ts'
import { type Act, airings } from './course.ts'
import type { Finding, Findings } from './findings.ts'
import type { RunningOrder, Shot } from './running-order.ts'

/** Something that shows a camera at one preset all the time. UTC ms. */
export interface Feed {
  name: string
  camera: string
  preset: string
  presetName: string
  from: number
  to: number
}

/** Whoever needs cameras to look somewhere. */
export type Claimant = { act: Act } | { feed: Feed }

/** After so many comparisons others have their turn. */
const SLICE = 4_000

/** Two that want one camera at two presets at the same time; a tour gives way and is no conflict but with another tour. */
export function* doubleBookings(
  all: readonly Claimant[],
  findings: Pick<Findings, 'add'>,
): Generator<void, void, void> {
  for (const [n, one] of all.entries())
    for (const other of all.slice(n + 1)) {
      if (!('act' in one) || !mayMeet(one, other)) continue
      for (const camera of sharedBy(one, other)) yield* compare(one.act, other, camera, findings)
    }
}

const spanOf = (claimant: Claimant): { from: number; to: number } => ('act' in claimant ? claimant.act : claimant.feed)

function mayMeet({ act }: { act: Act }, other: Claimant): boolean {
  const [a, b] = [act, spanOf(other)]
  if (a.from >= b.to || b.from >= a.to) return false
  const { program, timeline } = act.order
  if (!('act' in other)) return program !== undefined
  const rival = other.act.order
  const tours = [program, rival.program].filter(each => each === undefined).length
  return rival.timeline !== timeline && (tours === 2 || (tours === 0 && program !== rival.program))
}

function sharedBy({ act }: { act: Act }, other: Claimant): string[] {
  const mine = presetsOf(act.order)
  const theirs =
    'act' in other ? presetsOf(other.act.order) : new Map([[other.feed.camera, new Set([other.feed.preset])]])
  return [...mine.keys()].filter(camera => {
    const all = new Set([...(mine.get(camera) ?? []), ...(theirs.get(camera) ?? [])])
    return theirs.has(camera) && all.size > 1
  })
}

function presetsOf({ shots }: RunningOrder): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { turn } of shots) if (turn) found.set(turn.camera, (found.get(turn.camera) ?? new Set()).add(turn.preset))
  return found
}

interface Claim {
  from: number
  to: number
  preset: string
  shot?: Shot
}

/** Walks through both at once. */
function* compare(
  act: Act,
  other: Claimant,
  camera: string,
  findings: Pick<Findings, 'add'>,
): Generator<void, void, void> {
  const [mine, theirs] = [claimsOf({ act }, camera), claimsOf(other, camera)]
  let a = mine.next().value
  let b = theirs.next().value
  let first: Omit<Finding, 'timeline' | 'name'> | undefined
  let count = 0
  for (let steps = 1; a && b; steps++) {
    if (a.from < b.to && b.from < a.to && a.preset !== b.preset) {
      first ??= conflict(a, b, act, other)
      count++
    }
    if (a.to <= b.to) a = mine.next().value
    else b = theirs.next().value
    if (steps % SLICE === 0) yield
  }
  if (first) findings.add(act.order, { ...first, count }, `${camera} ${nameOf(other)}`)
}

function* claimsOf(claimant: Claimant, camera: string): Generator<Claim, undefined, void> {
  if (!('act' in claimant)) {
    const { preset, from, to } = claimant.feed
    yield { from, to, preset }
    return undefined
  }
  const { order } = claimant.act
  const shots = order.shots.filter(({ turn }) => turn?.camera === camera)
  for (const { shot, from, to } of airings(claimant.act, shots)) {
    yield { from, to, preset: shot.turn?.preset ?? '', shot }
  }
  return undefined
}

function conflict(a: Claim, b: Claim, one: Act, other: Claimant): Omit<Finding, 'timeline' | 'name'> {
  const { cue = '', path = '', turn } = a.shot ?? {}
  const detail = `The camera ${turn?.cameraName} is booked twice: ${whoWants(a, { act: one })}, and at the same time ${whoWants(b, other)}.`
  const [at, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)]
  return { severity: 'error', ...fault('CAMERA_DOUBLE_BOOKED', detail), cue, path: `${path}/preset`, at, to, count: 1 }
}

function whoWants({ shot }: Claim, claimant: Claimant): string {
  if ('act' in claimant) return `cue ${shot?.called} of ${claimant.act.order.name} wants it at ${shot?.turn?.name}`
  return `${claimant.feed.name} shows it at ${claimant.feed.presetName}`
}

const nameOf = (claimant: Claimant): string => ('act' in claimant ? claimant.act.order.timeline : claimant.feed.name)
