import { CUE_STEPS, type CueContent, type CueDone, type CueOffer, type CueStep } from '../../../contract/cue-offer.ts'
import type { ScoredCue } from './score.ts'

/** Which step a part of a cue belongs to. */
const stepOf = (part: string): CueStep => {
  if (part === 'preset' || part === 'swing') return 'preset'
  return part === 'overlay' ? 'overlay' : 'program'
}

/** What is to be carried out. */
export interface Handed {
  /** Undefined: nothing of it. */
  cue: ScoredCue | undefined
  by: 'flow' | 'control'
  /** Why control carries it out by itself. */
  why?: 'nobody' | 'late'
}

/** One cue on its way through the flow. What was taken up by the time it is closed counts; afterwards nothing does. */
export class Offer {
  readonly offer: CueOffer
  private readonly cue: ScoredCue
  private readonly sent: boolean
  private readonly taken = new Map<CueStep, CueContent>()
  private gone = false
  private over = false
  private handed: Handed | undefined
  private readonly ready = Promise.withResolvers<void>()
  private readonly ended = Promise.withResolvers<CueDone>()

  /** `sent`: there was a flow to offer it to. */
  constructor(offer: CueOffer, cue: ScoredCue, sent: boolean) {
    this.offer = offer
    this.cue = cue
    this.sent = sent
    if (!sent) this.ready.resolve()
  }

  /** Resolves when nothing is left to be taken up. */
  get whole(): Promise<void> {
    return this.ready.promise
  }

  get state(): 'open' | 'closed' | 'over' {
    if (this.over) return 'over'
    return this.handed ? 'closed' : 'open'
  }

  /** Resolves with what became of it. */
  get done(): Promise<CueDone> {
    return this.ended.promise
  }

  /** The cue as it would be with what a message says of a step. Pure. */
  with(step: CueStep, shows: CueContent): ScoredCue {
    return this.merged(new Map([...this.taken, [step, shows]]))
  }

  /** Answers why it does not count, where it does not. */
  take(step: CueStep, shows: CueContent): string | undefined {
    if (this.handed)
      return this.handed.by === 'control'
        ? 'The time was over: the appliance has carried the cue out by itself.'
        : 'It is over: the cue was carried out, or the flow had let it go.'
    if (this.taken.has(step) || this.taken.has('program')) return 'Another message has taken this up already.'
    this.taken.set(step, shows)
    if (step === 'program') this.ready.resolve()
    return undefined
  }

  /** No node of the flow holds it any more. */
  passed(): void {
    this.gone = true
  }

  /** Its time has come. What the flow let go before the program is shown in no part; what it still holds control carries out. */
  close(): Handed {
    this.handed ??= this.outcome()
    if (!this.handed.cue) this.finish({ outcome: 'dropped', by: 'flow', steps: [] })
    return this.handed
  }

  /** It will not be shown: the timeline goes another way. */
  withdraw(): void {
    this.handed ??= { cue: undefined, by: 'flow' }
    this.finish({ outcome: 'withdrawn', by: 'control', steps: [] })
  }

  finish(done: CueDone): void {
    this.over = true
    this.ready.resolve()
    this.ended.resolve(done)
  }

  /** Who took a step up. */
  takerOf(step: CueStep): 'flow' | 'control' {
    return this.taken.has(step) || this.taken.has('program') ? 'flow' : 'control'
  }

  private outcome(): Handed {
    if (this.taken.has('program')) return { cue: this.merged(this.taken), by: 'flow' }
    if (this.gone) return { cue: undefined, by: 'flow' }
    return { cue: this.merged(this.taken), by: 'control', why: this.sent ? 'late' : 'nobody' }
  }

  /** The program takes up what no node before it has. */
  private merged(taken: ReadonlyMap<CueStep, CueContent>): ScoredCue {
    const { id, start, duration } = this.cue
    const planned = contentOf(this.cue)
    const shown = CUE_STEPS.flatMap(step =>
      Object.entries(taken.get(step) ?? taken.get('program') ?? planned).filter(([part]) => stepOf(part) === step),
    )
    return { ...Object.fromEntries(shown), id, start, duration }
  }
}

/** What a cue shows, without its times. Pure. */
export function contentOf({ id: _, start: __, duration: ___, ...content }: ScoredCue): CueContent {
  return content
}

/** The steps that a cue has. Pure. */
export const stepsOf = (cue: CueContent): CueStep[] =>
  CUE_STEPS.filter(step => step === 'program' || Object.keys(cue).some(part => stepOf(part) === step))
