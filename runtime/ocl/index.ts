/** The overlay language: what a document means, as pure functions. */
export { bitmapPlace, type Fit, fitInto, onPicture } from './fit.ts'
export { nextChange, resolve } from './resolve.ts'
export { spriteKeyOf } from './sprites.ts'
export type { Finding, Layer, ResolveContext, Resolved } from './types.ts'
export { type OclCheck, validateOcl } from './validate.ts'
