import { monotonicMs } from '../../lib/clock.ts'
import type { FlvTag } from '../media/tag.ts'
import type { Gate } from './gate.ts'
import type { JoinAt, Relay } from './relay.ts'
import { Switchover } from './switchover.ts'

/** A living encoder has spoken within this time (ms); a dead one must not keep its successor waiting. */
const SILENT_MS = 500
const LOOK_EVERY_MS = 250

interface Owner {
  /** Knows what it has had, and what it may still have. */
  gate: Pick<Gate, 'last' | 'skipPictures'>
  take: (tag: FlvTag) => void
  /** What comes next is another encoder's. */
  turned?: () => void
}

/** On its way to another relay. */
interface Turn {
  switchover: Switchover
  timer: NodeJS.Timeout
  leave: () => void
}

/** What one receiver takes: the tags of one encoder's relay, and when told so of another one's, without a picture lost or doubled. */
export class Intake {
  private leave: () => void = () => {}
  private turn: Turn | undefined
  /** When the present relay gave something. */
  private heardAt = 0
  private readonly owner: Owner

  constructor(owner: Owner) {
    this.owner = owner
  }

  start(relay: Relay, at: JoinAt): void {
    this.leave = relay.join({ tag: tag => this.receive(tag) }, at)
  }

  stop(): void {
    this.stay()
    this.leave()
  }

  /** Goes over at a keyframe of the new one that is later than all that was taken; until then the old one's count. */
  follow(relay: Relay): void {
    this.stay()
    let over = false
    const switchover = new Switchover({
      ...relay.rhythm,
      last: this.owner.gate.last,
      emit: tag => {
        if (tag.header) this.owner.turned?.()
        this.owner.take(tag)
      },
      done: () => {
        over = true
        this.turned()
      },
    })
    const timer = setInterval(() => {
      if (monotonicMs() - this.heardAt >= SILENT_MS) switchover.finish()
    }, LOOK_EVERY_MS)
    const leave = relay.join({ tag: tag => (over ? this.receive(tag) : switchover.next(tag)) }, 'keyframe')
    this.turn = { switchover, timer, leave }
  }

  private receive(tag: FlvTag): void {
    this.heardAt = monotonicMs()
    if (this.turn) this.turn.switchover.old(tag)
    else this.owner.take(tag)
  }

  private turned(): void {
    if (!this.turn) return
    clearInterval(this.turn.timer)
    this.leave()
    this.leave = this.turn.leave
    this.turn = undefined
  }

  /** Where it was to go, it goes no more. Pictures that were left out for it are missing: others would not decode. */
  private stay(): void {
    if (!this.turn) return
    clearInterval(this.turn.timer)
    this.turn.leave()
    if (this.turn.switchover.broke) this.owner.gate.skipPictures()
    this.turn = undefined
  }
}
