import { VistterError } from '../../contract/errors.ts'
import type { ProgramState, Take } from '../../contract/generated/engine.v1.ts'
import type { OverrideRequest, Program as ProgramBody, TransitionRequest } from '../../contract/generated/openapi.v1.ts'
import { rfc3339, sleep } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { parseDuration } from '../../ocl/time.ts'
import { type Actor, type Operations, operation, type Recorder, type ShowTime } from '../ports.ts'
import { type Control, overrideAction } from './control.ts'
import type { Live } from './live.ts'
import type { Overrides } from './overrides.ts'
import { isFeed } from './plan.ts'
import { PREVIEW } from './preview/preview-plan.ts'
import type { Rank } from './ranks.ts'
import { clipsOf, findWired, sourceName } from './wired-sources.ts'
import { sourceReached, type WiredProgram } from './wires.ts'

const DEFAULT_TRANSITION_MS = 500
/** A take is on air with the next frames; its answer waits for that, but not for ever. */
const TAKE_SEEN_EVERY = 25
const TAKE_SEEN_WITHIN = 500
/** A take that is due within this (ms) is as good as on air. */
const PROMISED = 1_000
const OVERDUE = 10_000

interface Deps {
  live: Live
  overrides: Pick<Overrides, 'of' | 'set' | 'release'>
  control: Pick<Control, 'ask' | 'of'>
  clock: ShowTime
  cameras(): { id: string; name: string; mode?: string }[]
  states(): ProgramState[] | undefined
  /** Asks the engine for its present state; throws ENGINE_DOWN. */
  refresh(): Promise<unknown>
  /** The preset at which a camera verifiably stands. */
  standsAt(camera: string): { id: string; name: string } | undefined
  changed(): Promise<void>
  record: Recorder
}

/** Something that a program can show. */
export interface Aim {
  program: string
  source: string
  name: string
  isCamera: boolean
}

/** Whose hand it is. */
export interface Hand {
  rank: Rank
  why?: string
}

/** `at`: UTC ms. */
export interface How {
  transition?: TransitionRequest | undefined
  at?: number | undefined
  /** Its last picture stays. */
  still?: boolean
  /** Somebody takes it, instead of a show: it gives control until the next cue. */
  hand?: Hand | undefined
}

/** What is on air, and what is put there. */
export class Program {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Every program that the engine runs and a flow has. */
  list(): ProgramBody[] {
    return (this.deps.states() ?? []).filter(({ id }) => !isFeed(id) && id !== PREVIEW).map(state => this.shown(state))
  }

  operations(): Operations {
    return {
      getProgram: operation(() => this.get('main')),
      getProgramById: operation(({ params }) => this.get(params.id)),
      override: operation<OverrideRequest>(({ body, actor }) => this.override('main', body, actor)),
      overrideById: operation<OverrideRequest>(({ params, body, actor }) => this.override(params.id, body, actor)),
      release: operation(({ actor }) => this.release('main', actor)),
      releaseById: operation(({ params, actor }) => this.release(params.id, actor)),
    }
  }

  private async override(program: string | undefined, request: OverrideRequest, actor: Actor): Promise<ProgramBody> {
    const { id } = this.wired(program)
    this.deps.control.ask(id, overrideAction(request.kind), actor)
    await this.deps.overrides.set(id, request, actor)
    const inForce = request.kind === 'stop' ? undefined : request.kind
    await this.seen(id, state => state.override === inForce)
    return this.get(id)
  }

  private async release(program: string | undefined, actor: Actor): Promise<void> {
    const { id } = this.wired(program)
    this.deps.control.ask(id, 'release', actor)
    await this.deps.overrides.release(id, actor.name)
  }

  /** What a source is called here. Throws where it does not exist, is switched off, or no wire leads from it. */
  aim(program: string | undefined, wanted: string): Aim {
    const { cameras } = this.deps
    const wired = this.wired(program)
    const { id: source, name } = this.named(wanted, wired)
    if (!sourceReached(wired, source, cameras()))
      throw new VistterError('NOT_WIRED', `In the flow, no wire leads from ${name} to the program ${wired.id}.`)
    const camera = cameras().find(({ id }) => id === source)
    if (camera?.mode === 'off')
      throw new VistterError('CONFLICT', `${name} is switched off: set its mode to "auto", "hot" or "standby" first.`)
    return { program: wired.id, source, name, isCamera: camera !== undefined }
  }

  /** Resolves once the engine knows of it. */
  async take({ program, source, name }: Aim, how: How, actor: string): Promise<Take> {
    const { live, clock, changed, record } = this.deps
    const { at, transition, still = false, hand } = how
    const later = at !== undefined && at > clock.now()
    const take: Take = {
      id: newId(),
      source,
      why: `taken by ${actor}`,
      askedAt: clock.now(),
      ...(later && { at }),
      ...(transition && { transition: transitionOf(transition) }),
      ...(still && { still }),
    }
    if (hand) await live.setTaker(program, { take: take.id, by: actor, since: clock.told(clock.now()), ...hand })
    await live.setTake(program, take)
    const what = still ? `The picture of ${name} was held` : `${name} was taken to the program`
    record({
      type: 'program.take',
      severity: 'info',
      message: `${what}${later ? ` for ${rfc3339(clock.told(at))}` : ''}${hand?.why === undefined ? '.' : `: ${hand.why}`}`,
      actor,
      data: { program, ...take, askedAt: clock.told(take.askedAt ?? 0), ...(later && { at: clock.told(at) }) },
    })
    await changed()
    return take
  }

