import type { SoundChoice } from '../sound.ts'
import type { CuePlayer } from './cue-player.ts'
import type { Diary } from './diary.ts'
import type { Progress } from './progress.ts'
import type { ScoredCue } from './score.ts'
import { soundAt } from './sound-at.ts'

interface Deps {
  progress: Pick<Progress, 'run' | 'timeline'>
  player: Pick<CuePlayer, 'sound' | 'retune'>
  diary: Pick<Diary, 'untuned'>
}

/** What cues say of the sound of a program. Times in UTC ms; `leg`: ends what is not on air yet. */
export class CueSounds {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Throws what keeps it from sounding so. */
  async begin(cue: ScoredCue, at: number): Promise<void> {
    const { player, progress } = this.deps
    const { program } = progress.run
    if (program !== undefined) await player.sound(cue, program, at, progress.timeline.name)
  }

  /** What cues have made of it by a position, whoever heard them. `but`: one that has its say later. */
  async join(position: number, { at, but, leg }: { at: number; but: string | undefined; leg: AbortSignal }) {
    const { player, progress, diary } = this.deps
    const { program, sound: before = {} } = progress.run
    const { timeline } = progress
    if (program === undefined) return
    const to = (present: SoundChoice) => {
      return leg.aborted ? undefined : soundAt(timeline, position, { before, present, but })
    }
    await player.retune(program, at, to, timeline.name).catch(thrown => diary.untuned(timeline, thrown))
  }
}
