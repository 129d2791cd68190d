import { type Clock, sleep } from '../../../lib/clock.ts'
import type { CueWay, Offered } from './cue-way.ts'
import type { Diary, Noted } from './diary.ts'
import { type Moment, roundOf, type ScoredCue } from './score.ts'

/** A cue is offered to the flow so long before it is dealt with (ms): a loop that blocks now and then takes it up all the same. */
const OFFERED = 2_000
/** What begins soon is offered for so long (ms). */
const OFFERED_AT_LEAST = 80
/** What begins sooner than this is not offered (ms): who skips or jumps sees it within 200. */
const AT_ONCE = 250

interface Deps {
  way: Pick<CueWay, 'offer'>
  clock: Clock
  diary: Pick<Diary, 'handed'>
  /** The flow let it go. `at`: UTC ms. */
  dropped(cue: ScoredCue, at: number): void
}

/** Where a timeline is. `due`, `lead`: when the moment is, and when it is to be dealt with; UTC ms. */
interface Place {
  timeline: Noted
  /** Undefined off air. */
  program: string | undefined
  due: number
  lead: number
}

/** Hands the cues of a timeline to the flow before their time, and takes over what it has made of them. */
export class Handover {
  private readonly made = new Map<string, ScoredCue>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Resolves when it is time to deal with the moment, with the cues as the flow has made them; aborted, as they were planned. */
  async pass(moment: Moment, place: Place, signal: AbortSignal): Promise<Moment> {
    const { clock } = this.deps
    await sleep(place.lead - OFFERED - clock.now(), signal)
    const offered = signal.aborted ? undefined : this.offer(moment, place)
    await sleep(place.lead - clock.now(), signal)
    if (!offered) return moment
    await offered.settled(signal)
    if (!signal.aborted) return this.takeOver(moment, place, offered)
    offered.withdraw()
    return moment
  }

  /** A cue as the flow has made it last: its end is the end of that. */
  asMade(cue: ScoredCue): ScoredCue {
    return this.made.get(cue.id) ?? cue
  }

  private offer({ position, starts }: Moment, { timeline, program, due, lead }: Place): Offered | undefined {
    const now = this.deps.clock.now()
    if (program === undefined || starts.length === 0 || due < now + AT_ONCE) return undefined
    const until = Math.max(lead, now + OFFERED_AT_LEAST)
    const round = roundOf(timeline, position)
    const { id, name } = timeline
    return this.deps.way.offer({ timeline: { id, name }, program, cues: starts, round, at: due, until })
  }

  private takeOver(moment: Moment, { timeline, due }: Place, offered: Offered): Moment {
    const all = offered.close()
    this.deps.diary.handed(timeline, all)
    const starts = moment.starts.flatMap(cue => {
      const made = all.get(cue.id)?.cue
      if (made) this.made.set(cue.id, made)
      else this.deps.dropped(cue, due)
      return made ?? []
    })
    return { ...moment, starts }
  }
}
