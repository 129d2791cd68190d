import type { FlvTag } from '../media/tag.ts'

const FILE_HEADER = 9
const TAG_HEADER = 11
/** Each tag is followed by its size, for players that go backwards. */
const TRAILER = 4
const KINDS: Record<number, FlvTag['kind']> = { 8: 'audio', 9: 'video', 18: 'script' }

const KEYFRAME = 1
const SEQUENCE_HEADER = 0
const END_OF_SEQUENCE = 2
const AAC = 10

/**
 * Cuts an FLV byte stream into tags (Adobe Flash Video File Format 10.1, annex E), in chunks of any size. The
 * end-of-sequence mark is left out: the stream goes on in the encoder's next generation.
 */
export class FlvParser {
  private chunks: Buffer[] = []
  private held = 0
  /** Bytes wanted before the next step; the file header comes with the size of a tag that is not there. */
  private wanted = FILE_HEADER + TRAILER
  private begun = false
  private readonly emit: (tag: FlvTag) => void

  constructor(emit: (tag: FlvTag) => void) {
    this.emit = emit
  }

  /** Throws on what is not FLV. */
  push(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.held += chunk.length
    if (this.held < this.wanted) return
    let rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks)
    for (let used = this.step(rest); used > 0; used = this.step(rest)) rest = rest.subarray(used)
    this.chunks = rest.length > 0 ? [rest] : []
    this.held = rest.length
  }

  /** Takes one header or tag off the front; answers its length, 0 when it is not whole yet. */
  private step(bytes: Buffer): number {
    if (!this.begun) return this.fileHeader(bytes)
    this.wanted = bytes.length < TAG_HEADER ? TAG_HEADER : TAG_HEADER + bytes.readUIntBE(1, 3) + TRAILER
    if (bytes.length < this.wanted) return 0
    const whole = this.wanted
    const kind = KINDS[bytes[0] & 31]
    if (!kind) throw new Error(`an FLV tag of type ${bytes[0]}`)
    const timestamp = bytes.readUIntBE(4, 3) + bytes[7] * 2 ** 24
    const data = bytes.subarray(TAG_HEADER, whole - TRAILER)
    if (!(kind === 'video' && data[1] === END_OF_SEQUENCE)) this.emit({ kind, timestamp, data, ...marks(kind, data) })
    this.wanted = TAG_HEADER
    return whole
  }

  private fileHeader(bytes: Buffer): number {
    if (bytes.length < this.wanted) return 0
    if (bytes.toString('latin1', 0, 3) !== 'FLV') throw new Error('not an FLV stream')
    this.begun = true
    const length = bytes.readUInt32BE(5) + TRAILER
    this.wanted = TAG_HEADER
    return length
  }
}

function marks(kind: FlvTag['kind'], data: Buffer): { keyframe: boolean; header: boolean } {
  if (kind === 'video') {
    const header = data[1] === SEQUENCE_HEADER
    return { header, keyframe: !header && data[0] >> 4 === KEYFRAME }
  }
  return { header: kind === 'audio' && data[0] >> 4 === AAC && data[1] === SEQUENCE_HEADER, keyframe: false }
}
