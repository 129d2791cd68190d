import { fault, VistterError } from '../../contract/errors.ts'
import type { Program, ProgramState } from '../../contract/generated/engine.v1.ts'
import type { ProgramSound as SoundBody, SoundPatch } from '../../contract/generated/openapi.v1.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import { type Operations, operation, type Recorder } from '../ports.ts'
import type { Live } from './live.ts'
import type { WiredProgram } from './wires.ts'

/** A program's sound as an operator or a flow chooses it; what is missing is left to the other. */
export interface SoundChoice {
  mute?: boolean
  bed?: { asset?: string; gain?: number; mute?: boolean; ducking?: number }
  /** LUFS; 0: as loud as it comes. */
  loudness?: number
}

/** What a program can be kept at, LUFS. */
const QUIETEST = -40
const LOUDEST = -5

/** A file that can be a bed. */
export interface KeptSound {
  id: string
  name: string
  file: string
}

/** What the operator chose, else what the flow says. */
export const chosenSound = (wired: Pick<WiredProgram, 'sound'>, chosen: SoundChoice = {}): SoundChoice =>
  mergePatch<SoundChoice>(wired.sound ?? {}, chosen)

/** The same for the engine; undefined when there is nothing to say. Pure. */
export function planSound({ mute, bed, loudness }: SoundChoice, sounds: readonly KeptSound[]): Program['sound'] {
  const file = fileOf(bed?.asset, sounds)
  const { gain = 0, mute: muted = false, ducking = 0 } = bed ?? {}
  const sound = {
    ...(mute && { mute }),
    ...(file && { bed: { file, gain, mute: muted, duck: Math.max(0, ducking) } }),
    // The engine takes no other, and a plan that it refused would be the end of every change.
    ...(loudness && { loudness: Math.max(QUIETEST, Math.min(LOUDEST, loudness)) }),
  }
  return Object.keys(sound).length > 0 ? sound : undefined
}

/** A flow may name any file by its path; whoever writes flows may read files anyway. */
const fileOf = (asset: string | undefined, sounds: readonly KeptSound[]): string | undefined =>
  asset?.startsWith('/') ? asset : (asset && named(asset, sounds)?.file) || undefined

const named = (asset: string, sounds: readonly KeptSound[]): KeptSound | undefined =>
  sounds.find(({ id }) => id === asset) ?? sounds.find(({ name }) => name === asset)

interface Deps {
  live: Live
  sounds(): KeptSound[]
  states(): ProgramState[] | undefined
  /** Throws NOT_FOUND. */
  wired(program: string): Pick<WiredProgram, 'id' | 'sound'>
  changed(): Promise<void>
  record: Recorder
}

/** The sound of programs: bed, mute and loudness, live. */
export class ProgramSounds {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      getSound: operation(() => this.get('main')),
      getSoundById: operation(({ params }) => this.get(params.id ?? '')),
      changeSound: operation<SoundPatch>(({ body, actor }) => this.change('main', body, actor.name)),
      changeSoundById: operation<SoundPatch>(({ params, body, actor }) =>
        this.change(params.id ?? '', body, actor.name),
      ),
    }
  }

  private get(program: string): SoundBody {
    const wired = this.deps.wired(program)
    const { mute = false, bed, loudness } = chosenSound(wired, this.deps.live.sounds[wired.id])
    return { mute, bed: this.bed(wired.id, bed), loudness: loudness || null }
  }

  private bed(program: string, bed: SoundChoice['bed']): SoundBody['bed'] {
    if (bed?.asset === undefined) return null
    const { asset, gain = 0, mute = false, ducking = 0 } = bed
    const state = this.deps.states()?.find(({ id }) => id === program)?.bed
    const here = fileOf(asset, this.deps.sounds()) !== undefined
    const error = here ? state?.error : fault('ASSET_MISSING', `There is no sound ${asset}.`)
    return { asset, gain, mute, ducking, playing: (here && state?.playing) ?? false, ...(error && { error }) }
  }

  async change(program: string, patch: SoundPatch, actor: string): Promise<SoundBody> {
    const { live, sounds, changed, record } = this.deps
    const { id } = this.deps.wired(program)
    const { asset } = patch.bed ?? {}
    const found = asset ? named(asset, sounds()) : undefined
    if (asset && !found) throw new VistterError('UNKNOWN_REFERENCE', `There is no sound ${asset}.`)
    if (patch.loudness && patch.loudness > LOUDEST)
      throw new VistterError('BAD_REQUEST', `/loudness: from ${QUIETEST} to ${LOUDEST}, or 0 for as loud as it comes.`)
    await live.changeSound(id, found ? { ...patch, bed: { ...patch.bed, asset: found.id } } : patch)
    const message = `The sound of the program ${id} was changed: ${Object.keys(patch).join(', ')}.`
    record({ type: 'program.sound-changed', severity: 'info', message, actor, data: { program: id, ...patch } })
    await changed()
    return this.get(id)
  }
}
