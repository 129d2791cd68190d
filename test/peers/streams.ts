import { readFileSync } from 'node:fs'
import type { Content } from './content.ts'

/** One unit to send: a picture (its NAL units without start codes) or an AAC frame, due `at` seconds into the loop. */
export type Unit =
  | { at: number; kind: 'video'; nals: Buffer[]; key: boolean }
  | { at: number; kind: 'audio'; frame: Buffer }

/** Camera content in memory, in the order of sending, with what a session description needs to know. */
export interface Streams {
  units: Unit[]
  /** Seconds of one loop. */
  length: number
  sps: Buffer
  pps: Buffer
}

const NAL = { idr: 5, sps: 7, pps: 8, delimiter: 9 }
export const nalType = (nal: Buffer): number => (nal[0] ?? 0) & 0x1f

export function readStreams(content: Content): Streams {
  const pictures = accessUnits(nalUnits(readFileSync(content.video)))
  const first = content.primingFrames
  const sound = adtsFrames(readFileSync(content.audio)).slice(first, first + content.audioFrames)
  const units: Unit[] = [
    ...pictures.map((nals, n): Unit => ({ at: n / content.fps, kind: 'video', nals, key: nals.some(isIdr) })),
    ...sound.map((frame, n): Unit => ({ at: (n * 1_024) / 48_000, kind: 'audio', frame })),
  ].sort((a, b) => a.at - b.at)
  const find = (type: number) => pictures[0]?.find(nal => nalType(nal) === type) ?? Buffer.alloc(0)
  return { units, length: pictures.length / content.fps, sps: find(NAL.sps), pps: find(NAL.pps) }
}

const isIdr = (nal: Buffer) => nalType(nal) === NAL.idr

/** The NAL units between the start codes of an Annex B stream (ITU-T H.264, annex B). */
function nalUnits(stream: Buffer): Buffer[] {
  const code = Buffer.from([0, 0, 1])
  const units: Buffer[] = []
  let start = stream.indexOf(code)
  while (start >= 0) {
    const next = stream.indexOf(code, start + 3)
    let end = next < 0 ? stream.length : next
    while (end > start + 3 && stream[end - 1] === 0) end--
    units.push(stream.subarray(start + 3, end))
    start = next
  }
  return units
}

/** Groups NAL units into pictures: each begins with a delimiter, which is not sent itself. */
function accessUnits(nals: Buffer[]): Buffer[][] {
  const pictures: Buffer[][] = []
  for (const nal of nals) {
    if (nalType(nal) === NAL.delimiter) pictures.push([])
    else pictures.at(-1)?.push(nal)
  }
  return pictures
}

/** AAC frames without their 7 byte ADTS headers (ISO/IEC 13818-7, 6.2). */
function adtsFrames(stream: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at + 7 <= stream.length; ) {
    const length = (stream.readUIntBE(at + 3, 3) >> 5) & 0x1fff
    frames.push(stream.subarray(at + 7, at + length))
    at += length
  }
  return frames
}
