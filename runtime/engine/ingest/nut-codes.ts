import type { ByteReader } from './byte-reader.ts'

/** Bits of a frame's flags (NUT specification, "frame_code"). */
export const FrameFlag = {
  CODED_PTS: 8,
  STREAM_ID: 16,
  SIZE_MSB: 32,
  CHECKSUM: 64,
  RESERVED: 128,
  SIDE_DATA: 256,
  HEADER_IDX: 1_024,
  MATCH_TIME: 2_048,
  CODED: 4_096,
  INVALID: 8_192,
} as const

/** What the first byte of a frame stands for. */
export interface FrameCode {
  flags: number
  stream: number
  ptsDelta: number
  sizeMul: number
  sizeLsb: number
  reserved: number
  elision: number
}

const CODES = 256
const STARTCODE_FIRST = 0x4e

/** The table of the main header: runs of codes that differ in the lowest part of the size only. */
export function readFrameCodes(input: ByteReader): FrameCode[] {
  const table: FrameCode[] = []
  let ptsDelta = 0
  let sizeMul = 1
  let stream = 0
  let elision = 0
  while (table.length < CODES) {
    const flags = input.number()
    const fields = input.number()
    if (fields > 0) ptsDelta = input.signed()
    if (fields > 1) sizeMul = input.number()
    if (fields > 2) stream = input.number()
    const sizeFirst = fields > 3 ? input.number() : 0
    const reserved = fields > 4 ? input.number() : 0
    const count = fields > 5 ? input.number() : sizeMul - sizeFirst
    if (fields > 6) input.signed()
    if (fields > 7) elision = input.number()
    for (let i = 8; i < fields; i++) input.number()
    for (let j = 0; j < count && table.length < CODES; j++) {
      if (table.length === STARTCODE_FIRST) table.push(invalid)
      if (table.length < CODES) {
        table.push({ flags, stream, ptsDelta, sizeMul, sizeLsb: sizeFirst + j, reserved, elision })
      }
    }
    if (count <= 0) throw new Error('a NUT frame code table that does not advance')
  }
  return table
}

const invalid: FrameCode = {
  flags: FrameFlag.INVALID,
  stream: 0,
  ptsDelta: 0,
  sizeMul: 1,
  sizeLsb: 0,
  reserved: 0,
  elision: 0,
}
