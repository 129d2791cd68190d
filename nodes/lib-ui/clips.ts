import type { WiredClip } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Live } from './live-state.ts'

/** What the flow wires to any program besides cameras, each once; undefined: not known yet. Pure. */
export function clipsIn({ programs }: Pick<Live, 'programs'>): WiredClip[] | undefined {
  const all = Object.values(programs)
  if (all.length === 0) return undefined
  const clips = new Map(all.flatMap(({ clips = [] }) => clips.map(clip => [clip.id, clip] as const)))
  return [...clips.values()]
}
