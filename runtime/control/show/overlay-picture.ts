import { VistterError } from '../../contract/errors.ts'
import type { PictureRequest } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { reachedAt } from '../../ocl/awaited.ts'
import { type Operations, operation } from '../ports.ts'
import { toFraction } from './frame-rate.ts'
import { type LiveFacts, overlayWords } from './overlay-words.ts'
import type { PlanFacts } from './plan.ts'

interface Query {
  at?: number
  scene?: string
  width?: number
  ground?: PictureRequest['ground']
}

interface Kept {
  id: string
  document: OclDocument
  /** Local file of each asset that is here. */
  assets: Record<string, string>
}

interface Facts {
  settings: PlanFacts['settings']
  live?: LiveFacts
}

interface Deps {
  /** Throws where there is none, or it cannot be shown. */
  overlay(id: string): Kept
  facts(): Facts
  draw(request: PictureRequest): Promise<Buffer>
}

const WIDTH = 960

/** How a stored overlay looks at a moment, with the words of now: for people who prepare it. Nothing on air changes. */
export class OverlayPictures {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return {
      getOverlayPicture: operation<undefined, Query>(async ({ params, query }) =>
        this.deps.draw(pictureRequest(this.deps.overlay(params.id ?? ''), this.deps.facts(), query)),
      ),
    }
  }
}

/** What the engine is asked for. Throws UNKNOWN_REFERENCE. Pure. */
function pictureRequest({ id, document, assets }: Kept, facts: Facts, query: Query): PictureRequest {
  const { at = 0, scene, width = WIDTH, ground = 'checker' } = query
  if (scene !== undefined && !document.scenes.some(each => each.id === scene))
    throw new VistterError('UNKNOWN_REFERENCE', `Overlay ${id} has no scene ${scene}.`)
  const { settings, live } = facts
  const startedAt = (live?.now ?? 0) - at
  // Whoever prepares it wants to see what waits, too.
  const reached = reachedAt(document, () => startedAt)
  const playing = { startedAt, reached, ...(scene !== undefined && { scene }) }
  const words = overlayWords({ document: { ...document }, playing }, settings, live)
  const { width: w, height: h, fps } = settings.program
  return {
    overlay: { id, program: 'picture', document: words.document, assets, tokens: words.tokens, playing },
    picture: { width: w, height: h, frameRate: toFraction(fps) },
    at,
    outWidth: width,
    ground,
  }
}
