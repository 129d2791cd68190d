import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { Take } from '../../contract/generated/engine.v1.ts'
import type {
  Arrival,
  Fault,
  Program as ProgramBody,
  Swing,
  TakeRequest,
  TransitionRequest,
} from '../../contract/generated/openapi.v1.ts'
import { sleep } from '../../lib/clock.ts'
import {
  type Actor,
  type Mover,
  type NamedPreset,
  type Operations,
  operation,
  type Recorder,
  type ShowTime,
  type Turning,
} from '../ports.ts'
import type { Control } from './control.ts'
import type { Live } from './live.ts'
import type { Aim, Hand, How, Program } from './program.ts'
import { rankOf } from './ranks.ts'
import { Sendings } from './sendings.ts'
import { asFailure, notThere, unlessSuperseded } from './shot-faults.ts'
import { ShotQueue } from './shot-queue.ts'
import { wayOf } from './shot-way.ts'
import { inTime } from './take-lead.ts'

/** A cover is lifted after this, whatever the camera does (ms). */
const LIFTED_AFTER = 10_000
const HELD_RETRY = 500
const LOOK = 50
/** A picture that a transition takes away is gone by then (ms after it). */
const GONE_WITHIN = 1_500
const FREEZE: Swing = 'freeze'
const FROM_STILL: TransitionRequest = { type: 'fade', duration: 400 }

/** Whatever shows a camera is one: a take does not wait for the cue before it to let go. */
export const THE_SHOW = { name: 'the show', rank: 'cue' } as const

/** A camera at a preset, for a program. `at`: UTC ms. */
export interface Shot {
  aim: Aim
  preset: NamedPreset
  swing?: Swing | undefined
  transition?: TransitionRequest | undefined
  at?: number | undefined
  actor: string
  /** Somebody takes it, instead of a show. */
  hand?: Hand | undefined
  /** Where it does not arrive it is taken all the same, also if nobody saw it: a show goes on. */
  anyway: boolean
}

export interface Shown {
  take: Take
  /** UTC ms of the first frame that shows the shot, as far as it was planned. */
  at: number
  arrived: boolean
  /** From the command to the camera to its verified arrival; absent where it stood there. */
  journeyMs?: number
  verified?: Arrival['verified']
  error?: Fault
}

interface Deps {
  live: Live
  program: Pick<Program, 'aim' | 'take' | 'taken' | 'get'>
  control: Pick<Control, 'ask'>
  turning: Turning
  /** Who shows the camera: ids of programs, and whatever else has viewers, in words. */
  seenIn(camera: string): string[]
  /** As `seenIn`, and while a transition still takes it away. */
  seen(camera: string): boolean
  clock: ShowTime
  record: Recorder
}

