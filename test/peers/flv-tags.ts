import { readFileSync } from 'node:fs'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { run } from './run.ts'

const KINDS: Record<number, FlvTag['kind']> = { 8: 'audio', 9: 'video', 18: 'script' }

/** The tags of an FLV file, read by a parser that shares nothing with the product's. */
export function tagsOf(file: string | Buffer): FlvTag[] {
  const bytes = typeof file === 'string' ? readFileSync(file) : file
  const tags: FlvTag[] = []
  let at = bytes.readUInt32BE(5) + 4
  while (at + 11 <= bytes.length) {
    const size = bytes.readUIntBE(at + 1, 3)
    const kind = KINDS[bytes.readUInt8(at)]
    if (!kind || at + 11 + size > bytes.length) break
    const data = bytes.subarray(at + 11, at + 11 + size)
    const header = kind !== 'script' && data[1] === 0
    const keyframe = kind === 'video' && !header && (data.readUInt8(0) & 0xf0) === 0x10
    const timestamp = bytes.readUIntBE(at + 4, 3) + bytes.readUInt8(at + 7) * 2 ** 24
    tags.push({ kind, timestamp, data, keyframe, header })
    at += 11 + size + 4
  }
  return tags
}

/** What an encoder of the show would send: H.264 with a keyframe each second and AAC, timestamps from 1000 ms. */
export async function encodedTags(seconds: number, kbits = 1_000): Promise<FlvTag[]> {
  const picture = `testsrc2=size=320x180:rate=30:duration=${seconds}`
  const sound = `sine=frequency=440:sample_rate=48000:duration=${seconds}`
  const rate = `${kbits}k`
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-sc_threshold', '0']
  const cbr = ['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate, '-x264-params', 'filler=1']
  const flv = await run('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
    ...['-pix_fmt', 'yuv420p', ...x264, ...cbr, '-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
    ...['-output_ts_offset', '1', '-flvflags', 'no_duration_filesize', '-f', 'flv', 'pipe:1'],
  ])
  const end = 1_000 + seconds * 1_000
  // Neither the encoder's end marker nor the sound that it puts before and behind, so that rounds fit together.
  const isEnd = (tag: FlvTag) => tag.kind === 'video' && tag.data[1] === 2
  const isMedia = (tag: FlvTag) => !tag.header && tag.kind !== 'script'
  return tagsOf(flv).filter(tag => !isMedia(tag) || (!isEnd(tag) && tag.timestamp >= 1_000 && tag.timestamp < end))
}
