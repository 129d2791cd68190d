import type { Profile } from '../../contract/generated/engine.v1.ts'
import type { X264Preset } from '../ffmpeg/h264.ts'

/** Pixels a second up to which `veryfast` leaves room for decoding and mixing on two cores. */
const VERYFAST_LIMIT = 1920 * 1080 * 30 * 1.5

/** The preset to encode with: the profile's own, else the best one that leaves room for the rest of the show. */
export function presetFor({ preset, width, height, fps }: Profile): X264Preset {
  return preset ?? (width * height * fps > VERYFAST_LIMIT ? 'ultrafast' : 'veryfast')
}