  /** Resolves once the take is on air; one for later, and one of which nothing is heard, keep nobody waiting. */
  async taken(program: string, take: Take): Promise<void> {
    if (take.at === undefined) await this.seen(program, state => state.take === take.id)
  }

  private async seen(program: string, there: (state: ProgramState) => boolean): Promise<void> {
    for (let waited = 0; waited < TAKE_SEEN_WITHIN; waited += TAKE_SEEN_EVERY) {
      const state = this.deps.states()?.find(({ id }) => id === program)
      if (!state || there(state)) return
      await sleep(TAKE_SEEN_EVERY)
      await this.deps.refresh()
    }
  }

  get(program: string | undefined): ProgramBody {
    const wired = this.wired(program)
    const states = this.deps.states()
    const state = states?.find(({ id }) => id === wired.id)
    if (!state) throw new VistterError('ENGINE_DOWN', 'The picture engine is not there.')
    return this.shown(state)
  }

  private shown(state: ProgramState): ProgramBody {
    const take = this.deps.live.takes[state.id]
    const transition = take && take.id === state.take ? take.transition : undefined
    const { source, wanted } = state
    const { clock } = this.deps
    const preset = this.deps.standsAt(source)
    return {
      id: state.id,
      ...{ source, sourceName: this.nameIn(state.id, source) },
      ...(state.still && { still: true }),
      ...(preset && { preset: preset.id, presetName: preset.name }),
      ...{ wanted, wantedName: this.nameIn(state.id, wanted) },
      ...(state.taken && { taken: state.taken }),
      ...(state.sound && { sound: state.sound }),
      ...(transition && {
        transition: {
          type: transition.type,
          duration: transition.durationMs,
          ...(transition.direction && { direction: transition.direction }),
        },
      }),
      overlays: state.overlays.map(({ id, scene, layers }) => ({ id, scene: scene ?? null, layers })),
      override: this.deps.overrides.of(state.id),
      control: this.deps.control.of(state.id),
      clips: clipsOf(this.found(state.id)?.sources ?? []),
      fallback: state.fallback,
      frames: state.frames,
      time: rfc3339(clock.told(clock.now())),
    }
  }

  /** What people call a source of the program, which the flow may have lost already. */
  nameIn(program: string, source: string): string {
    return sourceName(source, this.found(program) ?? unwired(program), this.deps.cameras())
  }

  /** Whether a take of the camera is on its way to its first frame: whoever moves it now is seen doing so. */
  isPromised(camera: string): boolean {
    const { live, states, clock } = this.deps
    const soon = clock.now() + PROMISED
    return Object.entries(live.takes).some(([program, take]) => {
      const due = take.at ?? take.askedAt ?? 0
      // One that has not come by then never will: its source is wired no more.
      if (take.source !== camera || take.still || due > soon || due < soon - OVERDUE) return false
      return states()?.find(({ id }) => id === program)?.take !== take.id
    })
  }

  /** The programs of the flow, whether or not an engine is there to run them. */
  ids(): string[] {
    return this.deps.live.wiring?.programs.map(({ id }) => id) ?? ['main']
  }

  /** `main` is there before the first flow has spoken. */
  wired(program = 'main'): WiredProgram {
    const wired = this.found(program)
    if (wired) return wired
    if (program === 'main') return unwired(program)
    throw new VistterError('NOT_FOUND', `No flow has a program ${program}.`)
  }

  private found(program: string): WiredProgram | undefined {
    return this.deps.live.wiring?.programs.find(({ id }) => id === program)
  }

  /** A camera, or something that a wire alone names. An id goes before a name: a camera may be called like a clip. */
  private named(source: string, { sources }: Pick<WiredProgram, 'sources'>): { id: string; name: string } {
    if (source === 'slate') return { id: source, name: 'The slate' }
    const wired = findWired(sources, source)
    const all = [...this.deps.cameras(), ...(wired ? [wired] : [])]
    const found = all.find(({ id }) => id === source) ?? all.find(({ name }) => name === source)
    if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no camera ${source}, nor a clip of that name.`)
    return found
  }
}

const unwired = (id: string): WiredProgram => ({ id, sources: [], fallback: [] })

export function transitionOf({ type, duration, direction }: TransitionRequest): Take['transition'] {
  const durationMs = type === 'cut' ? 0 : parseDuration(duration ?? DEFAULT_TRANSITION_MS)
  if (durationMs === undefined)
    throw new VistterError('BAD_REQUEST', `/transition/duration: "${duration}" is not a duration, such as "500ms".`)
  return { type, durationMs, ...(direction && { direction }) }
}
