import type { Profile, Speed } from '../../contract/generated/engine.v1.ts'
import type { X264Preset } from '../ffmpeg/h264.ts'

/** Without a measurement: pixels a second up to which `veryfast` leaves room for decoding and mixing on two cores. */
const VERYFAST_LIMIT = 1920 * 1080 * 30 * 1.5
/** Of all cores, what one encoder may take: the rest is for cameras, mixing and further encoders. */
const SHARE = 0.35

/** The preset to encode with: the profile's own, else the best one that leaves room for the rest of the show. */
export function presetFor({ preset, width, height, fps }: Profile, speed?: Speed): X264Preset {
  if (preset) return preset
  const pixels = width * height * fps
  if (!speed) return pixels > VERYFAST_LIMIT ? 'ultrafast' : 'veryfast'
  const best = (['veryfast', 'superfast'] as const).find(
    candidate => pixels / (speed.encode[candidate] * 1e6) <= SHARE * speed.cores,
  )
  return best ?? 'ultrafast'
}
