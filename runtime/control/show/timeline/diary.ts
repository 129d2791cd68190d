import { asVistterError } from '../../../contract/errors.ts'
import type { Fault } from '../../../contract/generated/openapi.v1.ts'
import type { NewEvent, Recorder } from '../../ports.ts'
import { called, calledIn } from './called.ts'
import type { Showing } from './cue-player.ts'
import type { Handed } from './offer.ts'
import { nextMoment, roundOf, type Score, type ScoredCue } from './score.ts'

/** A timeline as the activity log names it. */
export interface Noted extends Score {
  id: string
  name: string
}

/** What became of a cue. Times in UTC ms. */
export interface Told {
  timeline: Noted
  cue: ScoredCue
  /** When it was to begin; absent where only its offer says it. */
  due?: number
  /** It was not even tried. */
  outcome?: 'missed' | 'dropped'
  /** Absent where it was not shown. */
  showing?: Showing
  error?: Fault
}

/** After an outage of days nobody counts further. */
const MOST_MISSED = 1_000

/** What a timeline that runs writes into the activity log. */
export class Diary {
  /** Whether the flow took up the last cues. */
  private attended = true
  /** What was told last of each cue: a camera that is away for a day is no news in every round. */
  private readonly failing = new Map<string, string>()
  private readonly record: Recorder
  private readonly told: (told: Told) => void

  constructor(record: Recorder, told: (told: Told) => void) {
    this.record = record
    this.told = told
  }

  /** `due`: when its picture was to begin; UTC ms. */
  done(timeline: Noted, cue: ScoredCue, position: number, showing: Showing, due: number): void {
    const { at, journeyMs, error } = showing
    this.told({ timeline, cue, due, showing })
    if (this.isKnown(cue, error?.code)) return
    const total = Math.round(at - due)
    const ms = { ...(journeyMs !== undefined && { journey: journeyMs }), total }
    const why = error ? `, though: ${error.detail}` : ''
    const message = `Cue ${called(cue)} of ${timeline.name} was shown ${total} ms after its time${why}`
    const data = { cue: cue.id, round: roundOf(timeline, position), ms, ...(error && { error }) }
    this.note(timeline, 'cue.done', error ? 'warning' : 'info', message, data)
  }

  /** The sound could not be made what it is there. */
  untuned(timeline: Noted, thrown: unknown): void {
    const { fault, message: why } = asVistterError(thrown)
    this.note(timeline, 'timeline.untuned', 'warning', `${timeline.name} does not sound as it should: ${why}`, {
      error: fault,
    })
  }

  /** How cues came through the flow: told when that changes, and each that the flow let go. */
  handed(timeline: Noted, cues: ReadonlyMap<string, Handed>): void {
    for (const [id, { cue }] of cues) {
      const message = `Cue ${calledIn(timeline.cues, id)} of ${timeline.name} is not shown: the flow let it go before it came to the program.`
      if (!cue) this.note(timeline, 'cue.dropped', 'info', message, { cue: id })
    }
    const alone = [...cues].find(([, { by }]) => by === 'control')
    if (this.attended === !alone) return
    this.attended = !alone
    const again = `The flow takes up the cues of ${timeline.name} again.`
    if (alone) this.unattended(timeline, ...alone)
    else this.note(timeline, 'cue.attended', 'info', again)
  }

  private unattended(timeline: Noted, id: string, { why }: Handed): void {
    const cause = why === 'nobody' ? 'there was no flow to take it up' : 'the flow had not taken it up in time'
    const message = `Cue ${calledIn(timeline.cues, id)} of ${timeline.name} is carried out by the appliance itself: ${cause}. The show goes on.`
    this.note(timeline, 'cue.unattended', 'warning', message, { cue: id, why })
  }

  /** A cue without a picture; nobody needs a line about it. */
  accompanied(timeline: Noted, cue: ScoredCue, at: number): void {
    this.told({ timeline, cue, due: at, showing: { at, alone: at } })
  }

  failed(timeline: Noted, cue: ScoredCue, thrown: unknown): void {
    const { code, message: why, fault: error } = asVistterError(thrown)
    this.told({ timeline, cue, error })
    if (this.isKnown(cue, code)) return
    const message = `Cue ${called(cue)} of ${timeline.name} was not shown: ${why}`
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
