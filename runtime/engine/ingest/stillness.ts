import type { Stillness as Answer } from '../../contract/generated/engine.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Ring } from '../memory/ring.ts'
import { Motion } from './motion.ts'

const LOOK_EVERY_MS = 80
/** So long after somebody has asked for the last time the picture is looked at no more. */
const ASKED_FOR_MS = 1_500
/** Pictures that do not come any more tell nothing of what the camera does. */
const SILENT_MS = 1_000

interface Watch {
  motion: Motion
  until: number
  /** Of the pictures that were seen, how many had come, and when the last of them did (ms). */
  ring: number
  head: number
  at: number
}

interface Deps {
  /** The pictures of a source; undefined while there are none that move. */
  pictures: (id: string) => Pick<Ring, 'head' | 'layout' | 'bytes' | 'addressOf' | 'arrivalOf'> | undefined
  clock: Pick<Clock, 'mono'>
}

/** Looks whether the pictures of sources stand, for as long as somebody asks: half a percent of a core for each. */
export class Stillness {
  private readonly watches = new Map<string, Watch>()
  private timer: NodeJS.Timeout | undefined
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What is known of it now. The first question is answered by nothing: it begins the watch. */
  ask(id: string): Answer {
    const now = this.deps.clock.mono()
    const watch = this.watches.get(id) ?? { motion: new Motion(), until: 0, ring: 0, head: 0, at: 0 }
    watch.until = now + ASKED_FOR_MS
    this.watches.set(id, watch)
    this.look(id, watch)
    this.timer ??= setInterval(() => this.round(), LOOK_EVERY_MS)
    const { standing } = watch.motion
    if (!standing || now - watch.at > SILENT_MS) return {}
    const { stillMs, movedAt } = standing
    return {
      stillMs: Math.round(stillMs),
      ...(movedAt !== undefined && { movedAgoMs: Math.round(now - movedAt) }),
    }
  }

  /** Sources that are watched now. */
  get watched(): Iterable<string> {
    return this.watches.keys()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.watches.clear()
  }

  private round(): void {
    const now = this.deps.clock.mono()
    for (const [id, watch] of this.watches)
      if (now > watch.until) this.watches.delete(id)
      else this.look(id, watch)
    if (this.watches.size === 0) this.stop()
  }

  private look(id: string, watch: Watch): void {
    const pictures = this.deps.pictures(id)
    if (!pictures) {
      watch.motion.forget()
      return
    }
    const { head, layout, bytes } = pictures
    if (layout.header !== watch.ring) watch.motion.forget()
    else if (head === watch.head) return
    if (head === 0) return
    const newest = head - 1
    const at = pictures.arrivalOf(newest)
    Object.assign(watch, { ring: layout.header, head, at })
    const { width, height } = layout
    watch.motion.look(at, { bytes, at: pictures.addressOf(newest), width, height })
  }
}
