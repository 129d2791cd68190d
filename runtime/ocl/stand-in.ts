import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import type { ResolveContext } from './types.ts'

/**
 * With this context resolve gives what stands in for cues whose own pictures are not ready, in their places: for assets the
 * next of their fallbacks, for words the document's. Undefined: nothing ever does.
 */
export function standingIn(document: OclDocument, context: ResolveContext): ResolveContext | undefined {
  const { asset, text } = document.fallbacks ?? {}
  const some = asset !== undefined || text !== undefined || document.assets?.some(one => one.fallback !== undefined)
  return some ? { ...context, standIn: true } : undefined
}
