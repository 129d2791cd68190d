import { type Clock, sleep } from '../../../lib/clock.ts'
import type { CuePlayer, Showing } from './cue-player.ts'
import type { Progress } from './progress.ts'
import { nextPicture } from './score.ts'

/** So many cues are looked through for cameras that could turn already. */
const LOOKED_AHEAD = 50
/** How long the engine may take to say that a transition is over (ms). */
const SETTLED = 300

interface Deps {
  progress: Progress
  player: CuePlayer
  clock: Clock
}

interface Shown {
  position: number
  showing: Showing
  leg: AbortSignal
}

/** Cameras that the next cues need, and that nobody sees, turn while there is time. */
export async function turnAhead({ player, clock, progress }: Deps, { position, showing, leg }: Shown): Promise<void> {
  const { alone, camera } = showing
  const { program } = progress.run
  if (program === undefined) return
  await sleep(alone + SETTLED - clock.now(), leg)
  const busy = new Set([camera])
  let next = nextPicture(progress.timeline, position)
  for (let looked = 0; next && looked < LOOKED_AHEAD && !leg.aborted; looked++) {
    const preset = player.presetOf(next.cue, program)
    if (preset && !busy.has(preset.camera)) {
      busy.add(preset.camera)
      player.prepare(preset, 'tour')
    }
    next = nextPicture(progress.timeline, next.since)
  }
}
