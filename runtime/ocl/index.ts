/** The overlay language: what a document means, as pure functions. */
export type { OclDocument } from '../contract/generated/ocl.v1.ts'
export { bitmapPlace, type Fit, fitInto, onPicture } from './fit.ts'
export { nextChange, resolve } from './resolve.ts'
export { type SpriteSpec, spriteKeyOf, spritesOf, textsOf } from './sprites.ts'
export { textKeyOf } from './text.ts'
export type { AssetInfo, Box, Content, DrawnText, Finding, Layer, ResolveContext, Resolved, Size } from './types.ts'
export { type OclCheck, validateOcl } from './validate.ts'
