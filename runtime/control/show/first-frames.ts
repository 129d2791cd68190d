import type { EngineEvent, Take } from '../../contract/generated/engine.v1.ts'
import { sleep } from '../../lib/clock.ts'

/** So many takes are remembered: they are asked for within seconds. */
const REMEMBERED = 100

/** When takes had their first frames, as the engine tells it. */
export class FirstFrames {
  /** By take: ms after it was due. */
  private readonly late = new Map<string, number>()
  private readonly waiting = new Map<string, () => void>()

  see({ type, data }: Pick<EngineEvent, 'type' | 'data'>): void {
    if (type !== 'program.taken') return
    const { take, latencyMs } = data as { take: string; latencyMs: number }
    this.late.set(take, latencyMs)
    for (const id of [...this.late.keys()].slice(0, -REMEMBERED)) this.late.delete(id)
    this.waiting.get(take)?.()
  }

  /** UTC ms; undefined where nothing is heard within so many ms. */
  async of(
    { id, at = 0, askedAt = 0 }: Pick<Take, 'id' | 'at' | 'askedAt'>,
    within: number,
  ): Promise<number | undefined> {
    if (!this.late.has(id)) {
      const ended = new AbortController()
      this.waiting.set(id, () => ended.abort())
      await sleep(within, ended.signal)
      this.waiting.delete(id)
    }
    const late = this.late.get(id)
    return late === undefined ? undefined : Math.max(at, askedAt) + late
  }
}
