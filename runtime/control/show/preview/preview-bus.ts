import { VistterError } from '../../../contract/errors.ts'
import type { Preview, PreviewStart, Timeline } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339, sleep } from '../../../lib/clock.ts'
import { newId } from '../../../lib/ids.ts'
import { type Operations, operation, type ShowTime, type Turning } from '../../ports.ts'
import { type Aim, transitionOf } from '../program.ts'
import { withFiller } from '../timeline/filler.ts'
import { cueAt, lengthOf, type Moment, nextMoment, type ScoredCue, type Underway } from '../timeline/score.ts'
import { PreviewOverlays } from './preview-overlays.ts'
import { PREVIEW, type Previewed } from './preview-plan.ts'
import { cameraOf, shotsOf } from './preview-shots.ts'

interface Deps {
  timelines(): Timeline[]
  /** The program to which a wire leads from a timeline. */
  programOf(timeline: { id: string; name: string }): string | undefined
  program: { aim(program: string, wanted: string): Aim; nameIn(program: string, source: string): string }
  /** Whether an overlay has something to show when it has been playing for so long (ms). */
  lasts(overlay: string, ms: number): boolean
  turning: Pick<Turning, 'preset' | 'standsAt'>
  clock: ShowTime
  changed(): Promise<void>
}

/** What the engine needs to begin another program (ms), and to hear of what comes. */
const BEGIN = 1_000
const LEAD = 600
/** A loop is not previewed for ever (ms). */
const MOST = 600_000

interface Run {
  timeline: { id: string; name: string }
  like: string
  score: { loop: boolean; cues: readonly ScoredCue[]; gap: string }
  /** UTC ms: when its position is 0; and its end. */
  zero: number
  until: number
  onAir: Previewed['onAir']
  overlays: PreviewOverlays
}

/** A timeline on a program of its own that goes nowhere: the same mixer, sources and overlays as on air. It moves no camera. */
export class PreviewBus {
  private run: Run | undefined
  private ending = new AbortController()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  stop(): void {
    this.ending.abort()
    this.run = undefined
  }

  operations(): Operations {
    return {
      getPreview: operation(() => this.shown()),
      previewTimeline: operation<PreviewStart | undefined>(({ params, body }) => this.begin(params.id, body ?? {})),
      stopPreview: operation(async () => {
        this.stop()
        await this.deps.changed()
      }),
    }
  }

  get previewed(): Previewed | undefined {
    return this.run && { like: this.run.like, onAir: this.run.onAir, overlays: this.run.overlays.shown }
  }

  private shown(): Preview {
    const { clock } = this.deps
    if (!this.run) return { timeline: null }
    const { timeline, zero, until, like, score } = this.run
    const { turning, program } = this.deps
    const nameOf = (camera: string) => program.nameIn(like, camera)
    return {
      ...{
        timeline: timeline.id,
        name: timeline.name,
        zeroAt: rfc3339(clock.told(zero)),
        until: rfc3339(clock.told(until)),
      },
      url: `/preview/${PREVIEW}.flv`,
      shots: shotsOf(score.cues, { turning, nameOf }),
    }
  }

  private async begin(id: string | undefined, { position = 0 }: PreviewStart): Promise<Preview> {
    const { clock, changed, programOf } = this.deps
    const timeline = this.deps.timelines().find(each => each.id === id)
    if (!timeline) throw new VistterError('NOT_FOUND', `There is no timeline ${id}.`)
    const { name, loop, gap, offAir, filler } = timeline
    const cues = withFiller({ gap, filler, cues: timeline.cues.map((cue, n) => ({ ...cue, id: cue.id ?? `${n}` })) })
    const length = lengthOf(cues)
    if (offAir || cues.length === 0)
      throw new VistterError('CONFLICT', `${name} shows nothing that could be previewed.`)
    if (position >= length) throw new VistterError('BAD_REQUEST', `/position: ${name} ends at ${length} ms.`)
    this.stop()
    const ending = new AbortController()
    this.ending = ending
    const zero = Math.ceil(clock.now() + BEGIN) - position
    const score = { loop, cues, gap }
    const run: Run = {
      ...{ timeline: { id: timeline.id, name }, like: programOf(timeline) ?? 'main', score },
      ...{ zero, until: zero + Math.min(position + MOST, loop ? position + MOST : length) },
      ...{ onAir: { id: newId(), source: 'slate', why: `preview of ${name}` } },
      overlays: new PreviewOverlays({ timeline: { ...score, name }, zero, lasts: this.deps.lasts, clock }),
    }
    this.run = run
    const { picture, overlays } = cueAt(run.score, position)
    this.show(run, { position, starts: [], ends: [] }, picture)
    // Its first picture is there from its first frame on.
    const { at: _, transition: __, ...first } = run.onAir
    run.onAir = first
    for (const each of overlays) await run.overlays.begin(each, true)
    await changed()
    void this.follow(run, position, ending.signal).catch(() => this.stop()) // nobody sees it: the next one begins anew
    return this.shown()
  }

  private async follow(run: Run, from: number, signal: AbortSignal): Promise<void> {
    const { clock, changed } = this.deps
    let moment = nextMoment(run.score, from)
    while (moment && run.zero + moment.position < run.until) {
      await sleep(run.zero + moment.position - LEAD - clock.now(), signal)
      if (signal.aborted) return
      const { picture, overlays } = cueAt(run.score, moment.position)
      const begun = ({ since }: Underway) => since === moment?.position
      this.show(run, moment, picture && begun(picture) ? picture : undefined)
      for (const each of overlays.filter(begun)) await run.overlays.begin(each, false)
      await changed()
      moment = nextMoment(run.score, moment.position)
    }
    await sleep(run.until - clock.now(), signal)
    if (signal.aborted) return
    this.stop()
    await changed()
  }

  /** The picture that begins at a moment. */
  private show(run: Run, { position, ends }: Moment, picture: Underway | undefined): void {
    const at = run.zero + position
    const leaves = ends.some(({ camera, clip, preset }) => (camera ?? clip ?? preset) !== undefined)
    if (picture) run.onAir = this.takeOf(run, picture.cue, at)
    else if (leaves && run.score.gap === 'slate') run.onAir = this.take(run, 'slate', at)
  }

  private takeOf(run: Run, cue: ScoredCue, at: number): Previewed['onAir'] {
    const { clip, transition } = cue
    const take = this.take(run, this.sourceOf(run.like, cameraOf(cue, this.deps) ?? clip), at)
    return { ...take, ...(transition && { transition: transitionOf(transition) }) }
  }

  private take({ timeline: { name } }: Run, source: string, at: number): Previewed['onAir'] {
    const later = at > this.deps.clock.now()
    return { id: newId(), source, why: `preview of ${name}`, ...(later && { at }) }
  }

  /** What there is not is the slate, as on air. */
  private sourceOf(program: string, wanted = 'slate'): string {
    try {
      return this.deps.program.aim(program, wanted).source
    } catch {
      return 'slate'
    }
  }
}
