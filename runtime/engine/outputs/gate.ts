import type { FlvTag } from '../media/tag.ts'
import { elapsed } from '../media/time.ts'

/**
 * What one receiver may still be sent. Per kind only strictly later timestamps pass, because a platform ends a stream
 * whose time steps back; and after a gap in the pictures nothing but a keyframe, because the rest would not decode.
 */
export class Gate {
  private started = false
  /** This connection has had sound. */
  private heard = false
  private pictures = false
  private video: number | undefined
  private audio: number | undefined

  /** Time (ms) of the last picture that passed. */
  get last(): number | undefined {
    return this.video
  }

  /** Whether a picture of this time (ms) would be later than all that passed. */
  isNew(timestamp: number): boolean {
    return this.video === undefined || elapsed(this.video, timestamp) > 0
  }

  /** The tag as it is to be sent, or nothing; what is answered counts as sent. */
  pass(tag: FlvTag): FlvTag | undefined {
    if (tag.kind === 'script' || tag.header) return this.timed(tag)
    const admitted = tag.kind === 'video' ? this.admitsPicture(tag) : this.admitsSound(tag)
    return admitted ? tag : undefined
  }

  /** Pictures were left out: sound goes on, pictures do from the next keyframe. */
  skipPictures(): void {
    this.pictures = false
  }

  /** A new connection: everything begins at a keyframe, still later than what the last connection was sent. */
  restart(): void {
    this.started = false
    this.heard = false
    this.pictures = false
  }

  /**
   * A header comes with the time of the keyframe behind it. That may be no later than what was sent, and sound may still
   * be behind it: in a connection the times of a kind do not step back, whatever carries them.
   */
  private timed(tag: FlvTag): FlvTag {
    const timestamp = this.isNew(tag.timestamp) ? tag.timestamp : (this.video ?? 0)
    return { ...tag, timestamp: tag.kind === 'audio' && this.heard ? (this.audio ?? 0) : timestamp }
  }

  private admitsPicture(tag: FlvTag): boolean {
    if (!this.isNew(tag.timestamp)) {
      this.pictures = false
      return false
    }
    if (!this.pictures && !tag.keyframe) return false
    this.started = true
    this.pictures = true
    this.video = tag.timestamp
    return true
  }

  private admitsSound(tag: FlvTag): boolean {
    if (!this.started || (this.audio !== undefined && elapsed(this.audio, tag.timestamp) <= 0)) return false
    this.audio = tag.timestamp
    this.heard = true
    return true
  }
}
