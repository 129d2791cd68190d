import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import type { OverlaySummary } from '../../contract/generated/openapi.v1.ts'
import { timelineOf } from '../../ocl/compile.ts'
import { bindingsOf } from '../../ocl/data/tokens.ts'
import { tokensIn } from '../../ocl/text.ts'

type Facts = Required<Pick<OverlaySummary, 'duration' | 'scenes' | 'tokens'>>

/** Lists are made at every change of anything, documents are not. */
const known = new WeakMap<OclDocument, Facts>()

/** What people who look after overlays want to know of a document. */
export function overlayFacts(document: OclDocument): Facts {
  let facts = known.get(document)
  if (!facts) {
    const { scenes, fallbacks } = document
    facts = {
      duration: timelineOf(document).end,
      scenes: scenes.map(({ id }) => id).filter(id => id !== fallbacks?.scene),
      tokens: fromOutside(document),
    }
    known.set(document, facts)
  }
  return facts
}

/** Without what the document says by itself: the time of day, how long it is until then, numbers that count. */
function fromOutside(document: OclDocument): Facts['tokens'] {
  const bindings = bindingsOf(document.data)
  const cues = document.scenes.flatMap(({ tracks }) => tracks.flatMap(track => track.cues))
  const named = cues.flatMap(cue => {
    const counts = cue.automation?.some(({ property }) => property === 'number') ?? false
    return tokensIn(cue).filter(name => !(counts && name === 'number'))
  })
  return [...new Set(named)].flatMap(key => {
    const { clock, countdown, default: standing } = bindings.get(key) ?? {}
    return clock || countdown ? [] : [{ key, ...(standing !== undefined && { default: standing }) }]
  })
}
