import type { FlvTag } from '../media/tag.ts'
import { elapsed } from './time.ts'

/**
 * What one receiver may still be sent. Per kind only strictly later timestamps pass, because a platform ends a stream
 * whose time steps back; and after a gap in the pictures nothing but a keyframe, because the rest would not decode.
 */
export class Gate {
  private started = false
  private pictures = false
  private video: number | undefined
  private audio: number | undefined

  /** Whether a picture of this time (ms) would be later than all that passed. */
  isNew(timestamp: number): boolean {
    return this.video === undefined || elapsed(this.video, timestamp) > 0
  }

  /** Whether to send this tag; what is answered yes counts as sent. */
  admits(tag: FlvTag): boolean {
    if (tag.kind === 'script' || tag.header) return true
    return tag.kind === 'video' ? this.admitsPicture(tag) : this.admitsSound(tag)
  }

  /** Pictures were left out: sound goes on, pictures do from the next keyframe. */
  skipPictures(): void {
    this.pictures = false
  }

  /** A new connection: everything begins at a keyframe, still later than what the last connection was sent. */
  restart(): void {
    this.started = false
    this.pictures = false
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
    return true
  }
}
