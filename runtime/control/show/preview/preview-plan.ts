import type { DesiredState, Overlay, Program, Take } from '../../../contract/generated/engine.v1.ts'
import type { Following, Play } from '../overlay-play.ts'
import { wordsAhead } from '../overlay-words.ts'
import type { PlanFacts } from '../plan.ts'

/** The hidden program that carries what is previewed. */
export const PREVIEW = 'preview-bus'

/** An overlay as it plays in the preview, whatever it does on air. */
export interface PreviewedOverlay {
  id: string
  playing?: Play
  following?: Following
}

/** What is previewed just now. */
export interface Previewed {
  /** The program that it is to be seen as on. */
  like: string
  onAir: Take
  overlays: readonly PreviewedOverlay[]
}

/** What the engine tells of it concerns nobody: nothing of it was on air. */
export const isOfPreview = ({ data }: { data: object }): boolean => 'program' in data && data.program === PREVIEW

/** Overlays as the facts have them, but played as in the preview. Pure. */
export const overlaysOf = ({ overlays }: Previewed, facts: PlanFacts): PlanFacts['overlays'] =>
  facts.overlays.flatMap(({ id, document, assets }) => {
    const { playing, following } = overlays.find(each => each.id === id) ?? {}
    return playing ? [{ id, document, assets, playing, ...(following && { following }) }] : []
  })

/** With one program more: the same size, view and fallbacks, its own picture, its own overlays and no sound bed. Pure. */
export function withPreview(desired: DesiredState, previewed: Previewed | undefined, facts: PlanFacts): DesiredState {
  const model = previewed && desired.programs.find(({ id }) => id === previewed.like)
  if (!model) return desired
  const { override: _, sound: __, ...rest } = model
  const buses: Program['buses'] = [{ id: 'all', overlays: 'all' }]
  const program: Program = { ...rest, id: PREVIEW, onAir: previewed.onAir, buses }
  const overlays = overlaysOf(previewed, facts).map((overlay): Overlay => {
    const { id, assets, playing } = overlay
    const { document, tokens, next } = wordsAhead(overlay, facts.settings, facts.live)
    return { id, program: PREVIEW, document, assets, tokens, ...(playing && { playing }), ...(next && { next }) }
  })
  return { ...desired, programs: [...desired.programs, program], overlays: [...desired.overlays, ...overlays] }
}
