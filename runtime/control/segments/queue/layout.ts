import { VistterError } from '../../../contract/errors.ts'
import type { NewTimeline, Timeline } from '../../../contract/generated/openapi.v1.ts'
import type { Actor } from '../../ports.ts'
import { type Entry, endOf, type Placed, type Run } from './entry.ts'
import { cuesOf, fillers, lengthOf } from './joined.ts'
import { currentOf, lineUp, type Measure, split } from './line.ts'
import type { OnAir } from './on-air.ts'

/** What an entry is made of. `duration`: ms; 0 says nothing. */
export interface Material {
  duration: number
  timeline: Timeline
}

interface Deps {
  onAir: OnAir
  /** Throws NOT_FOUND. */
  material(segment: string, actor: Actor): Promise<Material>
}

const QUEUE_NAME = 'Segment queue'
/** What ruled before is shown as the queue's own last cue for so long (ms), and goes on by itself meanwhile. */
const TAIL = 2_000

/** Makes the timeline of a queue out of those of its segments. */
export class Layout {
  /** What each segment came to when it was looked at last. */
  readonly measures = new Map<string, Measure>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** `held`: nothing follows what is on air. Position: ms in the queue's timeline. */
  async compose(
    { placed, zero, before, actor }: Pick<Run, 'placed' | 'zero' | 'before' | 'actor'>,
    entries: readonly Entry[],
    position: number,
    held: boolean,
  ): Promise<{ placed: Placed[]; waiting: Entry[]; timeline: NewTimeline }> {
    const { locked, free } = split(placed, position)
    const movable = [...free, ...entries]
    const materials = await this.look([...locked, ...movable], actor)
    const measure = ({ segment }: Entry) => this.measures.get(segment) ?? { problem: 'Nothing is known of it.' }
    const line = held ? { placed: locked, waiting: movable } : lineUp(locked, movable, measure, position)
    const { onAir } = this.deps
    const end = Math.max(0, ...line.placed.map(endOf))
    const after = await onAir.goesOn(before, zero + end, actor)
    const back = (from: number) => onAir.pictureOf(before, after, zero + from)
    const cues = [
      ...line.placed.flatMap(each => cuesOf(each, materials.get(each.segment)?.timeline)),
      ...fillers(line.placed, back, TAIL),
    ].toSorted((a, b) => a.start - b.start)
    const current = currentOf(line.placed, position) ?? line.placed[0]
    const timing = (current && materials.get(current.segment)?.timeline.timing) ?? 'clock'
    return { ...line, timeline: { name: QUEUE_NAME, loop: false, gap: 'hold', timing, cues } }
  }

  /** Looks at what entries are made of by now. */
  async look(entries: readonly Entry[], actor: Actor): Promise<Map<string, Material>> {
    const found = new Map<string, Material>()
    for (const segment of new Set(entries.map(entry => entry.segment))) {
      const material = await this.deps.material(segment, actor).catch(unlessMissing)
      if (material) found.set(segment, material)
      this.measures.set(segment, measureOf(segment, material))
    }
    return found
  }
}

function measureOf(segment: string, material: Material | undefined): Measure {
  if (!material) return { problem: `There is no segment ${segment} any more.` }
  const { duration, timeline } = material
  const { cues, offAir, problems } = timeline
  const [first] = problems
  if (first) return { problem: `Cue ${first.cue}: ${first.detail}` }
  if (offAir) return { problem: 'It turns cameras off air and shows nothing.' }
  if (cues.length === 0) return { problem: 'It has no cues.' }
  return { length: duration > 0 ? duration : lengthOf(cues), cues: cues.length }
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof VistterError && error.code === 'NOT_FOUND')) throw error
}
