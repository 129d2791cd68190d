/** Fills `target` from `offset` with up to `length` bytes, waiting for at least one; 0 means the end. */
export type ReadSome = (target: Uint8Array, offset: number, length: number) => number

/** Thrown at the end of the stream, wherever in a packet it comes. */
export class EndOfStream extends Error {}

/** Small on purpose: what is staged of a picture has to be copied, the rest goes straight to its place. */
const STAGE_BYTES = 64

/** Reads single bytes and NUT's variable-length numbers from a blocking source, and long payloads without a copy. */
export class ByteReader {
  /** Bytes handed out so far. */
  position = 0
  private readonly stage = new Uint8Array(STAGE_BYTES)
  private at = 0
  private end = 0
  private readonly readSome: ReadSome

  constructor(readSome: ReadSome) {
    this.readSome = readSome
  }

  byte(): number {
    if (this.at === this.end) this.fill()
    this.position++
    return this.stage[this.at++]
  }

  /** Unsigned number, seven bits a byte, the highest bit says that more follow (NUT specification, "v"). Up to 2^53. */
  number(): number {
    let value = 0
    for (;;) {
      const byte = this.byte()
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
  }

  /** Signed number (NUT specification, "s"). */
  signed(): number {
    const folded = this.number() + 1
    return folded % 2 === 1 ? -((folded - 1) / 2) : folded / 2
  }

  into(target: Uint8Array, offset: number, length: number): void {
    const staged = Math.min(length, this.end - this.at)
    for (let i = 0; i < staged; i++) target[offset + i] = this.stage[this.at + i]
    this.at += staged
    let done = staged
    while (done < length) {
      const got = this.readSome(target, offset + done, length - done)
      if (got === 0) throw new EndOfStream()
      done += got
    }
    this.position += length
  }

  bytes(length: number): Uint8Array {
    const target = new Uint8Array(length)
    this.into(target, 0, length)
    return target
  }

  skip(length: number): void {
    const scratch = new Uint8Array(Math.min(length, 65_536))
    for (let left = length; left > 0; left -= Math.min(left, scratch.length)) {
      this.into(scratch, 0, Math.min(left, scratch.length))
    }
  }

  private fill(): void {
    this.end = this.readSome(this.stage, 0, this.stage.length)
    this.at = 0
    if (this.end === 0) throw new EndOfStream()
  }
}
