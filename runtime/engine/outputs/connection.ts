import type { Writable } from 'node:stream'
import type { VistterError } from '../../contract/errors.ts'
import type { FlvTag } from '../media/tag.ts'

/** An open way to one destination, whatever the protocol. Made by a function that rejects with a VistterError. */
export interface Connection {
  /** Where the bytes go; its backpressure is the measure of the uplink. */
  readonly stream: Writable
  /** The bytes of one tag on this wire. Called once a tag, in the order in which the bytes are written. */
  frame(tag: FlvTag): Buffer
  /** Bytes that `stream` took and the other side has not acknowledged, where that can be known. */
  unacknowledged?(): number
  /** Whether what `stream` took has begun to reach the destination. */
  readonly delivering: boolean
  /** Settles with the reason when the connection is lost; never rejects. */
  readonly lost: Promise<VistterError>
  /** Says goodbye and lets go of everything, within a second. */
  close(): Promise<void>
}
