import { asVistterError } from '../../../contract/errors.ts'
import type { NewEvent, Recorder } from '../../ports.ts'
import type { Showing } from './cue-player.ts'
import { nextMoment, roundOf, type Score, type ScoredCue } from './score.ts'

/** A timeline as the activity log names it. */
export interface Noted extends Score {
  id: string
  name: string
}

/** After an outage of days nobody counts further. */
const MOST_MISSED = 1_000

/** What a timeline that runs writes into the activity log. */
export class Diary {
  /** What was told last of each cue: a camera that is away for a day is no news in every round. */
  private readonly failing = new Map<string, string>()
  private readonly record: Recorder

  constructor(record: Recorder) {
    this.record = record
  }

  /** `due`: when its picture was to begin; UTC ms. */
  done(timeline: Noted, cue: ScoredCue, position: number, { at, journeyMs, error }: Showing, due: number): void {
    if (this.isKnown(cue, error?.code)) return
    const total = Math.round(at - due)
    const ms = { ...(journeyMs !== undefined && { journey: journeyMs }), total }
    const why = error ? `, though: ${error.detail}` : ''
    const message = `Cue ${cue.id} of ${timeline.name} was shown ${total} ms after its time${why}`
    const data = { cue: cue.id, round: roundOf(timeline, position), ms, ...(error && { error }) }
    this.note(timeline, 'cue.done', error ? 'warning' : 'info', message, data)
  }

  failed(timeline: Noted, cue: ScoredCue, thrown: unknown): void {
    const { code, message: why } = asVistterError(thrown)
    if (this.isKnown(cue, code)) return
    const message = `Cue ${cue.id} of ${timeline.name} was not shown: ${why}`
    this.note(timeline, 'cue.failed', 'warning', message, { cue: cue.id, cause: code })
  }

  /** Positions: the last that was dealt with, and where it goes on. */
  missed(timeline: Noted, handled: number | undefined, position: number, each: (cue: ScoredCue, at: number) => void) {
    let missed = 0
    let moment = nextMoment(timeline, handled)
    for (
      ;
      moment && moment.position < position && missed < MOST_MISSED;
      moment = nextMoment(timeline, moment.position)
    ) {
      missed += moment.starts.length
      for (const cue of moment.starts) each(cue, moment.position)
    }
    const message = `The timeline ${timeline.name} goes on where it is by now; ${missed} of its cues had begun meanwhile.`
    this.note(timeline, 'timeline.resumed', 'warning', message, { missed })
  }

  ended(timeline: Noted): void {
    this.note(timeline, 'timeline.ended', 'info', `The timeline ${timeline.name} has ended.`)
  }

  /** Whether the same was told of it the last time; what went well is always told. */
  private isKnown({ id }: ScoredCue, code: string | undefined): boolean {
    const known = code !== undefined && this.failing.get(id) === code
    if (code === undefined) this.failing.delete(id)
    else this.failing.set(id, code)
    return known
  }

  private note({ id }: Noted, type: string, severity: NewEvent['severity'], message: string, data = {}): void {
    this.record({ type, severity, message, data: { timeline: id, ...data } })
  }
}
