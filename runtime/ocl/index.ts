/** The overlay language: what a document means, as pure functions. */
export type { OclDocument } from '../contract/generated/ocl.v1.ts'
export { bitmapPlace, type Fit, fitInto, onPicture } from './fit.ts'
export { nextChange, resolve } from './resolve.ts'
export { sameSprite, spriteKeyOf, spritesOf } from './sprites.ts'
export { standingIn } from './stand-in.ts'
export { parseDuration, parseFrameRate } from './time.ts'
export type { Layer, ResolveContext } from './types.ts'
export { validateOcl } from './validate.ts'
