import { VistterError } from '../../contract/errors.ts'
import type { PictureRequest } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { reachedAt } from '../../ocl/awaited.ts'
import { type Operations, operation } from '../ports.ts'
import { toFraction } from './frame-rate.ts'
import { type LiveFacts, overlayWords } from './overlay-words.ts'
import type { PlanFacts } from './plan.ts'

interface When {
  /** ms since its start. */
  at?: number
  scene?: string | undefined
}

interface Query extends When {
  width?: number
  ground?: PictureRequest['ground']
}

export interface KeptOverlay {
  id: string
  document: OclDocument
  /** Local file of each asset that is here. */
  assets: Record<string, string>
}

export interface PictureFacts {
  settings: PlanFacts['settings']
  live?: LiveFacts
}

/** What pictures beside the show are made with. */
export interface Drawing<Facts = PictureFacts> {
  /** Throws where there is none, or it cannot be shown. */
  overlay(id: string): KeptOverlay
  facts(): Facts
  draw(request: PictureRequest): Promise<Buffer>
}

/** Pixels, where nobody says otherwise. */
export const WIDTH = 960

/** How a stored overlay looks at a moment, with the words of now: for people who prepare it. Nothing on air changes. */
export class OverlayPictures {
  private readonly deps: Drawing

  constructor(deps: Drawing) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      getOverlayPicture: operation<undefined, Query>(async ({ params, query }) => {
        const { width = WIDTH, ground = 'checker' } = query
        const facts = this.deps.facts()
        const overlays = [pictured(this.deps.overlay(params.id ?? ''), facts, query)]
        return this.deps.draw({ overlays, picture: pictureOf(facts), outWidth: width, ground })
      }),
    }
  }
}

/** The size and rate of what is asked for: the program's. */
export const pictureOf = ({ settings }: Pick<PictureFacts, 'settings'>): PictureRequest['picture'] => {
  const { width, height, fps } = settings.program
  return { width, height, frameRate: toFraction(fps) }
}

/** An overlay at a moment of its time, as the engine is asked for it. Throws UNKNOWN_REFERENCE. Pure. */
export function pictured({ id, document, assets }: KeptOverlay, facts: PictureFacts, { at = 0, scene }: When) {
  if (scene !== undefined && !document.scenes.some(each => each.id === scene))
    throw new VistterError('UNKNOWN_REFERENCE', `Overlay ${id} has no scene ${scene}.`)
  const { settings, live } = facts
  const startedAt = (live?.now ?? 0) - at
  // Whoever prepares it wants to see what waits, too.
  const reached = reachedAt(document, () => startedAt)
  const playing = { startedAt, reached, ...(scene !== undefined && { scene }) }
  const words = overlayWords({ document: { ...document }, playing }, settings, live)
  return {
    overlay: { id, program: 'picture', document: words.document, assets, tokens: words.tokens, playing },
    at,
  }
}
