interface Play {
  startedAt: number
  scene?: string
}

/**
 * Where a play stands after it was told its position anew (as a heartbeat of the show's clock does): where it was, while
 * that is off by less than a frame, because a jump that nobody would see is still a jump; else where it should be. Pure.
 */
export function inStep<P extends Play>(playing: P | undefined, told: Play, frameMs: number): P | Play {
  const same = playing !== undefined && playing.scene === told.scene
  return same && Math.abs(playing.startedAt - told.startedAt) < frameMs ? playing : told
}
