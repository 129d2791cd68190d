import fc from 'fast-check'
import { kernelOn, loadKernel } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { frameBytes } from '../../runtime/engine/memory/ring.ts'
import type { Sprite } from '../../runtime/engine/memory/sprite.ts'

/** What tests of the kernel paint with, and on. */
export const arena = new Arena()
export const bytes = new Uint8Array(arena.memory.buffer)
export const words = new Int32Array(arena.memory.buffer)
export const kernel = kernelOn(loadKernel(), arena.memory)
/** Guard bytes around every target: whatever is written outside the picture is a torn neighbour. */
export const GUARD = 64

let seed = 1
function noise(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return seed / 2 ** 32
}

export function makeSprite(width: number, height: number, alphaOf: () => number): Sprite {
  const luma = width * height
  const [y, a] = [arena.alloc(luma), arena.alloc(luma)]
  const [u, v, ac] = [0, 1, 2].map(() => arena.alloc(luma / 4))
  for (let n = 0; n < luma; n++) {
    bytes[a + n] = alphaOf()
    bytes[y + n] = Math.round((bytes[a + n] / 255) * (16 + noise() * 219))
  }
  for (let n = 0; n < luma / 4; n++) {
    bytes[ac + n] = alphaOf()
    bytes[u + n] = Math.round((bytes[ac + n] / 255) * (16 + noise() * 224))
    bytes[v + n] = Math.round((bytes[ac + n] / 255) * (16 + noise() * 224))
  }
  return { key: 'k', width, height, y, u, v, a, ac }
}

export function release(...sprites: Sprite[]): void {
  for (const { y, u, v, a, ac, spans } of sprites)
    for (const address of [y, u, v, a, ac, ...(spans ? [spans.luma, spans.chroma] : [])]) arena.release(address)
}

export function makeFrame(width: number, height: number): number {
  const at = arena.alloc(frameBytes(width, height) + 2 * GUARD) + GUARD
  for (let n = -GUARD; n < frameBytes(width, height) + GUARD; n++) bytes[at + n] = 16 + noise() * 219
  return at
}

export const worst = (at: number, expected: number[]) =>
  expected.reduce((most, value, n) => Math.max(most, Math.abs(bytes[at + n] - value)), 0)
export const picture = (at: number, size: number) => Array.from(bytes.subarray(at, at + size))
export const guards = (at: number, size: number) => [...picture(at - GUARD, GUARD), ...picture(at + size, GUARD)]

/** Of a length, evenly: fc.double is nearly always close to 0 or 1. */
export const share = () => fc.integer({ min: 0, max: 1_000 }).map(part => part / 1_000)
export const even = (min: number, max: number) => fc.integer({ min: min / 2, max: max / 2 }).map(half => half * 2)
export const anyAlpha = () => [0, 255, Math.floor(noise() * 256)][Math.floor(noise() * 3)]
