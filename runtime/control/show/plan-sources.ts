import type { Source } from '../../contract/generated/engine.v1.ts'
import type { PlanFacts, PlannedCamera } from './plan.ts'
import type { WiredSource } from './wired-sources.ts'

/** Puts the source that a wire makes among the others; answers its id. */
export function addWired({ id, name, ref }: WiredSource, facts: PlanFacts, sources: Map<string, Source>): string {
  if (ref.kind === 'clip') sources.set(id, { id, name, ...ref })
  else if (ref.kind === 'bars') sources.set(id, { kind: 'bars', id, name, tone: ref.tone })
  else sources.set(id, slateSource(id, ref, facts))
  return id
}

export function cameraSource(camera: PlannedCamera): Source {
  const { id, name, url, username, password, audio, gain, onFrozen, fit, mode } = camera
  const sound = { audio: audio === 'on', ...(gain !== undefined && { gain }) }
  return { kind: 'camera', id, name, url, username, password, ...sound, onFrozen, fit, mode }
}

export function slateSource(
  id: string,
  text: { title: string; subtitle: string; image?: string },
  facts: PlanFacts,
): Source {
  const title = fill(text.title, facts)
  const subtitle = fill(text.subtitle, facts)
  return { kind: 'slate', id, name: 'Slate', title, subtitle, ...(text.image ? { image: text.image } : {}) }
}

function fill(text: string, { settings }: PlanFacts): string {
  const values: Record<string, string> = { ...settings.tokens, locationName: settings.locationName }
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, key: string) => values[key] ?? '')
}
