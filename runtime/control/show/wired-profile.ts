import type { Profile } from '../../contract/generated/engine.v1.ts'
import type { WiredProfile } from '../../contract/generated/wiring.v1.ts'

interface Asked {
  profile: Profile
  /** The least video bitrate (kbit/s) that it may be turned down to; without it the profile's is kept. */
  autoBitrateFloor?: number
}

/** What a destination is encoded with: its own wish, or where the wire passed an encoder node with numbers, those. Pure. */
export function askedFor(wire: 'destination' | WiredProfile, destination: Asked): Asked {
  if (wire === 'destination') return destination
  const { autoBitrateFloor = destination.autoBitrateFloor, ...profile } = wire
  return autoBitrateFloor ? { profile, autoBitrateFloor } : { profile }
}
