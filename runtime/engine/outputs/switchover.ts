import type { FlvTag } from '../media/tag.ts'
import { elapsed } from '../media/time.ts'

/** Timestamps are whole milliseconds, frames are not. */
const ROUNDING = 2
/** The keyframe at the cut is this late (ms of the old encoder's time): the new one had to begin again. */
const OVERDUE = 1_500

interface Options {
  /** ms from keyframe to keyframe of the new encoder. */
  gopMs: number
  /** ms from one of its pictures to the next. */
  frameMs: number
  /** Time of the last picture that was sent before; undefined where there was none. */
  last?: number | undefined
  /** Tags for the relay, as if of one encoder. */
  emit: (tag: FlvTag) => void
  /** The new encoder has taken over; the old one is no longer needed. */
  done: () => void
}

/**
 * From one encoder to another in one stream, without a picture or sound lost or doubled. Both run for a moment; their
 * pictures and sound stand on the same grid of time. The cut is the new one's next keyframe that is later than all that
 * was sent: known in advance, because keyframes come at even distances. The old one's tags count before it, the new
 * one's from it on; those wait until the old one has delivered its last ones.
 */
export class Switchover {
  private cut: number | undefined
  private readonly headers = new Map<FlvTag['kind'], FlvTag>()
  /** The new encoder's tags from the cut on; sound also from before it, while it is not known. */
  private held: FlvTag[] = []
  private holdsKeyframe = false
  private lastPicture: number | undefined
  private lastSound: number | undefined
  /** What the old encoder has brought up to the cut. */
  private readonly reached = new Set<FlvTag['kind']>()
  /** The new encoder's pictures since its last keyframe: it counts them, whatever time they have. */
  private sinceKeyframe = 0
  private broken = false
  private over = false
  private readonly options: Options

  constructor(options: Options) {
    this.options = options
    this.lastPicture = options.last
  }

  /** Whether the new encoder only waits for the old one's last words. */
  get ready(): boolean {
    return this.holdsKeyframe && !this.over
  }

  /** Whether pictures of the old encoder have been left out that nothing stands in for yet. */
  get broke(): boolean {
    return this.broken || this.reached.has('video')
  }

  old(tag: FlvTag): void {
    if (this.over) return
    if (tag.kind === 'script' || tag.header) this.options.emit(tag)
    else if (this.cut === undefined || elapsed(this.cut, tag.timestamp) < -ROUNDING) this.pass(tag)
    else this.refuse(tag, this.cut)
  }

  next(tag: FlvTag): void {
    if (this.over) this.options.emit(tag)
    else if (tag.kind === 'script' || tag.header) this.headers.set(tag.kind, tag)
    else if (tag.kind === 'audio') this.held.push(tag)
    else this.picture(tag)
  }

  /** Goes over with what is there: for an old encoder that says nothing any more. */
  finish(): void {
    const { cut } = this
    if (cut === undefined || !this.ready) return
    this.over = true
    const [keyframe, ...pictures] = this.held.filter(({ kind }) => kind === 'video')
    const sound = this.held.filter(
      tag => tag.kind === 'audio' && this.isNew(tag) && elapsed(cut, tag.timestamp) >= -ROUNDING,
    )
    const rest = [...pictures, ...sound].sort((a, b) => elapsed(b.timestamp, a.timestamp))
    for (const header of this.headers.values()) this.options.emit({ ...header, timestamp: cut })
    for (const tag of keyframe ? [keyframe, ...rest] : rest) this.options.emit(tag)
    this.held = []
    this.options.done()
  }

  private pass(tag: FlvTag): void {
    if (tag.kind === 'video') {
      if (this.broken && !tag.keyframe) return
      this.broken = false
      this.lastPicture = tag.timestamp
    } else this.lastSound = tag.timestamp
    this.options.emit(tag)
  }

  /** Before the cut was known, the old encoder's sound may have passed it by as much as the rounding. */
  private isNew({ timestamp }: FlvTag): boolean {
    return this.lastSound === undefined || elapsed(this.lastSound, timestamp) > ROUNDING
  }

  private refuse(tag: FlvTag, cut: number): void {
    this.reached.add(tag.kind)
    if (this.reached.has('video') && this.reached.has('audio')) this.finish()
    if (this.over || this.holdsKeyframe || elapsed(cut, tag.timestamp) < OVERDUE) return
    // Back to the old one: after what was left out, its pictures begin at a keyframe.
    this.cut = undefined
    this.reached.clear()
    this.broken = true
    this.old(tag)
  }

  private picture(tag: FlvTag): void {
    this.sinceKeyframe = tag.keyframe ? 0 : this.sinceKeyframe + 1
    if (tag.keyframe && this.cut === undefined) this.cut = this.cutFrom(tag.timestamp)
    if (!tag.keyframe) this.postpone(tag.timestamp)
    const { cut } = this
    if (cut === undefined || elapsed(cut, tag.timestamp) < -ROUNDING) return
    if (!this.holdsKeyframe && !tag.keyframe) return
    this.holdsKeyframe = true
    this.held.push(tag)
    // It may come after the old one's last word.
    if (this.reached.has('video') && this.reached.has('audio')) this.finish()
  }

  /** A new encoder that had too slow a start has lost frames: its next keyframe comes so much later. */
  private postpone(timestamp: number): void {
    const { gopMs, frameMs } = this.options
    if (this.cut === undefined || this.holdsKeyframe || this.reached.size > 0) return
    const keyframe = Math.round(timestamp + gopMs - this.sinceKeyframe * frameMs)
    if (elapsed(this.cut, keyframe) > ROUNDING) this.cut = keyframe
  }

  /** The first time on the grid of a keyframe that is later than what the old encoder has had sent. */
  private cutFrom(keyframe: number): number {
    const { gopMs } = this.options
    const behind = this.lastPicture === undefined ? -1 : elapsed(keyframe, this.lastPicture)
    if (behind < -ROUNDING) return keyframe
    this.held = []
    return Math.round(keyframe + gopMs * (Math.floor((behind + ROUNDING) / gopMs) + 1))
  }
}
