import type { OclDocument } from '../contract/generated/ocl.v1.ts'
import { safeGrid } from './geometry.ts'
import type { Box, ResolveContext } from './types.ts'

/** A document and its surroundings, with what every layer needs of them. */
export interface Scope {
  document: OclDocument
  context: ResolveContext
  frame: Box
  grid: Box
  /** Position on the timeline less t. */
  shift: number
}

export function scopeOf(document: OclDocument, context: ResolveContext, shift: number): Scope {
  const { resolution } = document.timeline
  return { document, context, frame: { x: 0, y: 0, ...resolution }, grid: safeGrid(resolution), shift }
}
