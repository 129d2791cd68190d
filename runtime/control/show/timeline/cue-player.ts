import { asVistterError, VistterError } from '../../../contract/errors.ts'
import type { Take } from '../../../contract/generated/engine.v1.ts'
import type { Fault, PlayRequest, SoundPatch } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import type { Mover, NamedPreset, Turning } from '../../ports.ts'
import type { Beginning, Ending } from '../overlay-play.ts'
import type { Aim, Program } from '../program.ts'
import { type Shots, THE_SHOW } from '../shots.ts'
import type { SoundChoice } from '../sound.ts'
import { inTime } from '../take-lead.ts'
import { type OverlaySpan, playRequest } from './overlay-span.ts'
import { overlayOf, type ScoredCue, sceneOf } from './score.ts'

/** A picture that is on its way to the mixer. Times in UTC ms. */
export interface Showing {
  /** Its first frame. */
  at: number
  /** When viewers have nothing of the one before any more. */
  alone: number
  /** By which it is put on air. */
  take?: Take
  camera?: string
  journeyMs?: number
  /** Why the camera does not stand where it should. */
  error?: Fault
}

interface Deps {
  program: Pick<Program, 'aim'>
  shots: Pick<Shots, 'plain' | 'take' | 'prepare'>
  turning: Turning
  overlays: {
    play(id: string, request: PlayRequest & Beginning, actor: string): Promise<unknown>
    prolong(id: string, endsAt: number | undefined): Promise<void>
    halt(id: string, actor: string, when?: Ending): Promise<unknown>
    isPlaying(id: string): boolean
    playsOn(id: string, scene: string | undefined, at: number): boolean
    lasts(id: string, ms: number): boolean
  }
  changeSound(program: string, patch: SoundPatch, actor: string): Promise<unknown>
  /** What was chosen for it. */
  soundOf(program: string): SoundChoice
  clock: Clock
}

/** Carries out what a cue says, by the same takes, plays and moves as people's. */
export class CuePlayer {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** `at`: UTC ms. Throws what keeps the picture from being shown at all. */
  async picture(cue: ScoredCue, program: string, at: number, actor: string): Promise<Showing> {
    const { shots, turning } = this.deps
    const { transition, swing, preset: wanted } = cue
    const known = wanted === undefined || cue.camera !== undefined ? undefined : turning.preset(undefined, wanted)
    const aim = this.deps.program.aim(program, cue.camera ?? cue.clip ?? known?.camera ?? '')
    if (wanted === undefined) return this.plain(cue, aim, at, actor)
    const preset = turning.preset(aim.source, wanted)
    if (!preset) throw new VistterError('UNKNOWN_REFERENCE', `${aim.name} has no preset ${wanted}.`)
    try {
      const shown = await shots.take({ aim, preset, swing, transition, at, actor, anyway: true })
      const { take, journeyMs, error } = shown
      const alone = shown.at + (take.transition?.durationMs ?? 0)
      return {
        ...{ at: shown.at, alone, take, camera: aim.source },
        ...(journeyMs !== undefined && { journeyMs }),
        ...(error && { error }),
      }
    } catch (thrown) {
      const failure = asVistterError(thrown)
      // A newer take of somebody's is on air. Where only the camera cannot be had, it is shown as it stands.
      if (failure.code === 'CONFLICT') throw failure
      return { ...(await this.plain(cue, aim, at, actor)), error: failure.fault }
    }
  }

  private async plain({ transition }: ScoredCue, aim: Aim, due: number, actor: string): Promise<Showing> {
    const at = inTime(due, this.deps.clock.now())
    const take = await this.deps.shots.plain(aim, { transition, at }, actor)
    const alone = at + (take.transition?.durationMs ?? 0)
    return { at, alone, take, ...(aim.isCamera && { camera: aim.source }) }
  }

  /** Nothing has a picture from then on. */
  async gap(program: string, at: number, actor: string): Promise<void> {
    const { shots } = this.deps
    await shots.plain(this.deps.program.aim(program, 'slate'), { at }, actor)
  }

  /** Off air; `at` is when the camera stood there. */
  async turn({ camera, preset: wanted = '' }: ScoredCue, by: Mover): Promise<Showing> {
    const { turning, clock } = this.deps
    const preset = turning.preset(camera, wanted)
    if (!preset) throw new VistterError('UNKNOWN_REFERENCE', `There is no preset ${wanted}.`)
    const { ms, error } = await turning.go(preset, by)
    const at = clock.now()
    return { at, alone: at, camera: preset.camera, journeyMs: ms, ...(error && { error }) }
  }

  async overlay(cue: ScoredCue, span: OverlaySpan, actor: string): Promise<void> {
    const id = overlayOf(cue)
    if (id !== undefined) await this.deps.overlays.play(id, playRequest(cue, span), actor)
  }

  /** Whether the overlay of a cue is on air already, and has something to show after a moment (UTC ms), too. */
  playsOn(cue: ScoredCue, at: number): boolean {
    return this.deps.overlays.playsOn(overlayOf(cue) ?? '', sceneOf(cue), at)
  }

  /** Whether the overlay of a cue has something to show when it has been playing for so long (ms). */
  lasts(cue: ScoredCue, ms: number): boolean {
    return this.deps.overlays.lasts(overlayOf(cue) ?? '', ms)
  }

  /** The overlay of a cue that is under way ends at another time (UTC ms), or when it is told. */
  async prolong(cue: ScoredCue, endsAt: number | undefined): Promise<void> {
    const id = overlayOf(cue)
    if (id !== undefined) await this.deps.overlays.prolong(id, endsAt)
  }

  /** At once, or with the frame of a moment (UTC ms). */
  async endOverlay(id: string, actor: string, at?: number): Promise<void> {
    const { overlays } = this.deps
    if (overlays.isPlaying(id)) await overlays.halt(id, actor, at === undefined ? {} : { at: rfc3339(at), cued: true })
  }

  async sound({ audio }: ScoredCue, program: string, at: number, actor: string): Promise<void> {
    if (!audio) return
    await sleep(at - this.deps.clock.now())
    await this.deps.changeSound(program, audio, actor)
  }

  soundOf(program: string): SoundChoice {
    return this.deps.soundOf(program)
  }

  /** From a moment (UTC ms) on it sounds as whoever asks makes of what is chosen by then. */
  async retune(
    program: string,
    at: number,
    to: (present: SoundChoice) => SoundPatch | undefined,
    actor: string,
  ): Promise<void> {
    await sleep(at - this.deps.clock.now())
    const patch = to(this.deps.soundOf(program))
    if (patch) await this.deps.changeSound(program, patch, actor)
  }

  /** The preset that a cue needs. */
  presetOf({ camera, preset }: ScoredCue, program: string): NamedPreset | undefined {
    if (preset === undefined) return undefined
    try {
      const source = camera === undefined ? undefined : this.deps.program.aim(program, camera).source
      return this.deps.turning.preset(source, preset)
    } catch {
      return undefined
    }
  }

  /** Where nobody sees the camera it turns now. What fails is tried again at the cue's time, and told then. */
  prepare(preset: NamedPreset, rank: Mover['rank']): void {
    void this.deps.shots.prepare(preset, { ...THE_SHOW, rank }).catch(() => {})
  }
}
