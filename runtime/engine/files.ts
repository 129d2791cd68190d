import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A file of the engine by its path below this folder: worker scripts and the kernel. It works from the sources
 * (tests run .ts) and from the build (main.js holds this module, and the workers stand beside it as .js).
 */
const extension = extname(fileURLToPath(import.meta.url))

export const scriptFile = (path: string): URL => new URL(`./${path}${extension}`, import.meta.url)

export const kernelFile = (): URL => new URL('./kernel/kernel.wasm', import.meta.url)
