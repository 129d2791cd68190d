import type { Overlay } from '../contract/generated/engine.v1.ts'
import type { Size } from '../ocl/types.ts'
import type { Graphics } from './graphics/graphics.ts'
import { type Kernel, LAYER_BYTES, LAYER_WORDS, writeLayer } from './kernel/kernel.ts'
import type { Arena } from './memory/arena.ts'
import { frameBytes } from './memory/ring.ts'
import { Player } from './mixer/player.ts'

/**
 * What an overlay looks like at one moment (t, ms since it was started) over an I420 frame, as I420: prepared, placed and
 * blended by the very parts that do it on air, so it is that picture to the last pixel. What it lacks is told as an event.
 */
export async function stillOf(
  { arena, graphics, kernel }: { arena: Arena; graphics: Graphics; kernel: Kernel },
  overlay: Overlay,
  t: number,
  ground: { frame: Uint8Array } & Size,
): Promise<Uint8Array> {
  const { width, height } = ground
  const prepared = await graphics.prepare(overlay, { width, height }, { only: t })
  const player = new Player(prepared, { width, height })
  player.seek(prepared.startedAt + t)
  const bytes = frameBytes(width, height)
  const base = arena.alloc(bytes)
  const target = arena.alloc(bytes)
  const list = arena.alloc(Math.max(1, player.placed.length) * LAYER_BYTES)
  try {
    const memory = new Uint8Array(arena.memory.buffer)
    memory.set(ground.frame, base)
    const words = new Int32Array(arena.memory.buffer, list, player.placed.length * LAYER_WORDS)
    for (const [n, layer] of player.placed.entries()) writeLayer(words, n * LAYER_WORDS, layer)
    kernel.compose(target, base, width, height, list, player.placed.length)
    return memory.slice(target, target + bytes)
  } finally {
    for (const at of [base, target, list]) arena.release(at)
    graphics.release(prepared)
  }
}
