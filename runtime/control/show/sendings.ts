import type { Arrival } from '../../contract/generated/openapi.v1.ts'
import type { Mover, NamedPreset, Turning } from '../ports.ts'

/** Cameras on their way to presets for shows. */
export class Sendings {
  /** By camera. */
  private readonly underWay = new Map<string, { preset: string; arrival: Promise<Arrival> }>()
  private readonly turning: Turning

  constructor(turning: Turning) {
    this.turning = turning
  }

  /** One that is under way to the same preset is not begun anew. */
  async go(preset: NamedPreset, by: Mover): Promise<Arrival> {
    const before = this.underWay.get(preset.camera)
    if (before?.preset === preset.id) {
      const answer = await before.arrival.catch(() => undefined) // whoever began it was told
      if (answer?.arrived) return answer
    }
    const own = { preset: preset.id, arrival: this.turning.go(preset, by) }
    this.underWay.set(preset.camera, own)
    try {
      return await own.arrival
    } finally {
      if (this.underWay.get(preset.camera) === own) this.underWay.delete(preset.camera)
    }
  }
}
