import type { CueContent, CueDone, CueOffer, CueTake, CueTaken } from '../../../contract/cue-offer.ts'
import { VistterError } from '../../../contract/errors.ts'
import type { Cue } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import type { Told } from './diary.ts'
import { contentOf, type Handed, Offer } from './offer.ts'
import type { ScoredCue } from './score.ts'

/** The node that waits for what became of a cue waits no longer (ms from its time): a camera settles within 11 s. */
const TOLD_WITHIN = 12_000
/** An offer of which nothing was heard any more is forgotten (ms after its time). */
const KEPT = 60_000

/** What is to happen at one moment of a timeline. `at` and `until`: UTC ms. */
export interface Coming {
  timeline: { id: string; name: string }
  program: string
  cues: readonly ScoredCue[]
  round: number
  at: number
  until: number
}

interface Deps {
  clock: Clock
  /** Answers whether there was a flow to tell. */
  tell(offer: CueOffer): boolean
  /** How the wire names the timeline; undefined: no wire leads from it. */
  wireOf(timeline: { id: string; name: string }): string | undefined
  /** The cue as it would be kept. Throws what is wrong with it. */
  check(cue: Cue, program: string): ScoredCue
}

/** Cues on their way through the flow: offered to it early, and carried out by control where it does not take them up. */
export class CueWay {
  private readonly offers = new Map<string, Offer>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Each cue goes by itself, in the order of the moment. */
  offer(coming: Coming): Offered {
    this.forget()
    const wire = this.deps.wireOf(coming.timeline)
    return new Offered(
      coming.cues.map(cue => this.send(coming, cue, wire)),
      this.deps.clock,
      coming.until,
    )
  }

  /** A node takes up a step. Throws what cannot be shown: the step is then as it was planned. */
  async take({ offer: id, step, shows }: CueTake): Promise<CueTaken> {
    const offer = this.offers.get(id)
    if (!offer) throw new VistterError('CONFLICT', 'This cue is long over.')
    const content = contentOf(this.checked(offer, step, shows))
    const why = offer.take(step, content)
    if (step !== 'program') return { taken: why === undefined, ...(why !== undefined && { why }) }
    const latest = Date.parse(offer.offer.at) + TOLD_WITHIN - this.deps.clock.now()
    const ended = new AbortController()
    const done = await Promise.race([offer.done, sleep(latest, ended.signal).then(() => undefined)])
    ended.abort()
    return { taken: why === undefined, ...(why !== undefined && { why }), ...(done && { done }) }
  }

  /** The flow has let a cue go. */
  passed(id: string): void {
    this.offers.get(id)?.passed()
  }

  /** What became of a cue is told to the node that waits for it. Answers its offer; a cue that came all at once had none. */
  finish(told: Pick<Told, 'timeline' | 'cue' | 'due'>, done: (offer: Offer) => CueDone): Offer | undefined {
    const { timeline, cue, due } = told
    const closed = [...this.offers.values()].filter(
      ({ offer, state }) => state === 'closed' && offer.timeline.id === timeline.id && offer.cue === cue.id,
    )
    // In a short loop the one of the next round may be closed already.
    const found = closed.find(({ offer }) => due !== undefined && offer.at === rfc3339(due)) ?? closed.at(-1)
    found?.finish(done(found))
    return found
  }

  private checked(offer: Offer, step: CueTake['step'], shows: Record<string, unknown>): ScoredCue {
    return this.deps.check(offer.with(step, shows as CueContent), offer.offer.program)
  }

  private send({ timeline, program, round, at, until }: Coming, cue: ScoredCue, wire: string | undefined): Offer {
    const offer: CueOffer = {
      ...{ id: newId(), timeline, wire: wire ?? '', program, cue: cue.id, round },
      ...{ at: rfc3339(at), until: rfc3339(until), shows: contentOf(cue) },
    }
    const made = new Offer(offer, cue, wire !== undefined && until > this.deps.clock.now() && this.deps.tell(offer))
    this.offers.set(offer.id, made)
    return made
  }

  private forget(): void {
    const oldest = this.deps.clock.now() - KEPT
    for (const [id, { offer }] of this.offers) if (Date.parse(offer.at) < oldest) this.offers.delete(id)
  }
}

/** The cues of one moment, on their way. */
export class Offered {
  private readonly offers: readonly Offer[]
  private readonly clock: Clock
  private readonly until: number

  constructor(offers: readonly Offer[], clock: Clock, until: number) {
    this.offers = offers
    this.clock = clock
    this.until = until
  }

  /** Until all is taken up, or time is over. */
  async settled(signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const over = sleep(this.until - this.clock.now(), AbortSignal.any([signal, ended.signal]))
    await Promise.race([Promise.all(this.offers.map(({ whole }) => whole)), over])
    ended.abort()
  }

  /** Nothing is taken up any more: what is to be carried out of each cue, by its id. */
  close(): Map<string, Handed> {
    return new Map(this.offers.map(offer => [offer.offer.cue, offer.close()]))
  }

  withdraw(): void {
    for (const offer of this.offers) offer.withdraw()
  }
}
