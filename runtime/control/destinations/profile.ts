import type { Profile as EncoderProfile } from '../../contract/generated/engine.v1.ts'
import type { Profile } from '../../contract/generated/openapi.v1.ts'

/** What an encoder is asked for: equal wishes give equal profiles, so `auto` and what is the default anyway are left out. */
export function encoderProfile({ preset, h264Profile, level, ...numbers }: Profile): EncoderProfile {
  return {
    ...numbers,
    ...(preset && preset !== 'auto' && { preset }),
    ...(h264Profile && h264Profile !== 'high' && { h264Profile }),
    ...(level && level !== 'auto' && { level }),
  }
}
