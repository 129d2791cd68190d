import type { Clock } from '../../../lib/clock.ts'
import { type Course, ending, playOf, playsOn, withCourse, withPlay } from '../overlay-play.ts'
import { CueOverlays } from '../timeline/cue-overlays.ts'
import { type OverlaySpan, playRequest } from '../timeline/overlay-span.ts'
import { overlayOf, type Score, type ScoredCue, sceneOf, type Underway } from '../timeline/score.ts'
import type { PreviewedOverlay } from './preview-plan.ts'

interface Deps {
  timeline: Score & { name: string }
  /** UTC ms: when its position is 0. */
  zero: number
  /** Whether an overlay has something to show when it has been playing for so long (ms). */
  lasts(id: string, ms: number): boolean
  clock: Clock
}

/** The overlays of a timeline that is previewed: its cues play them by the same rules as on air, whatever is on air of them. */
export class PreviewOverlays {
  private readonly courses = new Map<string, Course>()
  private readonly cues: CueOverlays
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    const { timeline, zero, clock } = deps
    // Each ends at its own time, which is known: nothing has to be taken off.
    const run = { zero, overlays: [] as string[] }
    const progress = {
      ...{ timeline, run, drop: () => {} },
      save: async (change: { overlays: string[] }) => void Object.assign(run, change),
    }
    const player = {
      overlay: async (cue: ScoredCue, span: OverlaySpan) => this.play(cue, span),
      prolong: async (cue: ScoredCue, endsAt: number | undefined) => this.change(cue, course => ending(course, endsAt)),
      endOverlay: async () => {},
      playsOn: (cue: ScoredCue, at: number) =>
        playsOn(this.present(overlayOf(cue)), sceneOf(cue), at, ms => this.lasts(cue, ms)),
      lasts: (cue: ScoredCue, ms: number) => this.lasts(cue, ms),
    }
    this.cues = new CueOverlays({ progress, player, clock })
  }

  get shown(): PreviewedOverlay[] {
    return [...this.courses.keys()].flatMap(id => {
      const course = this.present(id)
      return course.playing ? [{ id, ...course }] : []
    })
  }

  /** A cue begins with its frame; or (`joined`) it began before, and is there from the first frame of the preview on. */
  async begin({ cue, since }: Underway, joined: boolean): Promise<void> {
    const { zero, clock } = this.deps
    const at = joined ? clock.now() : zero + since
    await this.cues.begin(cue, { since, at, into: at - zero - since, joined })
  }

  private play(cue: ScoredCue, span: OverlaySpan): void {
    const now = this.deps.clock.now()
    const request = playRequest(cue, span)
    this.change(cue, course => withPlay(course, playOf(request, now), request, now))
  }

  private change(cue: ScoredCue, to: (course: Course) => Course): void {
    const id = overlayOf(cue)
    if (id !== undefined) this.courses.set(id, to(this.present(id)))
  }

  /** What is over leaves nothing behind. */
  private present(id = ''): Course {
    const now = this.deps.clock.now()
    const course = withCourse(this.courses.get(id) ?? {}, now)
    const isOver = course.playing?.endsAt !== undefined && course.playing.endsAt < now
    return isOver && !course.following ? {} : course
  }

  private lasts(cue: ScoredCue, ms: number): boolean {
    return this.deps.lasts(overlayOf(cue) ?? '', ms)
  }
}