/** Takes of cameras at presets: nobody sees the camera turn unless that is wanted. A newer take of a program ends its shot. */
export class Shots {
  private readonly queue: ShotQueue
  private readonly sendings: Sendings
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.queue = new ShotQueue(deps.clock)
    this.sendings = new Sendings(deps.turning)
  }

  /** What an earlier life of control was about to show is shown: a cover must not stay. */
  start(): void {
    const shots = Object.values(this.deps.live.shots)
    for (const shot of shots) void this.take({ ...shot, anyway: true }).catch(() => {})
  }

  stop(): void {
    this.queue.stop()
  }

  operations(): Operations {
    return {
      take: operation<TakeRequest>(({ body, actor }) => this.asked('main', body, actor)),
      takeById: operation<TakeRequest>(({ params, body, actor }) => this.asked(params.id, body, actor)),
    }
  }

  /** A take of anything: what was about to be shown before it is not shown any more. */
  async plain(aim: Aim, how: How, actor: string): Promise<Take> {
    const ticket = this.queue.join(aim.program, how.at)
    try {
      await this.queue.others(ticket)
      unlessSuperseded(ticket.ending.signal)
      this.queue.begin(ticket)
      await this.forget(aim.program)
      return await this.deps.program.take(aim, how, actor)
    } finally {
      this.queue.leave(ticket)
    }
  }

  /** Resolves when the take of the camera is on its way to the mixer. Throws what refuses it, and when a newer take came. */
  async take(shot: Shot): Promise<Shown> {
    const { live } = this.deps
    const { program } = shot.aim
    const ticket = this.queue.join(program, shot.at, shot.preset)
    const { signal } = ticket.ending
    try {
      await live.setShot(program, shot)
      // A camera that nobody sees turns already; what fails is tried again at its time.
      if (shot.at !== undefined) void this.prepare(shot.preset, THE_SHOW).catch(() => {})
      await this.queue.moment(ticket)
      unlessSuperseded(signal)
      this.queue.begin(ticket)
      await live.setShot(program, shot)
      return await this.shoot(shot, signal)
    } finally {
      // When the appliance stops, the shot is kept for the next start.
      const current = this.queue.isCurrent(ticket)
      this.queue.leave(ticket)
      if (current) await this.forget(program)
    }
  }

  /** Where a camera is that nobody sees, and that a later shot needs. */
  async prepare(preset: NamedPreset, by: Mover): Promise<Arrival | undefined> {
    const { turning, seen } = this.deps
    const { camera, id } = preset
    const needed = this.queue.needsElsewhere(preset) || seen(camera) || this.promisedTo(camera).length > 0
    if (needed || turning.standsAt(camera)?.id === id) return undefined
    return this.sendings.go(preset, by)
  }

  private async asked(id: string | undefined, request: TakeRequest, by: Actor): Promise<ProgramBody> {
    const { program, turning, clock } = this.deps
    const aim = program.aim(id, request.source)
    this.deps.control.ask(aim.program, 'take', by)
    const { transition, swing, reason } = request
    const hand = { rank: rankOf(by), ...(reason !== undefined && { why: reason }) }
    const actor = by.name
    const at = request.at === undefined ? undefined : clock.of(Date.parse(request.at))
    if (request.preset === undefined) {
      const take = await this.plain(aim, { transition, at, hand }, actor)
      await program.taken(aim.program, take)
      return program.get(aim.program)
    }
    const preset = aim.isCamera ? turning.preset(aim.source, request.preset) : undefined
    if (!preset) throw new VistterError('UNKNOWN_REFERENCE', `${aim.name} has no preset ${request.preset}.`)
    if (typeof swing === 'object') program.aim(id, swing.cutaway)
    const showing = this.take({ aim, preset, swing, transition, at, actor, hand, anyway: false })
    // Nobody waits for what is to be later; what becomes of it is in the activity log.
    if (at !== undefined && at > clock.now() + LIFTED_AFTER) showing.catch(() => {})
    else {
      const { take } = await showing
      await sleep(take.at === undefined ? 0 : take.at - clock.now())
      await program.taken(aim.program, { ...take, at: undefined })
    }
    return program.get(aim.program)
  }

  private async forget(program: string): Promise<void> {
    if (this.deps.live.shots[program]) await this.deps.live.setShot(program, undefined)
  }

  private async shoot(shot: Shot, signal: AbortSignal): Promise<Shown> {
    const { clock, turning } = this.deps
    const { preset, at = 0 } = shot
    unlessSuperseded(signal)
    const way = this.wayOf(shot)
    if (way.do === 'refuse') throw this.refused(shot, way.why)
    if (way.do === 'take') return { ...(await this.reveal(shot)), arrived: true }
    const lifted = Math.max(at, clock.now()) + LIFTED_AFTER
    if (way.do === 'cover') await this.cover(shot, way.cover, signal)
    else if (this.deps.seenIn(preset.camera).length > 0) await sleep(at - clock.now(), signal)
    else await this.unseen(preset.camera, signal)
    unlessSuperseded(signal)
    const begun = clock.mono()
    const { arrived, verified, error } = await this.travel(preset, lifted, signal)
    const journeyMs = Math.round(clock.mono() - begun)
    unlessSuperseded(signal)
    if (!arrived) this.missed(shot, way.do === 'cover', error)
    if (!arrived && way.do !== 'cover' && !shot.anyway) throw asFailure(error)
    const stands = turning.standsAt(preset.camera)?.id === preset.id
    const shown = await this.reveal(shot)
    const known = { ...(verified && { verified }), ...(error && { error }) }
    return { ...shown, arrived: arrived && stands, journeyMs, ...known }
  }

  private wayOf({ aim, preset, swing = FREEZE }: Shot) {
    const { turning, seenIn, live, clock } = this.deps
    const by = [...new Set([...seenIn(preset.camera), ...this.promisedTo(preset.camera)])]
    const take = live.takes[aim.program]
    // The still of a shot that this one replaces goes on covering.
    const covered = take?.still === true && take.source === preset.camera && (take.at ?? 0) <= clock.now()
    return wayOf({
      stands: turning.standsAt(preset.camera)?.id === preset.id,
      here: by.includes(aim.program) && !covered,
      elsewhere: by.filter(one => one !== aim.program),
      swing,
    })
  }

  /** Programs that were told to show it, and may do so with the next frame. */
  private promisedTo(camera: string): string[] {
    const { wiring, takes } = this.deps.live
    return (wiring?.programs ?? []).flatMap(({ id }) => (takes[id]?.source === camera ? [id] : []))
  }

  private async cover(shot: Shot, cover: 'still' | { source: string }, signal: AbortSignal): Promise<void> {
    const { program, clock } = this.deps
    const { aim, at, actor, transition, hand } = shot
    const other = cover === 'still' ? undefined : this.coverAim(aim, cover.source)
    const take = other
      ? await program.take(other, { at, transition, hand }, actor)
      : await program.take(aim, { at, still: true, hand }, actor)
    await sleep((take.at ?? 0) - clock.now(), signal)
    if (!other) return
    await sleep(take.transition?.durationMs ?? 0, signal)
    await this.unseen(shot.preset.camera, signal)
  }

  /** Undefined: the source is gone, and the camera's own picture has to do. */
  private coverAim(aim: Aim, source: string): Aim | undefined {
    try {
      return this.deps.program.aim(aim.program, source)
    } catch {
      return undefined
    }
  }

  /** Until viewers have not got it any more; a picture engine that says nothing keeps no camera. */
  private async unseen(camera: string, signal: AbortSignal): Promise<void> {
    const { clock, seen } = this.deps
    const begun = clock.mono()
    while (seen(camera) && !signal.aborted && clock.mono() - begun < GONE_WITHIN) await sleep(LOOK, signal)
  }

  /** `until`: UTC ms. */
  private async travel(preset: NamedPreset, until: number, signal: AbortSignal): Promise<Omit<Arrival, 'ms'>> {
    const { clock } = this.deps
    const late = sleep(until - clock.now(), signal).then(() => notThere)
    while (!signal.aborted && clock.now() < until) {
      try {
        return await Promise.race([this.sendings.go(preset, THE_SHOW), late])
      } catch (thrown) {
        const failure = asVistterError(thrown)
        // Somebody of the same rank has just moved it: the camera is free soon.
        if (failure.code !== 'PTZ_HELD') return { arrived: false, error: failure.fault }
        await sleep(HELD_RETRY, signal)
      }
    }
    return notThere
  }

  private async reveal(shot: Shot): Promise<Pick<Shown, 'take' | 'at'>> {
    const { program, clock, live } = this.deps
    const fromStill = live.takes[shot.aim.program]?.still === true
    const { aim, actor, hand, transition = fromStill ? FROM_STILL : undefined } = shot
    const at = inTime(shot.at ?? 0, clock.now())
    const take = await program.take(aim, { at, transition, hand }, actor)
    return { take, at }
  }

  private refused({ aim, preset }: Shot, why: string): VistterError {
    const instead = 'show one preset after the other, or take the camera off the other one first'
    return new VistterError('PTZ_ON_AIR', `${aim.name} cannot turn to ${preset.name}: ${why}; ${instead}.`)
  }

  private missed({ aim, preset, actor }: Shot, covered: boolean, error: Fault | undefined): void {
    const shows = covered ? '; it is shown as it stands' : ''
    const message = `${aim.name} did not come to the preset ${preset.name}${shows}: ${error?.detail ?? 'nobody knows why'}`
    const data = { program: aim.program, camera: preset.camera, preset: preset.id, cause: error?.code }
    this.deps.record({ type: 'shot.missed', severity: 'warning', message, actor, data })
  }
}
