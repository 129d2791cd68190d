import type { Fault } from '../../contract/errors.ts'
import type { Ring } from '../memory/ring.ts'
import { newsOf, PictureWatch, TROUBLES, type Trouble } from './picture-watch.ts'

type News = ReturnType<typeof newsOf>

/** Watches what arrives in a ring for trouble: off the mixer's clock, some thousand bytes of the newest frame, twice a second. */
export class Inspection {
  private readonly watch = new PictureWatch()
  /** The newest frame that was looked at. */
  private watched = 0
  private readonly frames: Ring

  constructor(frames: Ring) {
    this.frames = frames
  }

  get trouble(): Trouble | undefined {
    return this.watch.trouble
  }

  get fault(): Fault | undefined {
    return this.trouble && TROUBLES[this.trouble]
  }

  /** `silent`: nothing arrives any more. Answers what is new about the picture of the camera `name`. */
  look(now: number, silent: boolean, name: string): News | undefined {
    const { head, layout, bytes } = this.frames
    if (head === this.watched) {
      if (silent) this.watch.forget()
      return undefined
    }
    if (!this.watch.due(now)) return undefined
    this.watched = head
    const before = this.watch.trouble
    const at = this.frames.addressOf(head - 1)
    const turned = this.watch.look(now, { bytes, at, width: layout.width, height: layout.height })
    return turned ? newsOf(name, before, this.watch.trouble) : undefined
  }
}
