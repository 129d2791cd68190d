import type { EngineState, ReachedTimes } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { awaitedBy } from '../../ocl/awaited.ts'
import { type Operations, operation, type Shelf, type ShowTime } from '../ports.ts'

interface Play {
  startedAt: number
  scene?: string
  reached?: ReachedTimes
}

interface Deps {
  shelf: Shelf<{ document: Record<string, unknown>; playing?: Play }>
  clock: ShowTime
  /** As far as this release knows it; undefined: it cannot be shown. */
  documentOf(document: Record<string, unknown>): OclDocument | undefined
  changed(): Promise<void>
}

/** One of them. */
interface What {
  preset?: string
  milestone?: string
}

type Kind = keyof ReachedTimes

/** Nobody names more; a runaway flow must not fill the memory. */
const MOST_NAMES = 1_000

/**
 * What cues wait for: presets that cameras have reached, and milestones of the show. Once an overlay on air has been told
 * that something was reached, that holds for as long as it plays: a cue that is there must not leave for a lost stream.
 */
export class Waits {
  private readonly now: Record<Kind, Map<string, number>> = { presets: new Map(), milestones: new Map() }
  private milestones = ''
  private stand: ReadonlySet<string> = new Set()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Not of the API: for flows, and for whatever moves cameras. */
  operations(): Operations {
    return {
      overlayReached: operation<What>(async ({ body: { preset, milestone } }) => {
        if (preset !== undefined) await this.reached('presets', preset)
        if (milestone !== undefined) await this.reached('milestones', milestone)
        return { ...(preset !== undefined && { preset }), ...(milestone !== undefined && { milestone }) }
      }),
    }
  }

  /** A camera stands at the preset, verified; or something named came to pass. Resolves when overlays on air know. */
  reached(kind: Kind, name: string): Promise<void> {
    const known = this.now[kind]
    if (known.size < MOST_NAMES || known.has(name)) known.set(name, this.deps.clock.now())
    return this.tell()
  }

  /**
   * Presets at which cameras verifiably stand now: those that are new have been reached; those that were left are waited for
   * anew by overlays that are played from now on.
   */
  async standing(presets: readonly string[]): Promise<void> {
    const before = this.stand
    this.stand = new Set(presets)
    for (const preset of before) if (!this.stand.has(preset)) this.now.presets.delete(preset)
    for (const preset of this.stand) if (!before.has(preset)) await this.reached('presets', preset)
  }

  /** Takes the show's own milestones from what the engine says. */
  async see(state: EngineState | undefined): Promise<void> {
    const milestones = milestonesOf(state)
    const text = JSON.stringify(milestones)
    if (text === this.milestones) return
    for (const name of Object.keys(JSON.parse(this.milestones || '{}'))) this.now.milestones.delete(name)
    for (const [name, at] of Object.entries(milestones)) this.now.milestones.set(name, this.deps.clock.of(at))
    this.milestones = text
    await this.tell()
  }

  /** What a document that begins to play waits for and has come already; undefined: nothing. */
  known(document: OclDocument): ReachedTimes | undefined {
    return this.grown(document, undefined)
  }

  private async tell(): Promise<void> {
    let news = false
    for (const { id, body } of this.deps.shelf.list()) {
      const document = body.playing && this.deps.documentOf(body.document)
      if (!document || !this.grown(document, body.playing?.reached)) continue
      news = true
      await this.deps.shelf.write(id, present => {
        const body = present?.body ?? { document: { ...document } }
        const reached = body.playing && this.grown(document, body.playing.reached)
        return { body: body.playing && reached ? { ...body, playing: { ...body.playing, reached } } : body }
      })
    }
    if (news) await this.deps.changed()
  }

  /** With what has come since; undefined: nothing has. */
  private grown(document: OclDocument, have: ReachedTimes | undefined): ReachedTimes | undefined {
    const { presets, milestones } = awaitedBy(document)
    const fresh = (kind: Kind, names: string[]) =>
      names.flatMap(name => {
        const at = this.now[kind].get(name)
        return at === undefined || (have && Object.hasOwn(have[kind], name)) ? [] : [[name, at] as const]
      })
    const [newPresets, newMilestones] = [fresh('presets', presets), fresh('milestones', milestones)]
    if (newPresets.length + newMilestones.length === 0) return undefined
    return {
      presets: { ...have?.presets, ...Object.fromEntries(newPresets) },
      milestones: { ...have?.milestones, ...Object.fromEntries(newMilestones) },
    }
  }
}

/** `program.start`, `stream.live` (the first destination), `destination.<id>.live`; UTC ms. Pure. */
export function milestonesOf(state: EngineState | undefined): Record<string, number> {
  if (!state) return {}
  const live = state.outputs.filter(({ status }) => status === 'live')
  return {
    'program.start': state.startedAt,
    ...(live.length > 0 && { 'stream.live': Math.min(...live.map(({ since }) => since)) }),
    ...Object.fromEntries(live.map(({ id, since }) => [`destination.${id}.live`, since])),
  }
}
